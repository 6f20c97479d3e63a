"""What the views for reports say is what a plain count over the messages says."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from random import Random

import pytest
from alembic import command
from sqlalchemy import func, inspect, select, text

from flask_chat import migrations
from flask_chat.services import handling, inboxes, messages, threads

START = datetime(2026, 3, 2, 8, 0)


class Office:
    """Cases that families write about and the office answers, at times of the test's own."""

    def __init__(self, host) -> None:
        self.host = host
        case, assignment = host.db.Case, host.db.Assignment
        participants = select(case.id, case.family).union_all(
            select(assignment.case_no, assignment.person_no)
        )
        host.chat.subject(case, participants=participants, name="case")(
            lambda record: {"title": record.title}
        )
        self.ana, self.ben, self.cem = self.people = host.people("Ana", "Ben", "Cem")

    def thread(self, title: str) -> int:
        host, case = self.host, self.host.db.Case
        with host.app.app_context():
            record = case(id=host.kind.new_key(title), title=title, family=self.ana.key)
            host.db.session.add(record)
            host.db.session.flush()
            for person in (self.ben, self.cem):
                host.db.session.add(host.db.Assignment(case_no=record.id, person_no=person.key))
            host.db.session.commit()
            key = str(record.id)
        opened = host.do(threads.open_thread, self.ana.identity, kind="case", record=key)
        return int(opened.conversation["id"])

    def say(self, conversation: int, *authors) -> None:
        """One message each, an hour apart."""
        for author in authors:
            sent = self.host.post(author, conversation)
            at = START + timedelta(hours=sent["seq"])
            stored = f"{at:%Y-%m-%d %H:%M:%S}.000000"
            self.host.execute(
                f"UPDATE chat_message SET created_at = '{stored}' WHERE id = {sent['id']}"
            )

    def read(self, view, *columns):
        return read(self.host, view, *columns)


def read(host, view, *columns):
    """These columns of a view, as the host's own code gets them."""
    with host.app.app_context():
        found = getattr(host.chat.views, view)
        query = select(*(found.c[name] for name in columns)).order_by(*found.c)
        return [tuple(row) for row in host.db.session.execute(query)]


@pytest.fixture
def office(host):
    return Office(host)


def hour(seq):
    return START + timedelta(hours=seq)


def naive(moment):
    return moment.replace(tzinfo=None)


def test_turns_are_what_a_plain_count_says(office):
    random = Random(7)
    conversations = [office.thread(f"Case {n}") for n in range(3)]
    conversations.append(office.host.direct(office.ana, office.ben))
    for conversation in conversations:
        choices = office.people if conversation != conversations[-1] else office.people[:2]
        office.say(conversation, *random.choices(choices, k=25))
    for row in random.sample(office.host.rows("chat_message"), 20):
        author = next(p for p in office.people if str(p.key) == str(_key(office, row)))
        office.host.do(messages.delete_message, author.identity, row["conversation_id"], row["id"])
    assert _turns(office) == _computed(office)


def _key(office, row):
    with office.host.app.app_context():
        table = office.host.db.metadata.tables["chat_message"]
        return office.host.db.session.scalar(
            select(table.c.author_id).where(table.c.id == row["id"])
        )


def _turns(office):
    rows = office.read(
        "turns", "conversation_id", "turn", "author_id", "messages", "started_at", "answered_at",
        "answered_by_id", "response_seconds",
    )  # fmt: skip
    return sorted(rows, key=lambda row: row[:2])


def _computed(office):
    with office.host.app.app_context():
        table = office.host.db.metadata.tables["chat_message"]
        said = office.host.db.session.execute(
            select(table.c.conversation_id, table.c.author_id, table.c.created_at)
            .where(table.c.deleted_at.is_(None))
            .order_by(table.c.conversation_id, table.c.seq)
        ).all()
    turns = []
    for conversation, rows in groupby(said, lambda row: row[0]):
        runs = [list(run) for _, run in groupby(rows, lambda row: row[1])]
        for place, run in enumerate(runs):
            then = runs[place + 1][0] if place + 1 < len(runs) else None
            started = run[0].created_at
            seconds = None if then is None else (then.created_at - started).total_seconds()
            turns.append(
                (conversation, place + 1, run[0].author_id, len(run), started,
                 then and then.created_at, then and then.author_id, seconds)
            )  # fmt: skip
    return turns


def test_unanswered_is_who_wrote_last_and_since_when(office):
    answered, waiting = office.thread("Answered"), office.thread("Waiting")
    office.say(answered, office.ana, office.ben)
    office.say(waiting, office.ana, office.ben, office.ana, office.ana)
    office.host.post(None, waiting, "Documents received.")
    rows = office.read(
        "unanswered", "conversation_id", "author_id", "messages", "waiting_since",
        "last_message_at",
    )  # fmt: skip
    assert [(*row[:3], *map(naive, row[3:])) for row in rows] == [
        (answered, office.ben.key, 1, hour(2), hour(2)),
        (waiting, office.ana.key, 2, hour(3), hour(4)),
    ]


