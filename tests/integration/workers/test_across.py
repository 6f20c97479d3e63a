"""Three workers, one chat: whoever has the socket, everybody is told. Part of fault 20."""

import contextlib
import json
import time

import pytest

from tests.support.clients import Browser, new_client_id
from tests.support.pace import paced
from tests.support.servers import until


@pytest.fixture(scope="module")
def workers(crew):
    return crew(3, CHAT_RATE_OPENINGS="20 per minute")


@pytest.fixture(scope="module")
def at_desk(workers):
    return {number: Browser(workers).sign_in(str(number)) for number in range(1, 7)}


@pytest.fixture
def ana(at_desk):
    return at_desk[1]


@pytest.fixture
def ben(at_desk):
    return at_desk[2]


@pytest.fixture
def talk(ana, ben):
    return ana.group("Everywhere", ben)


def test_a_message_reaches_the_sockets_at_every_worker_once_and_in_order(workers, ana, ben, talk):
    sender, receivers = ana.socket(), workers.sockets_everywhere(ben)
    for number in range(30):
        assert sender.post(talk, f"{number}")["type"] == "reply"
    for socket in receivers.values():
        for number in range(30):
            socket.expect("message.posted", conversation=talk, change=number + 2)
        socket.fence()
        posted = [e for e in socket.events_of(talk) if e["type"] == "message.posted"]
        bodies = [event["data"]["body"] for event in posted]
        assert bodies == [f"{number}" for number in range(30)]


def test_writers_at_every_worker_are_heard_by_all_complete(workers, ana, ben, talk, follow):
    tab = follow(ben, talk)
    writers = workers.sockets_everywhere(ana)
    refs = {
        (socket, socket.begin(
            "message.post", conversation=talk, body=f"{worker} {number}", client_id=new_client_id()
        ))
        for number in range(15) for worker, socket in writers.items()
    }  # fmt: skip
    assert {socket.answer(ref, 20)["type"] for socket, ref in refs} == {"reply"}
    tab.wait_for(*(f"{worker} {number}" for worker in writers for number in range(15)))
    assert tab.shown() == [message["body"] for message in ben.history(talk)]


def test_typing_reaches_other_workers(workers, ana, ben, talk):
    sockets = workers.sockets_everywhere(ben)
    writer = ana.socket()
    for _ in until(paced(100), "nobody saw the typing"):
        writer.tell("typing", conversation=talk)
        writer.fence()
        if all(any(f["type"] == "typing" for f in socket.frames) for socket in sockets.values()):
            return


def test_presence_is_one_for_all_workers(workers, at_desk):
    watcher, watched = at_desk[3], at_desk[4]
    one, other, *_ = sorted(workers.pids())
    watching = workers.socket_at(watcher, one)
    watching.tell("presence.watch", people=[watched.id])
    watching.expect("presence", data={"people": {watched.id: "offline"}})
    there = workers.socket_at(watched, other)
    watching.expect("presence", data={"people": {watched.id: "online"}})
    late = workers.socket_at(at_desk[5], one)
    late.tell("presence.watch", people=[watched.id])
    late.expect("presence", data={"people": {watched.id: "online"}})
    there.hang_up()
    watching.expect("presence", data={"people": {watched.id: "offline"}})


def test_who_lists_the_sockets_of_all_workers(workers, at_desk):
    somebody = at_desk[6]
    workers.sockets_everywhere(somebody)
    for _ in until(paced(100)):
        rows = json.loads(workers.flask("chat", "who", "--json"))
        if len([row for row in rows if row["user"] == somebody.id]) == 3:
            return
    raise AssertionError(rows)


def test_fault_20_signing_out_ends_the_sockets_at_all_workers_within_a_second(
    workers, ana, record_property
):
    tab, phone = Browser(workers).sign_in("7"), Browser(workers).sign_in("7")
    talk = ana.group("Signing out", tab)
    sockets = [
        *workers.sockets_everywhere(tab).values(),
        *workers.sockets_everywhere(phone).values(),
    ]
    begun = time.monotonic()
    tab.post_form("/logout")
    assert [socket.closed() for socket in sockets] == [4003] * 6
    seconds = time.monotonic() - begun
    record_property("seconds", round(seconds, 3))
    assert seconds < 1
    ana.post(talk, "After the end")
    assert not any(event for socket in sockets for event in socket.events_of(talk)
                   if event["type"] == "message.posted")  # fmt: skip
    out = tab.knock()
    assert (out.expect("error")["code"], out.closed()) == ("unauthorized", 4001)
    phone.socket().fence()


def test_a_sign_out_by_the_host_reaches_all_workers(workers, ana):
    somebody = Browser(workers).sign_in("8")
    sockets = workers.sockets_everywhere(somebody)
    ana.post_form(f"/people/{somebody.id}/sign-out")
    assert {socket.closed(2) for socket in sockets.values()} == {4003}


def test_somebody_deleted_is_out_at_all_workers(workers, ana):
    somebody = Browser(workers).sign_in("9")
    sockets = workers.sockets_everywhere(somebody)
    ana.post_form(f"/people/{somebody.id}/delete")
    assert {socket.closed(2) for socket in sockets.values()} == {4001}


def test_somebody_removed_hears_nothing_more_at_any_worker(workers, ana, ben, talk):
    sockets = workers.sockets_everywhere(ben)
    assert ana.api("DELETE", f"/conversations/{talk}/members/{ben.id}").status == 200
    for socket in sockets.values():
        socket.expect("member.left", conversation=talk)
    ana.post(talk, "Not for them")
    for socket in sockets.values():
        socket.fence()
        assert [event["type"] for event in socket.events_of(talk)] == ["member.left"]


def test_a_persons_limits_hold_over_all_workers(workers):
    somebody = Browser(workers).sign_in("10")
    answers = [
        somebody.api("POST", "/conversations", kind="group", title="Many", members=[])
        for _ in range(30)
    ]
    assert [answer.status for answer in answers] == [201] * 20 + [429] * 10
    assert 50 < int(answers[-1].headers["Retry-After"]) <= 60


def test_what_the_command_line_writes_reaches_every_worker(workers, ana, ben, talk):
    sockets = workers.sockets_everywhere(ben)
    workers.flask("chat", "send", "--conversation", talk, "--as", ana.id, "From the shell")
    for socket in sockets.values():
        with contextlib.suppress(AssertionError):
            socket.expect("message.posted", within=1, conversation=talk)
            continue
        socket.expect("tick", conversation=talk)
