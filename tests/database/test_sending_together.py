"""Messages that go together in one transaction: as if each had come alone."""

from __future__ import annotations

import itertools
import threading
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flask_chat import signals
from flask_chat.errors import ChatError
from flask_chat.services import history, messages, posting
from flask_chat.services.posting import Draft, Posted
from tests.database.test_races import assert_none_failed, at_once, persistent
from tests.support.servers import until

PLACES = ("group", "direct", "others", "nowhere")
drafts = st.lists(
    st.tuples(
        st.sampled_from(["ana", "ben", "gone"]),
        st.sampled_from(PLACES),
        st.sampled_from(["Hello", "Good morning"]),
        st.integers(0, 3),  # the client_id: few, so that there are repetitions
        st.sampled_from([None, "known", "unknown"]),
    ),
    min_size=2,
    max_size=12,
)
numbers = itertools.count(1)


class World:
    """People and their conversations; one world is like the other."""

    def __init__(self, host) -> None:
        self.host, self.prefix = host, f"world-{next(numbers)}"
        ana, ben, cem, dot = host.people("Ana", "Ben", "Cem", "Dot")
        self.people = {"ana": ana, "ben": ben, "gone": dot}
        self.places = {
            "group": host.group(ana, ben, dot),
            "direct": host.direct(ana, ben),
            "others": host.group(cem),
            "nowhere": 2**40 + next(numbers),
        }
        first = host.post(ana, self.places["group"], "The first")
        self.replies = {None: None, "known": int(first["id"]), "unknown": 2**40}
        host.execute("UPDATE person SET active = :no WHERE person_no = :key", no=False, key=dot.key)

    def draft(self, who, place, body, number, reply) -> Draft:
        return Draft(
            self.people[who].identity, self.places[place], body,
            f"{self.prefix}-{number}", self.replies[reply], f"{place} {body} {reply}",
        )  # fmt: skip

    def send(self, batch) -> list[object]:
        """Together; what has to be repeated, afterwards."""
        sent = [self.draft(*values) for values in batch]
        outcomes = self.host.do(posting.post_all, sent)
        return [
            told(outcome if outcome is not None else self.host.do(posting.post_all, [draft])[0])
            for draft, outcome in zip(sent, outcomes, strict=True)
        ]

    def stored(self) -> dict[str, list[tuple]]:
        """What stands in each conversation."""
        names = {person.key: name for name, person in self.people.items()}
        return {
            place: [
                (names[row["author_id"]], row["body"], row["client_id"].removeprefix(self.prefix))
                for row in self.host.rows("chat_message", f"conversation_id = {key}", "seq")
                if row["body"] != "The first"
            ]
            for place, key in self.places.items()
        }

    def numbers(self) -> list[list[tuple[int, int]]]:
        return [
            [
                (row["seq"], row["change"])
                for row in self.host.rows("chat_message", f"conversation_id = {key}", "seq")
            ]
            for key in self.places.values()
        ]

    def counters(self) -> list[tuple[int, int]]:
        keys = ", ".join(str(key) for key in self.places.values())
        rows = self.host.rows("chat_conversation", f"id IN ({keys})", "id")
        return [(row["last_seq"], row["last_change"]) for row in rows]


def told(outcome: Posted | ChatError | None) -> object:
    assert outcome is not None, "alone, each has an answer"
    if isinstance(outcome, ChatError):
        return outcome.code
    return outcome.created, outcome.message["body"], outcome.message["author"]["name"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=drafts)
def test_together_comes_to_the_same_as_one_by_one(host, batch):
    together, alone = World(host), World(host)
    answers = together.send(batch)
    assert answers == [alone.send([values])[0] for values in batch]
    # Repetitions that the first of their mark did not settle come after the others.
    assert {place: sorted(rows) for place, rows in together.stored().items()} == {
        place: sorted(rows) for place, rows in alone.stored().items()
    }
    for found in together.numbers():
        assert [seq for seq, _ in found] == list(range(1, len(found) + 1))
        assert [change for _, change in found] == list(range(2, len(found) + 2))
    assert together.counters() == alone.counters()


class Company:
    """Many who write at the same moment, in threads."""

    def __init__(self, host) -> None:
        self.host = host
        self.ana, self.ben = host.people("Ana", "Ben")
        self.group = host.group(self.ana, self.ben)
        self.batches: list[int] = []

    def count(self, monkeypatch) -> None:
        """Remember how many went together."""
        sends, batches = self.host.app.extensions["chat"].sends, self.batches
        verb = sends._verb

        def counted(drafts):
            batches.append(len(drafts))
            return verb(drafts)

        monkeypatch.setattr(sends, "_verb", counted)

    def write(self, *marks: str) -> list[object]:
        return at_once(
            *(
                partial(
                    persistent,
                    partial(self.host.post, self.ana, self.group, body=mark, client_id=mark),
                )
                for mark in marks
            )
        )


