"""The way in: whose page asks, who is signed in, how many there are already."""

import contextlib
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from itsdangerous import URLSafeTimedSerializer
from websocket import WebSocketBadStatusException

from tests.support.clients import Browser
from tests.support.running import PATIENT
from tests.support.servers import TINY, Servers, until


def status(browser, **options):
    """The HTTP status of a handshake that must not come to a 101."""
    with pytest.raises(WebSocketBadStatusException) as refusal:
        browser.knock(**options)
    return refusal.value.status_code


def code(browser, **options):
    """The code of the error that the refused handshake was answered with."""
    with pytest.raises(WebSocketBadStatusException) as refusal:
        browser.knock(**options)
    return json.loads(refusal.value.resp_body)["error"]["code"]


# Origin


@pytest.mark.parametrize(
    "change",
    [
        lambda own: None,
        lambda own: "",
        lambda own: "null",
        lambda own: "http://evil.example",
        lambda own: own + "0",
        lambda own: own + ".evil.example",
        lambda own: own.replace("127", "school.127"),
        lambda own: own.replace("http:", "https:"),
        lambda own: own.rpartition(":")[0],
        lambda own: own.rpartition(":")[0] + ":1",
        lambda own: own + "/",
        lambda own: own + " http://evil.example",
        lambda own: own.replace("127.0.0.1", "localhost"),
        lambda own: own.replace("http://", "http://user@"),
        lambda own: own.replace("http://", ""),
    ],
    ids=["absent", "empty", "null", "evil", "longer port", "suffix", "subdomain", "scheme",
         "no port", "port", "slash", "two", "other name", "user", "no scheme"],
)  # fmt: skip
def test_a_page_of_another_origin_gets_403_and_no_101(ana, change):
    origin = change(ana.server.origin)
    assert code(ana, origin=origin) == "origin"
    assert status(ana, origin=origin) == 403


def test_ones_own_origin_is_let_in_whatever_its_case(ana):
    ana.knock(origin=ana.server.origin.upper()).expect("hello")


# Who


def test_nobody_signed_in_is_told_4001_in_a_way_a_page_can_read(school):
    socket = Browser(school).knock()
    error = socket.expect("error")
    assert (error["code"], "ref" in error) == ("unauthorized", False)
    assert socket.closed() == 4001
    assert [frame["type"] for frame in socket.frames] == ["error"]


def test_a_forged_cookie_is_nobody(school):
    browser = Browser(school)
    browser.cookies["alderquay_session"] = "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.forged"
    assert browser.knock().closed() == 4001


def test_what_nobody_sends_behind_their_handshake_is_not_carried_out(school, ana):
    talk = ana.group("Nobody")
    socket = Browser(school).knock()
    socket.send({"type": "message.post", "ref": "1", "data": {"conversation": talk, "body": "x"}})
    assert socket.closed() == 4001
    assert [frame["type"] for frame in socket.frames] == ["error"]


def test_a_plain_request_is_no_handshake(ana):
    assert ana.request("GET", "/chat/ws", Origin=ana.server.origin).status in (400, 426)


# Cookies


def test_neither_the_socket_nor_the_api_sets_the_hosts_cookie(ana, ben):
    socket = ana.socket()
    assert "set-cookie" not in socket.headers
    talk = ana.group("Cookies", ben)
    for method, path, values in (
        ("GET", "/session", {}),
        ("POST", "/sync", {}),
        ("GET", "/sync?totals=1", {}),
        ("POST", "/ticket", {}),
        ("GET", "/people", {}),
        ("GET", f"/conversations/{talk}/messages", {}),
        ("PUT", f"/conversations/{talk}/read", {"seq": 0}),
        ("GET", "/conversations/0", {}),
    ):
        assert ana.api(method, path, **values).headers.get_all("Set-Cookie") is None, path


def test_an_answer_to_nobody_sets_no_cookie_either(school):
    answer = Browser(school).request("GET", "/chat/api/session")
    assert (answer.status, answer.headers.get_all("Set-Cookie")) == (401, None)
    assert answer.headers["Cache-Control"] == "no-store"


# The host's own before_request

UPGRADE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip


@pytest.fixture(scope="module")
def odd_host(tmp_path_factory, tiny_file):
    started = Servers(tmp_path_factory.mktemp("odd"))
    settings = {**PATIENT, "CHAT_TICKET_SECONDS": 1, "CHAT_HELLO_SECONDS": 0.5}
    yield started.start(started.copy_of(tiny_file), app=TINY, settings=settings)
    started.end_all()