def test_threads_join_with_the_hosts_records(office):
    first, second = office.thread("First"), office.thread("Second")
    office.say(first, office.ana, office.ben)
    office.say(second, office.ana)
    office.thread("Nothing said")
    office.say(office.host.group(office.ana, office.ben), office.ana)
    host = office.host
    with host.app.app_context():
        case, view = host.db.Case, host.chat.views.threads
        rows = host.db.session.execute(
            select(case.title, view.c.messages, view.c.started_at, view.c.last_author_id)
            .join(view, host.chat.about(view, case))
            .order_by(case.title)
        ).all()
    assert [(row[0], row[1], naive(row[2]), row[3]) for row in rows] == [
        ("First", 2, hour(1), office.ben.key), ("Second", 1, hour(1), office.ana.key),
    ]  # fmt: skip


def test_what_nobody_is_to_answer_is_not_unanswered(office):
    host = office.host
    host.app.extensions["chat"].host.hooks.announcements = None
    query = select(host.User).where(host.User.id == office.ben.key)
    with host.app.app_context():
        host.chat.announce(host.user(office.ana), query, "On Friday", title="Closed")
        host.db.session.commit()
    assert office.read("unanswered", "conversation_id") == []


def test_what_an_office_says_among_itself_answers_nobody(office):
    notes = office.host.direct(office.ben, office.cem)
    office.say(notes, office.ben, office.cem)
    assert len(_turns(office)) == 2
    office.host.execute(f"UPDATE chat_conversation SET kind = 'notes' WHERE id = {notes}")
    assert _turns(office) == office.read("unanswered", "conversation_id") == []


def views_of(host) -> set[str]:
    with host.app.app_context():
        return {name for name in inspect(host.db.engine).get_view_names() if "chat_" in name}


VIEWS = {
    f"chat_{name}_view" for name in ("thread", "turn", "unanswered", "inquiry", "inquiry_round")
}


def test_views_come_with_the_migrations_and_go_with_them(host):
    assert views_of(host) == VIEWS
    with host.app.app_context(), host.db.engine.begin() as connection:
        config = migrations._config(connection, host.User.__table__.c.person_no)
        command.downgrade(config, "0005")
    assert views_of(host) == set()
    assert host.run("init-db").exit_code == 0
    assert views_of(host) == VIEWS


def test_tables_that_the_host_has_made_get_them_as_well(host):
    with host.app.app_context():
        host.db.session.execute(text("DROP VIEW chat_unanswered_view"))
        host.db.session.execute(text("DELETE FROM chat_version"))
        host.db.session.commit()
    assert host.run("init-db").exit_code == 0
    assert views_of(host) == VIEWS
    with host.app.app_context():
        view = host.chat.views.unanswered
        assert host.db.session.scalar(select(func.count()).select_from(view)) == 0


def test_the_hosts_own_drop_all_is_not_in_their_way(host):
    with host.app.app_context():
        host.db.drop_all()
        assert not inspect(host.db.engine).get_table_names()
        assert views_of(host) == set()
    host.create_all()
    assert views_of(host) == VIEWS


def test_the_views_of_an_office_say_what_waits_and_how_long_answers_took(host):
    rita, gus, gwen = host.people("Rita", "Gus", "Gwen")
    staff = select(host.User.id).where(host.User.id == rita.key)
    host.chat.inbox("registrar", title="Registrar's Office", staff=staff)
    letters = {}
    for writer in (gus, gwen):
        opened = host.do(inboxes.open_inquiry, writer.identity, inbox="registrar")
        letters[writer] = int(opened.conversation["id"])
        host.post(writer, letters[writer])
    host.post(rita, letters[gus])
    host.do(handling.set_closed, rita.identity, letters[gus], closed=True)
    host.execute(
        "UPDATE chat_inquiry_round SET opened_at = '2026-03-02 07:30:00.000000',"
        " asked_at = '2026-03-02 08:00:00.000000'"
    )
    host.execute(
        "UPDATE chat_inquiry_round SET first_answer_at = '2026-03-02 08:20:00.000000',"
        " closed_at = '2026-03-02 09:00:00.000000' WHERE answered_by_id IS NOT NULL"
    )
    states = read(host, "inquiries", "conversation_id", "inbox", "state", "writer_id")
    assert sorted(states) == [
        (letters[gus], "registrar", "closed", gus.key),
        (letters[gwen], "registrar", "new", gwen.key),
    ]
    waiting = dict(read(host, "inquiries", "conversation_id", "waiting_seconds"))
    assert waiting[letters[gus]] is None
    assert 0 <= waiting[letters[gwen]] < 60
    times = read(
        host, "rounds", "conversation_id", "round", "answered_by_id", "response_seconds",
        "closed_by_id", "resolution_seconds",
    )  # fmt: skip
    assert sorted(times) == [
        (letters[gus], 1, rita.key, 1200.0, rita.key, 5400.0),
        (letters[gwen], 1, None, None, None, None),
    ]