@pytest.fixture
def company(host):
    return Company(host)


MARKS = [f"one-of-many-{number}" for number in range(24)]


def test_many_at_one_moment_need_fewer_transactions(company, monkeypatch):
    company.count(monkeypatch)
    assert_none_failed(company.write(*MARKS))
    rows = company.host.rows("chat_message", order="seq")
    assert sorted(row["client_id"] for row in rows) == sorted(MARKS)
    assert [row["seq"] for row in rows] == list(range(1, len(MARKS) + 1))
    assert sum(company.batches) == len(MARKS)
    assert max(company.batches) > 1


def test_one_that_the_database_refuses_harms_no_other(company, monkeypatch):
    """What no check of ours foresees, as the host's own trigger might."""
    insert = posting._insert

    def picky(rows):
        bad = [row for row in rows if row["body"] == MARKS[7]]
        for row in bad:
            row["kind"] = None  # NOT NULL: the database's own error
        return insert(rows)

    company.count(monkeypatch)
    monkeypatch.setattr(posting, "_insert", picky)
    results = dict(zip(MARKS, company.write(*MARKS), strict=True))
    failed = {mark for mark, result in results.items() if isinstance(result, Exception)}
    assert failed == {MARKS[7]}
    rows = company.host.rows("chat_message", order="seq")
    assert {row["client_id"] for row in rows} == set(MARKS) - failed
    assert [row["seq"] for row in rows] == list(range(1, len(MARKS)))


def test_edits_and_reads_beside_it_wait_for_nobody_for_ever(company):
    host, group = company.host, company.group
    first = int(host.post(company.ben, group, "First")["id"])

    acts = [partial(persistent, partial(host.post, company.ana, group, client_id=m)) for m in MARKS]
    beside = [
        partial(
            persistent,
            partial(
                host.do, messages.edit_message, company.ben.identity, group, first, body=f"No. {n}"
            ),
        )
        for n in range(8)
    ]
    assert_none_failed(at_once(*acts, *beside))
    rows = host.rows("chat_message", order="change")
    assert len({row["change"] for row in rows}) == len(rows)
    (head,) = host.rows("chat_conversation", f"id = {group}")
    assert head["last_change"] == 1 + 1 + len(MARKS) + 8


def test_a_receiver_of_the_signal_hears_each_in_its_writers_own_turn(company, monkeypatch):
    company.count(monkeypatch)
    heard = []
    with signals.message_posted.connected_to(
        lambda app, event: heard.append((threading.get_ident(), event.data["client_id"])),
        sender=company.host.app,
    ):
        assert_none_failed(company.write(*MARKS))
    assert sorted(mark for _, mark in heard) == sorted(MARKS)
    assert len({thread for thread, _ in heard}) == len(MARKS)
    assert company.batches == []


def test_in_a_hosts_own_transaction_it_waits_for_that_commit(company):
    host = company.host
    with host.app.app_context():
        host.chat.post_message(host.user(company.ana), company.group, "Later")
        assert host.rows("chat_message") == []
        host.db.session.commit()
    assert [row["body"] for row in host.rows("chat_message")] == ["Later"]


def test_who_waits_for_another_holds_no_connection(company):
    sends = company.host.app.extensions["chat"].sends
    held, go_on = threading.Event(), threading.Event()
    verb = sends._verb

    def slow(drafts):
        held.set()
        assert go_on.wait(10)
        return verb(drafts)

    sends._verb = slow
    try:
        write = partial(company.host.post, company.ana, company.group)
        threads = [threading.Thread(target=write, kwargs={"client_id": m}) for m in MARKS]
        threads[0].start()
        assert held.wait(10)
        for thread in threads[1:]:
            thread.start()
        for _ in until(10, "not all wait"):
            if len(sends) == len(MARKS) - 1:
                break
        with company.host.app.app_context():
            assert company.host.db.engine.pool.checkedout() == 0
    finally:
        go_on.set()
    for thread in threads:
        thread.join(20)
    assert len(company.host.rows("chat_message")) == len(MARKS)
    read = company.host.do(history.read_history, company.ben.identity, company.group, limit=100)
    assert len(read["messages"]) == len(MARKS)
