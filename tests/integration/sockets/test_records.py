"""Conversations about host records: open pages follow the host's rows, whatever moves them."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.clients import Browser, new_client_id
from tests.support.running import PATIENT
from tests.support.servers import Servers

APPLICATION = 1
ABOUT_IT = {"kind": "subject", "subject": {"kind": "application", "id": str(APPLICATION)}}


@pytest.fixture
def office(seeded_file, servers: Servers):
    """A school of one's own, for these tests change who may do what."""
    return servers.start(
        servers.copy_of(seeded_file), settings={**PATIENT, "CHAT_SWEEP_SECONDS": 1}
    )


@pytest.fixture
def registrar(office):
    return Browser(office).sign_in("registrar")


@pytest.fixture
def teacher(office):
    return Browser(office).sign_in("teacher")


@pytest.fixture
def thread(registrar):
    return open_it(registrar)


def open_it(who):
    answer = who.api("POST", "/conversations", **ABOUT_IT)
    assert answer.status in (200, 201)
    return answer.json["conversation"]["id"]


def change_role(registrar, person, role):
    answer = registrar.post_form(f"/registrar/people/{person.id}/role", {"role": role})
    assert answer.status == 302


def test_what_the_office_does_is_seen_at_once(registrar, thread):
    socket = registrar.socket()
    path = f"/registrar/applications/{APPLICATION}/status"
    registrar.post_form(path, {"status": "interview"})
    event = socket.expect("message.posted", conversation=thread)
    assert event["data"]["body"] == "The application is now “Interview”."
    assert event["data"]["kind"] == "system"
    head = socket.expect("conversation.changed", conversation=thread)
    assert {"label": "Status", "value": "Interview"} in head["data"]["subject"]["details"]


def test_a_newcomers_page_gets_the_conversation_with_the_hosts_commit(registrar, teacher, thread):
    registrar.post(thread, "Who knows this child?")
    assert teacher.api("GET", f"/conversations/{thread}").status == 404
    socket = teacher.socket()
    begun = time.monotonic()
    change_role(registrar, teacher, "registrar")
    assert socket.expect("resync")
    assert time.monotonic() - begun < 1
    assert [m["body"] for m in teacher.history(thread)] == ["Who knows this child?"]
    registrar.post(thread, "Welcome")
    event = socket.expect("message.posted", conversation=thread, change=3)
    assert event["data"]["body"] == "Welcome"


def test_who_is_out_by_the_hosts_rows_hears_nothing_more(registrar, office, thread):
    leaver = Browser(office).sign_in("teacher")
    change_role(registrar, leaver, "registrar")
    socket, watching = leaver.socket(), registrar.socket()
    registrar.post(thread, "Still here")
    socket.expect("message.posted", conversation=thread)
    change_role(registrar, leaver, "teacher")
    registrar.post(thread, "Gone")
    watching.expect("message.posted", conversation=thread, change=3)
    assert socket.expect("resync")
    socket.fence()
    heard = [e["data"]["body"] for e in socket.events_of(thread) if e["type"] == "message.posted"]
    assert heard == ["Still here"]
    place = f"/conversations/{thread}/messages"
    assert leaver.api("POST", place, body="?", client_id=new_client_id()).status == 404
    assert leaver.api("GET", f"/conversations/{thread}").status == 404


def test_a_bulk_change_in_the_database_is_noticed_by_the_sweep(office, registrar, teacher, thread):
    registrar.post(thread, "Hello?")
    socket = teacher.socket()
    office.execute(f"UPDATE users SET role = 'registrar' WHERE id = {teacher.id}")
    # From the commit on they may; the open page is told within the sweep.
    assert [m["body"] for m in teacher.history(thread)] == ["Hello?"]
    assert socket.expect("resync", within=3)


def test_two_who_open_it_at_one_moment_get_the_same(office, registrar, teacher):
    change_role(registrar, teacher, "registrar")
    with ThreadPoolExecutor(4) as pool:
        opened = pool.map(open_it, [registrar, teacher, registrar.another(), teacher.another()])
        assert len(set(opened)) == 1