def test_a_redirect_of_the_host_stays_a_redirect(odd_host, guests):
    (guest,) = guests(odd_host, 1)
    answer = guest.request("GET", "/chat/ws", X_Host="redirect", **UPGRADE)
    assert (answer.status, answer.headers["Location"]) == (302, "/elsewhere")


def test_an_error_of_the_host_stays_an_error(odd_host, guests):
    (guest,) = guests(odd_host, 1)
    assert status(guest, habit="error") == 500


def test_an_answer_of_the_host_holds_no_place_among_the_handshakes(odd_host, guests):
    (guest,) = guests(odd_host, 1)
    for _ in range(70):
        assert guest.request("GET", "/chat/ws", X_Host="redirect", **UPGRADE).status == 302
    guest.socket()


# Tickets, for clients without cookies


def ticket_of(guest):
    return guest.api("POST", "/ticket").json["ticket"]


def stranger(server):
    return Browser(server)


def test_a_ticket_in_the_first_frame_opens_the_socket(odd_host, guests):
    (guest,) = guests(odd_host, 1)
    socket = stranger(odd_host).knock(query="?auth=ticket")
    socket.tell("auth", ticket=ticket_of(guest))
    assert socket.expect("hello")["user"] == guest.id
    socket.fence()


@pytest.mark.raw_frames("a client without cookies has nothing to ask with")
def test_a_ticket_opens_a_socket_that_hears_and_speaks(odd_host, guests):
    guest, other = guests(odd_host, 2)
    talk = guest.group("Tickets", other)
    socket = stranger(odd_host).knock(query="?auth=ticket")
    socket.tell("auth", ticket=ticket_of(guest))
    socket.expect("hello")
    assert socket.post(talk, "By ticket")["data"]["message"]["author"]["id"] == guest.id
    assert socket.expect("message.posted")["data"]["body"] == "By ticket"


def forged(guest):
    return URLSafeTimedSerializer("another key", salt="flask_chat.ticket").dumps(guest.id)


def of_another_purpose(guest):
    return URLSafeTimedSerializer("tiny", salt="something else").dumps(guest.id)


def of_nobody(guest):
    return URLSafeTimedSerializer("tiny", salt="flask_chat.ticket").dumps("999999")


def of_no_person(guest):
    return URLSafeTimedSerializer("tiny", salt="flask_chat.ticket").dumps({"is": "no id"})


@pytest.mark.parametrize(
    "ticket",
    [forged, of_another_purpose, of_nobody, of_no_person, lambda guest: "x", lambda guest: 7],
)
def test_a_ticket_that_is_none_of_ours_ends_with_4001(odd_host, guests, ticket):
    (guest,) = guests(odd_host, 1)
    socket = stranger(odd_host).knock(query="?auth=ticket")
    socket.tell("auth", ticket=ticket(guest))
    assert socket.closed() == 4001
    assert [frame["type"] for frame in socket.frames] == ["error"]


@pytest.mark.parametrize("first", ['{"type":"typing","data":{}}', "{", "[]", '{"type":"auth"}'])
def test_a_first_frame_that_is_no_ticket_ends_with_4001(odd_host, first):
    socket = stranger(odd_host).knock(query="?auth=ticket")
    socket.send(first)
    assert socket.closed() == 4001


def test_a_ticket_that_is_too_old_ends_with_4001(odd_host, guests):
    (guest,) = guests(odd_host, 1)
    # Signed with the host's own key, as this host would have signed it a minute ago.
    signer = URLSafeTimedSerializer("tiny", salt="flask_chat.ticket")
    make = signer.make_signer

    def old(salt):
        made = make(salt)
        made.get_timestamp = lambda: int(time.time()) - 60
        return made

    signer.make_signer = old
    socket = stranger(odd_host).knock(query="?auth=ticket")
    socket.tell("auth", ticket=signer.dumps(guest.id))
    assert socket.closed() == 4001


def test_a_ticket_that_does_not_come_ends_with_4001(odd_host):
    begun = time.monotonic()
    socket = stranger(odd_host).knock(query="?auth=ticket")
    assert socket.closed() == 4001
    assert 0.4 < time.monotonic() - begun < 2


def test_a_ticket_made_before_its_person_signed_out_ends_with_4003(tiny, odd_host):
    guest = Browser(odd_host).sign_in("30")
    ticket = ticket_of(guest)
    guest.post_form("/logout")
    socket = stranger(odd_host).knock(query="?auth=ticket")
    socket.tell("auth", ticket=ticket)
    assert socket.closed() == 4003


