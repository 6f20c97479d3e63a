"""Who signs out, is closed or is deleted at the host loses every socket at once, and hears nothing
that comes after."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.clients import Browser
from tests.support.servers import until


def test_signing_out_in_one_tab_ends_all_sockets_within_a_second(school, ana):
    leaver = Browser(school).sign_in("student")
    sockets = [leaver.socket(), leaver.another().socket(), leaver.another().socket()]
    assert leaver.post_form("/logout").status == 302
    begun = time.monotonic()
    assert [socket.closed() for socket in sockets] == [4003] * 3
    assert time.monotonic() - begun < 1
    assert leaver.api("GET", "/session").status == 401
    assert leaver.knock().closed() == 4001


def test_nothing_is_heard_after_signing_out(school, ana):
    leaver = Browser(school).sign_in("registrar")
    talk = ana.group("After you", leaver)
    socket, watching = leaver.socket(), ana.socket()
    ana.post(talk, "Still here")
    socket.expect("message.posted")
    leaver.post_form("/logout")
    ana.post(talk, "Gone")
    watching.expect("message.posted", change=3)
    assert socket.closed() == 4003
    assert [event["data"]["body"] for event in socket.events] == ["Still here"]


def test_another_browser_of_the_same_person_comes_back(school):
    here, phone = Browser(school).sign_in("o003"), Browser(school).sign_in("o003")
    there = phone.socket()
    here.post_form("/logout")
    assert there.closed() == 4003
    assert phone.api("GET", "/session").status == 200
    phone.socket().fence()


def test_signing_out_harms_nobody_else(school, ana):
    other = ana.socket()
    Browser(school).sign_in("guardian").post_form("/logout")
    other.fence()
    assert other.is_open


def test_somebody_deactivated_is_out_everywhere(school, visitors, ana):
    registrar, leaver = visitors(school, "registrar"), Browser(school).sign_in("t005")
    socket = leaver.socket()
    assert registrar.post_form(f"/registrar/people/{leaver.id}/deactivate").status == 302
    assert socket.closed(within=1) == 4003
    assert leaver.api("GET", "/session").status == 401
    assert leaver.knock().closed() == 4001


def test_somebody_deactivated_can_be_written_to_no_more(school, visitors, ana):
    registrar, leaver = visitors(school, "registrar"), Browser(school).sign_in("t006")
    talk = ana.direct(leaver)
    ana.post(talk, "See you tomorrow")
    registrar.post_form(f"/registrar/people/{leaver.id}/deactivate")
    assert ana.socket().post(talk, "Hello?")["code"] == "forbidden"


@pytest.mark.raw_frames("who it was can no longer be asked")
def test_somebody_deleted_is_out_and_their_words_stay_without_a_name(school, visitors, ana, ben):
    registrar, leaver = visitors(school, "registrar"), Browser(school).sign_in("t007")
    talk = ana.group("Memories", leaver, ben)
    leaver.post(talk, "I was here")
    socket, watching = leaver.socket(), ana.socket()
    assert registrar.post_form(f"/registrar/people/{leaver.id}/delete").status == 302
    assert socket.closed(within=1) in (4001, 4003)
    left = watching.expect("member.left", conversation=talk)
    assert [(m["id"], m["left"]) for m in left["data"]["members"]] == [(leaver.id, True)]
    (message,) = ana.history(talk)
    assert (message["author"], message["body"]) == (None, "I was here")
    members = ana.api("GET", f"/conversations/{talk}/members").json["members"]
    assert {member["id"] for member in members} == {ana.id, ben.id}
    assert leaver.api("GET", "/session").status == 401


def test_a_deletion_that_the_host_rolls_back_is_told_to_nobody(school, visitors, ana):
    registrar, stays = visitors(school, "registrar"), Browser(school).sign_in("t008")
    talk, socket = ana.group("Staying", stays), stays.socket()
    # Without the form's token the host refuses before anything is done.
    refused = registrar.post_form(f"/registrar/people/{stays.id}/delete", {"csrf_token": "wrong"})
    assert refused.status == 400
    socket.fence()
    assert socket.is_open
    assert socket.events_of(talk) == []


def test_a_handshake_that_races_the_signing_out_is_closed(tiny, guests, tmp_path, monkeypatch):
    hold = tmp_path / "hold"
    monkeypatch.setenv("HOST_HOLD", str(hold))
    server = tiny()
    (guest,) = guests(server, 1)
    hold.touch()
    with ThreadPoolExecutor(1) as pool:
        racing = pool.submit(guest.another().knock, habit="slow")
        for _ in until(5, "the handshake did not arrive"):
            if hold.with_suffix(".reached").exists():
                break
        guest.post_form("/logout")
        hold.unlink()
        socket = racing.result(5)
    assert socket.closed() == 4003
    assert "message.posted" not in [frame["type"] for frame in socket.frames]


def test_the_sweep_ends_the_sockets_of_those_closed_behind_our_back(tiny, guests, servers):
    server = tiny(CHAT_SWEEP_SECONDS=0.2)
    guest, other = guests(server, 2)
    socket, stays = guest.socket(), other.socket()
    server.execute('UPDATE "user" SET active = false WHERE id = 1')
    assert socket.closed() == 4003
    stays.fence()


def test_the_sweep_ends_the_memberships_of_those_deleted_behind_our_back(tiny, guests):
    server = tiny(CHAT_SWEEP_SECONDS=0.2)
    guest, other = guests(server, 2)
    talk = other.group("Left behind", guest)
    socket, watching = guest.socket(), other.socket()
    server.execute('DELETE FROM "user" WHERE id = 1')
    assert socket.closed() in (4001, 4003)
    for _ in until(5, "nothing of it was told"):
        if [event for event in watching.events_of(talk) if event["change"] == 2]:
            break
    members = other.api("GET", f"/conversations/{talk}/members").json["members"]
    assert [member["id"] for member in members] == [other.id]


def test_the_command_of_somebody_just_deactivated_ends_the_socket(tiny, guests):
    """Between the host's commit and the sweep, every command asks anew."""
    server = tiny()
    guest, other = guests(server, 2)
    talk, socket = other.group("Soon", guest), guest.socket()
    server.execute('UPDATE "user" SET active = false WHERE id = 1')
    socket.begin("message.post", conversation=talk, body="Late", client_id="late-late-late")
    assert socket.closed() == 4001
    assert other.history(talk) == []
