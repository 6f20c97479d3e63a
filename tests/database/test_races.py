"""Many at once: no gap in the numbers, one row for one thing, nobody missed or told too much."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import insert

from flask_chat.errors import ChatError, NotFound
from flask_chat.services import conversations, history, leases, members, posting, reads

WRITERS = 16


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run these in threads that start together; what each returned or raised."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait(timeout=20)
        try:
            results[place] = act()
        except Exception as problem:  # noqa: BLE001 - for the test to look at
            results[place] = problem

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def assert_none_failed(results: list[object]) -> None:
    assert not [result for result in results if isinstance(result, Exception)], results


def persistent(act: Callable[[], object]) -> object:
    """As a client does: told that the database is busy, it comes again."""
    while True:
        try:
            return act()
        except ChatError as problem:
            if problem.retry_after is None:
                raise


def write_five(host, person, group) -> list[dict]:
    marks = [f"note-{number}-of-{person.id}" for number in range(5)]
    return [persistent(partial(host.post, person, group, client_id=mark)) for mark in marks]


def test_two_tabs_send_the_same_message_at_once(host):
    ana, ben = host.people("Ana", "Ben")
    direct = host.direct(ana, ben)
    for number in range(20):
        mark = f"from-two-tabs-{number}"
        send = partial(
            host.do, posting.post_message, ana.identity, direct, body="Hello", client_id=mark
        )
        results = at_once(send, send)
        assert_none_failed(results)
        assert sorted(posted.created for posted in results) == [False, True]
    assert [row["seq"] for row in host.rows("chat_message", order="seq")] == list(range(1, 21))


def test_sixteen_writers_number_without_a_gap_and_in_the_order_of_their_commits(make_host):
    host = make_host(SQLALCHEMY_ENGINE_OPTIONS={"pool_size": WRITERS})
    people = host.people(*(f"Writer {number}" for number in range(WRITERS)))
    group = host.group(*people)
    with host.talk.events() as events:
        results = at_once(*(partial(write_five, host, person, group) for person in people))
    assert_none_failed(results)
    stored = host.rows("chat_message", order="seq")
    assert [row["seq"] for row in stored] == list(range(1, WRITERS * 5 + 1))
    assert [row["change"] for row in stored] == [row["seq"] + 1 for row in stored]
    assert len(events) == WRITERS * 5
    for result in results:
        own = [message["seq"] for message in result]
        assert own == sorted(own)


def test_whoever_has_seen_a_message_has_seen_all_before_it(make_host):
    """A reader beside the writers never finds a number before the one below it."""
    host = make_host(SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 10})
    people = host.people("Ana", "Ben", "Cem", "Dan")
    group = host.group(*people)
    done = threading.Event()
    seen: list[list[int]] = []

    def read() -> None:
        while not done.is_set():
            page = host.do(history.read_history, people[0].identity, group, limit=200)
            seen.append([message["seq"] for message in page["messages"]])

    def write(person) -> None:
        for _ in range(15):
            persistent(lambda: host.post(person, group))

    reader = threading.Thread(target=read)
    reader.start()
    results = at_once(*(lambda person=person: write(person) for person in people))
    done.set()
    reader.join()
    assert_none_failed(results)
    assert all(page == list(range(1, len(page) + 1)) for page in seen)


def test_two_people_open_their_conversation_at_once(host):
    ana = host.person("Ana")
    for number in range(10):
        other = host.person(f"Person {number}")
        results = at_once(
            lambda other=other: host.do(conversations.open_direct, ana.identity, other.id),
            lambda other=other: host.do(conversations.open_direct, other.identity, ana.id),
        )
        assert_none_failed(results)
        assert len({opened.conversation["id"] for opened in results}) == 1
        assert sorted(opened.created for opened in results) == [False, True]
    assert len(host.rows("chat_conversation")) == 10


ROUNDS = 100


@pytest.fixture
def crowd(host):
    ana, ben, cem = host.people("Ana", "Ben", "Cem")
    return host, ana, ben, cem, host.group(ana, ben)


def test_a_post_that_races_an_addition_is_seen_or_told(crowd):
    """Whoever is added while somebody writes reads every message in history or gets its event, and
    is told of every message that comes after them."""
    host, ana, ben, cem, group = crowd
    for _ in range(ROUNDS):
        with host.talk.events() as events:
            results = at_once(
                lambda: host.post(ben, group),
                lambda: host.do(members.add_members, ana.identity, group, [cem.id]),
            )
        assert_none_failed(results)
        sent, since = results[0]["seq"], results[1][0]["since_seq"]
        told = any(sent_to(entry, cem) == ("message.posted", sent) for entry in events)
        assert told == (sent >= since)
        host.remove(ana, group, cem)


def test_a_post_that_races_a_removal_does_not_reach_the_removed(crowd):
    host, ana, ben, cem, group = crowd
    for _ in range(ROUNDS):
        host.add(ana, group, cem)
        with host.talk.events() as events:
            results = at_once(
                lambda: host.post(ben, group),
                lambda: host.do(members.remove_member, ana.identity, group, cem.id),
            )
        assert_none_failed(results)
        left = next(frame_of(e)["change"] for e in events if frame_of(e)["type"] == "member.left")
        beyond = [
            frame_of(entry)["type"]
            for entry in events
            if cem.id in entry.audience.people and frame_of(entry).get("change", 0) > left
        ]
        assert beyond == []


def test_a_removed_member_who_writes_at_that_moment_writes_before_or_not_at_all(crowd):
    host, ana, _, cem, group = crowd
    for number in range(ROUNDS // 3):
        host.add(ana, group, cem)
        posted, removed = at_once(
            lambda number=number: host.post(cem, group, client_id=f"last-words-{number}"),
            lambda: host.do(members.remove_member, ana.identity, group, cem.id),
        )
        assert removed is None
        assert isinstance(posted, NotFound) or posted["seq"] > 0
    stored = [row["seq"] for row in host.rows("chat_message", order="seq")]
    assert stored == list(range(1, len(stored) + 1))


def test_two_owners_who_leave_at_once_leave_an_owner(host):
    for number in range(15):
        people = host.people(*(f"{name} {number}" for name in ("Ana", "Ben", "Cem")))
        group = host.group(*people)
        host.do(members.appoint_member, people[0].identity, group, people[1].id, owner=True)
        results = at_once(*(partial(host.remove, one, group, one) for one in people[:2]))
        assert_none_failed(results)
        rows = host.rows("chat_member", f"conversation_id = {group} AND left_at IS NULL")
        assert [(row["user_id"], bool(row["owner"])) for row in rows] == [(people[2].key, True)]


def test_marks_that_race_keep_the_highest(host):
    ana, ben = host.people("Ana", "Ben")
    direct = host.direct(ana, ben)
    for _ in range(8):
        host.post(ben, direct)
    results = at_once(
        *(
            lambda seq=seq: persistent(
                lambda: host.do(reads.mark_read, ana.identity, direct, seq=seq)
            )
            for seq in (3, 8, 5, 1)
        )
    )
    assert_none_failed(results)
    assert host.do(reads.mark_read, ana.identity, direct, seq=0)["read_seq"] == 8


def frame_of(entry) -> dict:
    return json.loads(entry.frame)


def sent_to(entry, person) -> tuple[str, int] | None:
    if person.id not in entry.audience.people:
        return None
    frame = frame_of(entry)
    return frame["type"], frame["data"].get("seq", 0)


def test_two_of_the_hosts_transactions_open_the_same_direct_conversation(host):
    """The second one waits for the first, and goes on with what it has made."""
    ana, ben = host.people("Ana", "Ben")
    found, opened = [], threading.Event()

    def first() -> None:
        with host.app.app_context():
            found.append(host.chat.open_direct(host.user(ana), host.user(ben)))
            opened.set()
            # Long enough for the second one to have asked, and to be in the wait.
            second.join(0.5)
            host.db.session.commit()

    def then() -> None:
        opened.wait(10)
        with host.app.app_context():
            one, other = host.user(ben), host.user(ana)
            found.append(host.chat.open_direct(one, other))
            host.db.session.commit()

    second = threading.Thread(target=then)
    second.start()
    first()
    second.join(20)
    assert len(found) == 2
    assert len(set(found)) == 1


@pytest.mark.parametrize(("silent", "taken"), [(31, True), (5, False)])
def test_the_lease_of_one_that_looks_for_all_and_is_stopped_is_taken_over(host, silent, taken):
    """It lives, for the system, and does nothing. Only its silence tells."""
    with subprocess.Popen(["sleep", "60"]) as stopped:
        holder = leases.me(stopped.pid)
        for name in (leases.RECONCILER, leases.SOCKETS):
            with host.app.app_context():
                table = host.app.extensions["chat"].models.Lease.__table__
                seen = datetime.now(UTC) - timedelta(seconds=silent)
                row = insert(table).values(name=name, holder=holder, seen_at=seen)
                host.db.session.execute(row)
                host.db.session.commit()
        assert host.do(leases.take, leases.RECONCILER) is taken
        assert host.do(leases.take, leases.SOCKETS) is False
        stopped.kill()