def test_somebody_signed_in_needs_no_ticket(odd_host, guests):
    (guest,) = guests(odd_host, 1)
    guest.knock(query="?auth=ticket").expect("hello")


# How many, and for how long


@pytest.fixture(scope="module")
def narrow_host(tmp_path_factory, tiny_file):
    started = Servers(tmp_path_factory.mktemp("narrow"))
    settings = {
        **PATIENT,
        "CHAT_SOCKETS_PER_USER": 3, "CHAT_SOCKETS_PER_ADDRESS": 5, "CHAT_SOCKETS_PER_WORKER": 7,
    }  # fmt: skip
    yield started.start(started.copy_of(tiny_file), app=TINY, settings=settings)
    started.end_all()


@pytest.fixture
def crowd(narrow_host, guests):
    narrow_host.becomes(sockets=0)
    return guests(narrow_host, 4)


def test_of_too_many_sockets_of_one_person_the_oldest_ends_with_4009(crowd):
    first, second, third = [crowd[0].socket() for _ in range(3)]
    newest = crowd[0].socket()
    assert first.closed() == 4009
    for socket in (second, third, newest):
        socket.fence()


def test_more_sockets_than_an_address_may_have_are_answered_503(crowd, narrow_host):
    for guest in (crowd[0], crowd[0], crowd[1], crowd[1], crowd[2]):
        guest.socket()
    assert code(crowd[3]) == "unavailable"
    assert status(crowd[3]) == 503


def test_another_address_still_has_room(crowd, narrow_host):
    for guest in (crowd[0], crowd[0], crowd[1], crowd[1], crowd[2]):
        guest.socket()
    elsewhere = crowd[3].another()
    elsewhere.address = "127.0.0.2"
    elsewhere.socket()
    elsewhere.hang_up()


def test_more_sockets_than_a_worker_may_have_are_answered_503(crowd, narrow_host):
    elsewhere = crowd[3].another()
    elsewhere.address = "127.0.0.2"
    for guest in (crowd[0], crowd[0], crowd[1], crowd[1], elsewhere, elsewhere, elsewhere):
        guest.socket()
    assert status(crowd[2]) == 503
    elsewhere.hang_up()


def test_a_place_is_free_again_as_soon_as_a_socket_has_gone(crowd, narrow_host):
    for guest in (crowd[0], crowd[0], crowd[1], crowd[1], crowd[2]):
        guest.socket()
    crowd[0].hang_up()
    narrow_host.becomes(sockets=3)
    crowd[3].socket()


def test_a_refused_handshake_says_when_to_come_back(crowd):
    for guest in (crowd[0], crowd[0], crowd[1], crowd[1], crowd[2]):
        guest.socket()
    with pytest.raises(WebSocketBadStatusException) as refusal:
        crowd[3].knock()
    assert int(refusal.value.resp_headers["retry-after"]) >= 1


def test_nobody_signed_in_does_not_stay_counted(crowd, narrow_host):
    for _ in range(20):
        assert Browser(narrow_host).knock().closed() == 4001
    narrow_host.becomes(sockets=0)


def test_a_socket_is_asked_to_sign_in_anew_when_it_is_old(tiny, guests):
    server = tiny(CHAT_SOCKET_MAX_AGE=0.5)
    (guest,) = guests(server, 1)
    socket = guest.socket()
    assert socket.expect("bye")["retry_ms"] == [0, 1000]
    assert socket.closed() == 1012
    guest.socket()


def test_more_handshakes_than_may_be_under_way_wait_for_their_turn(
    tiny, guests, tmp_path, monkeypatch
):
    hold = tmp_path / "hold"
    monkeypatch.setenv("HOST_HOLD", str(hold))
    server = tiny(CHAT_HANDSHAKES=1)
    (guest,) = guests(server, 1)
    with ThreadPoolExecutor(3) as pool:
        with slow_handshake(guest, hold) as under_way:
            waiting = [pool.submit(guest.another().knock) for _ in range(3)]
            for _ in range(10):
                guest.another().api("GET", "/session")  # pages are served meanwhile
            assert not any(knock.done() for knock in waiting)
        for knock in (under_way, *waiting):
            knock.result().expect("hello")


@contextlib.contextmanager
def slow_handshake(guest, hold):
    """A handshake that the host is slow to look at, until the file is gone."""
    hold.touch()
    with ThreadPoolExecutor(1) as pool:
        knocking = pool.submit(guest.knock, habit="slow")
        for _ in until(5, "the handshake did not arrive"):
            if hold.with_suffix(".reached").exists():
                break
        try:
            yield knocking
        finally:
            hold.unlink(missing_ok=True)
