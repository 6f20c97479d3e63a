"""Offices: who works in one is what the host's rows say; the writer hears of the office only."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from flask_chat import Hours
from flask_chat.errors import Conflict, Forbidden, NotFound, SetupError
from flask_chat.services import (
    conversations,
    handling,
    history,
    inboxes,
    members,
    queues,
    reads,
    rounds,
    sync,
    typing,
)
from flask_chat.services.threads import Access
from tests.support.hosts import Host

KINDS = pytest.mark.parametrize("kind", ["int", "uuid", "text"])
SOON = datetime.now(UTC) + timedelta(days=3)


class School:
    """A host with a registrar's office (Rita, Rob) and a library (Lena); Gus and Gwen write."""

    def __init__(self, host: Host, **options) -> None:
        self.host, self.db, User = host, host.db, host.User
        for name, title in (("registrar", "Registrar's Office"), ("library", "Library")):
            staff = select(User.id).where(User.group == name, User.active.is_(True))
            host.chat.inbox(name, title=title, staff=staff, **options)
            options = {}
        self.rita, self.rob = (host.person(name, group="registrar") for name in ("Rita", "Rob"))
        self.lena = host.person("Lena", group="library")
        self.gus, self.gwen = host.people("Gus", "Gwen")

    def do(self, verb, person, *args, **options):
        return self.host.do(verb, person and person.identity, *args, **options)

    def open(self, person, inbox="registrar") -> int:
        return int(self.do(inboxes.open_inquiry, person, inbox=inbox).conversation["id"])

    def ask(self, person, body="Is there a place?", inbox="registrar") -> int:
        """Write to an office; the number of the conversation."""
        conversation = self.open(person, inbox)
        self.host.post(person, conversation, body)
        return conversation

    def inquiry(self, conversation, person=None):
        return self.do(queues.get_inquiry, person or self.rita, conversation)

    def notes(self, conversation) -> int:
        (row,) = self.host.rows("chat_inquiry", f"conversation_id = {conversation}")
        return row["notes_id"]

    def said(self, conversation, person) -> list[str]:
        page = self.do(history.read_history, person, conversation, limit=200)
        return [message["body"] for message in page["messages"]]

    def queue(self, state, person=None, inbox="registrar", **options) -> list[str]:
        """Whose inquiries are in this part of the queue."""
        found = self.do(queues.list_queue, person or self.rita, inbox, state=state, **options)
        return [inquiry["writer"]["name"].split()[0] for inquiry in found["inquiries"]]

    def listed(self, person) -> list[int]:
        found = self.do(sync.synchronise, person, known={}, limit=200)
        return [int(head["id"]) for head in found["conversations"]]

    def change(self, person, **values):
        """The host's own code: one transaction."""
        with self.host.app.app_context():
            user = self.host.user(person)
            for name, value in values.items():
                setattr(user, name, value)
            self.db.session.commit()


NAMES = {"display_name": "name"}


@pytest.fixture
def school(make_host):
    return School(make_host(hooks=NAMES))


def frames(events, person):
    return [json.loads(entry.frame) for entry in events if person.id in entry.audience.people]


# One writer and one office, one conversation


@KINDS
def test_the_staff_read_what_somebody_writes_and_answer_as_the_office(make_host, kind):
    school = School(make_host(kind=kind, hooks=NAMES))
    conversation = school.ask(school.gus)
    answer = school.host.post(school.rita, conversation, "There is.")
    assert (answer["author"]["name"], answer["office"]) == ("Rita", "Registrar's Office")
    assert school.said(conversation, school.gus) == ["Is there a place?", "There is."]
    assert "office" not in school.host.post(school.gus, conversation, "Thank you")


def test_who_opens_it_at_one_moment_in_three_tabs_gets_one(school):
    found, start = [], threading.Barrier(3)

    def race():
        start.wait()
        found.append(school.open(school.gus))

    runners = [threading.Thread(target=race) for _ in range(3)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert (len(found), len(set(found))) == (3, 1)
    assert len(school.host.rows("chat_conversation")) == 2


def test_an_office_hears_of_a_writer_with_the_first_message(school):
    conversation = school.open(school.gus)
    assert school.listed(school.rita) == []
    assert school.queue("new") == []
    school.host.post(school.gus, conversation, "Hello")
    assert sorted(school.listed(school.rita)) == [conversation, school.notes(conversation)]
    assert school.queue("new") == ["Gus"]


@pytest.mark.parametrize("person", ["gwen", "lena"], ids=["another writer", "another office"])
def test_nobody_else_finds_anything(school, person):
    conversation = school.ask(school.gus)
    stranger = getattr(school, person)
    for number in (conversation, school.notes(conversation)):
        with pytest.raises(NotFound):
            school.said(number, stranger)
        with pytest.raises(NotFound):
            school.host.post(stranger, number, "Me too")
    with pytest.raises(NotFound):
        school.do(queues.list_queue, stranger, "registrar")


def test_only_whom_the_host_lets_write_may_open_and_go_on(host):
    user = host.User
    school = School(host, writers=select(user.id).where(user.role == "guardian"))
    with pytest.raises(NotFound):
        school.open(school.gus)
    school.change(school.gus, role="guardian")
    conversation = school.ask(school.gus)
    school.change(school.gus, role="former")
    with pytest.raises(Forbidden):
        school.host.post(school.gus, conversation, "Still there?")
    offered = school.do(inboxes.list_inboxes, school.gus)
    assert [office["name"] for office in offered] == ["library"]


def test_who_works_there_does_not_write_to_the_own_office(school):
    with pytest.raises(NotFound):
        school.open(school.rita)


def test_the_notes_on_somebody_who_has_come_to_work_there_stay_hidden_from_them(school):
    conversation = school.ask(school.gus)
    school.host.post(school.rita, school.notes(conversation), "A difficult one.")
    school.change(school.gus, group="registrar")
    assert school.said(conversation, school.gus) == ["Is there a place?"]
    for act in (
        lambda: school.said(school.notes(conversation), school.gus),
        lambda: school.do(handling.claim, school.gus, conversation),
    ):
        with pytest.raises(NotFound):
            act()
    assert school.queue("new", school.gus) == []


# Who works there is what the rows say


def test_a_leaver_loses_everything_with_the_hosts_commit_and_orphans_nothing(school):
    conversation = school.ask(school.gus)
    school.do(handling.claim, school.rita, conversation)
    assert school.queue("others", school.rob) == ["Gus"]
    school.change(school.rita, group=None)
    with pytest.raises(NotFound):
        school.said(conversation, school.rita)
    assert school.listed(school.rita) == []
    assert school.queue("new", school.rob) == ["Gus"]
    school.do(handling.claim, school.rob, conversation)
    assert school.queue("mine", school.rob) == ["Gus"]


def test_what_a_leaver_had_is_put_back_and_said_so_in_the_notes(school):
    conversation = school.ask(school.gus)
    school.do(handling.claim, school.rita, conversation)
    school.change(school.rita, active=False)
    with school.host.talk.events() as events:
        assert school.host.do(handling.tend) == 1
    (told,) = [f for f in frames(events, school.rob) if f["type"] == "inquiry.changed"]
    assert (told["data"]["state"], told["data"]["did"]) == ("new", "released")
    assert "left the office" in school.said(school.notes(conversation), school.rob)[-1]
    assert frames(events, school.gus) == []
    assert school.host.do(handling.tend) == 0


def test_a_newcomer_sees_the_queue_and_open_pages_are_told(school):
    conversation = school.ask(school.gus)
    access, orders = Access(), []
    listeners = school.host.app.extensions["chat"].listeners
    with school.host.app.app_context():
        access.moved([school.gwen.id])
        listeners.append(orders.extend)
        school.change(school.gwen, group="registrar")
        listeners.remove(orders.extend)
        assert access.moved([school.gwen.id]) == [school.gwen.id]
    assert "recheck" in [getattr(order, "verb", None) for order in orders]
    assert school.queue("new", school.gwen) == ["Gus"]
    assert conversation in school.listed(school.gwen)


# What the staff do


def test_of_two_who_take_it_the_second_is_told_who_has_it(school):
    conversation = school.ask(school.gus)
    found, start = [], threading.Barrier(2)

    def race(person):
        start.wait()
        try:
            found.append(school.do(handling.claim, person, conversation)["assignee"]["name"])
        except Conflict as problem:
            found.append(problem.detail)

    runners = [threading.Thread(target=race, args=[one]) for one in (school.rita, school.rob)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    (winner,) = [name for name in found if "taken" not in name]
    assert f"{winner} has taken it already." in found


def test_who_answers_what_nobody_has_has_taken_it(school):
    conversation = school.ask(school.gus)
    school.host.post(school.rob, conversation, "Yes.")
    assert school.inquiry(conversation)["assignee"]["name"] == "Rob"
    assert school.inquiry(conversation)["waiting_since"] is None
    school.host.post(school.rita, conversation, "I can confirm that.")
    assert school.inquiry(conversation)["assignee"]["name"] == "Rob"
    school.host.post(school.gus, conversation, "When?")
    assert school.inquiry(conversation)["waiting_since"] is not None


def test_it_is_assigned_to_colleagues_only(school):
    conversation = school.ask(school.gus)
    given = school.do(handling.assign, school.rita, conversation, school.rob.id)
    assert given["assignee"]["name"] == "Rob"
    for stranger in (school.lena.id, school.gus.id, "0"):
        with pytest.raises(NotFound):
            school.do(handling.assign, school.rita, conversation, stranger)
    assert school.do(handling.assign, school.rob, conversation, None)["state"] == "new"


def test_a_transfer_changes_who_reads_it_and_whose_it_is_called(school):
    conversation = school.ask(school.gus)
    school.do(handling.claim, school.rita, conversation)
    with school.host.talk.events() as events:
        moved = school.do(handling.transfer, school.rita, conversation, "library")
    assert (moved["inbox"], moved["state"], moved["assignee"]) == ("library", "new", None)
    (writers,) = frames(events, school.gus)
    assert writers["data"]["inbox"] == {"name": "library", "title": "Library", "closed": False}
    gone = [f["conversation"] for f in frames(events, school.rita) if f["type"] == "gone"]
    assert gone == [str(conversation), str(school.notes(conversation))]
    assert {"conversation.changed", "inquiry.changed"} <= {
        frame["type"] for frame in frames(events, school.lena)
    }
    with pytest.raises(NotFound):
        school.said(conversation, school.rita)
    answer = school.host.post(school.lena, conversation, "We have the books.")
    assert answer["office"] == "Library"
    with pytest.raises(NotFound):
        school.do(handling.transfer, school.lena, conversation, "kitchen")


def test_what_was_put_off_comes_back_at_its_time_or_when_the_writer_writes(school):
    conversation = school.ask(school.gus)
    school.do(handling.snooze, school.rita, conversation, SOON)
    assert (school.queue("waiting"), school.queue("new")) == (["Gus"], [])
    school.host.post(school.gus, conversation, "Anybody there?")
    assert (school.queue("waiting"), school.queue("new")) == ([], ["Gus"])
    school.do(handling.snooze, school.rita, conversation, SOON)
    school.host.execute("UPDATE chat_inquiry SET snoozed_until = '2020-01-01 00:00:00.000000'")
    assert school.queue("new") == ["Gus"]  # nobody had to look for that
    assert school.host.do(handling.tend) == 1
    assert school.said(school.notes(conversation), school.rita)[-1].startswith("The time has come")


def test_closed_it_leaves_the_lists_and_a_message_of_the_writer_reopens_it(school):
    conversation = school.ask(school.gus)
    with school.host.talk.events() as events:
        school.do(handling.set_closed, school.rita, conversation, closed=True)
    (told,) = frames(events, school.gus)
    assert (told["type"], told["data"]["inbox"]["closed"]) == ("conversation.changed", True)
    assert (school.queue("new"), school.queue("closed")) == ([], ["Gus"])
    assert school.listed(school.rita) == []
    assert school.listed(school.gus) == [conversation]
    known = {conversation: [1, 1]}
    assert school.do(sync.synchronise, school.rita, known=known)["gone"] == []
    with pytest.raises(Conflict):
        school.do(handling.claim, school.rob, conversation)
    school.host.post(school.gus, conversation, "One more thing")
    assert school.queue("new") == ["Gus"]
    head = school.do(conversations.get_conversation, school.gus, conversation)
    assert head["inbox"]["closed"] is False


def test_reopened_by_the_writer_it_goes_to_the_office_it_is_addressed_to(school):
    conversation = school.ask(school.gus)
    school.do(handling.transfer, school.rita, conversation, "library")
    school.do(handling.set_closed, school.lena, conversation, closed=True)
    school.host.post(school.gus, conversation, "Something else")
    assert school.inquiry(conversation, school.rita)["inbox"] == "registrar"
    with pytest.raises(NotFound):
        school.inquiry(conversation, school.lena)


def test_every_transition_is_noted_once_and_says_whose_doing_it_was(school):
    conversation = school.ask(school.gus)
    school.do(handling.claim, school.rita, conversation)
    school.do(handling.claim, school.rita, conversation)
    school.do(handling.assign, school.rita, conversation, school.rob.id)
    school.do(handling.snooze, school.rob, conversation, SOON)
    school.do(handling.snooze, school.rob, conversation, None)
    school.do(handling.set_closed, school.rob, conversation, closed=True)
    school.do(handling.set_closed, school.rob, conversation, closed=True)
    school.do(handling.set_closed, None, conversation, closed=False)
    said = school.said(school.notes(conversation), school.rita)
    assert [words.split(" until")[0] for words in said] == [
        "Gus has written to the office.",
        "Rita has taken it.",
        "Rita has given it to Rob.",
        "Rob has put it off",
        "Rob has put it back into the queue.",
        "Rob has closed it.",
        "The administrator has reopened it.",
    ]
    assert school.host.run("recount", "--check").exit_code == 0


def test_each_round_keeps_its_times(school):
    conversation = school.ask(school.gus)
    school.host.post(school.rob, conversation, "Yes.")
    school.host.post(school.rita, conversation, "Indeed.")
    school.do(handling.set_closed, school.rita, conversation, closed=True)
    school.host.post(school.gus, conversation, "Another thing")
    first, second = school.host.rows("chat_inquiry_round", order="number")
    assert (first["answered_by_id"], first["closed_by_id"]) == (
        school.host.rows("chat_message", "body = 'Yes.'")[0]["author_id"],
        school.host.rows("chat_message", "body = 'Indeed.'")[0]["author_id"],
    )
    assert first["opened_at"] <= first["first_answer_at"] <= first["closed_at"]
    assert (second["first_answer_at"], second["closed_at"]) == (None, None)


def test_the_queue_is_sorted_by_waiting_and_by_what_the_host_knows(host):
    user = host.User
    school = School(
        host, order={"Class": select(user.id, user.group).where(user.group.is_not(None))}
    )
    for person, group in ((school.gus, "6b"), (school.gwen, "6a")):
        school.ask(person)
        school.change(person, group=group)
    assert school.queue("new") == ["Gus", "Gwen"]
    assert school.queue("new", order="Class") == ["Gwen", "Gus"]
    page = school.do(queues.list_queue, school.rita, "registrar", order="Class", limit=1)
    assert (page["inquiries"][0]["sorted_by"], page["next"]) == ("6a", 1)
    assert school.queue("new", order="Class", after=1) == ["Gus"]
    assert page["counts"] == {"new": 2, "mine": 0, "others": 0, "waiting": 0, "closed": 0}


def test_a_badge_counts_what_nobody_has_and_what_one_has_oneself(school):
    conversation = school.ask(school.gus)
    school.host.post(school.rob, school.notes(conversation), "Look at this")

    def badge(person):
        return school.do(reads.totals, person)["unread"]

    assert [badge(person) for person in (school.rita, school.rob, school.gus)] == [1, 1, 0]
    school.do(handling.claim, school.rob, conversation)
    assert [badge(person) for person in (school.rita, school.rob)] == [0, 1]
    school.do(handling.set_closed, school.rob, conversation, closed=True)
    assert badge(school.rob) == 0


# What the writer sees of it


def test_to_the_writer_the_office_is_one(school):
    conversation = school.ask(school.gus)
    school.host.post(school.rita, conversation, "There is.")
    head = school.do(conversations.get_conversation, school.gus, conversation)
    assert (head["title"], head["members_count"]) == ("Registrar's Office", 1)
    assert [member["name"] for member in head["members"]] == ["Gus"]
    assert len(school.do(members.list_members, school.gus, conversation)["members"]) == 1
    with school.host.talk.events() as events:
        school.do(reads.mark_read, school.rob, conversation, seq=1)
        school.host.do(typing.tell_typing, school.rob.identity, conversation)
    assert [frame["type"] for frame in frames(events, school.gus)] == ["typing"]
    with school.host.talk.events() as events:
        school.do(reads.mark_read, school.gus, conversation, seq=2)
    assert [frame["type"] for frame in frames(events, school.rita)] == ["read.updated"]


def _life(school, *, noted: bool):
    """Everything the writer receives while the office works on a letter; with the notes the staff
    write and what they do among themselves, or without."""
    gus = school.gus
    conversation = school.open(gus)
    with school.host.talk.events() as events:
        school.host.post(gus, conversation, "Is there a place?", client_id="letter-one")
        if noted:
            notes = school.notes(conversation)
            school.do(handling.claim, school.rita, conversation)
            written = school.host.post(school.rita, notes, "His brother was expelled. place")
            school.host.do(typing.tell_typing, school.rita.identity, notes)
            school.do(reads.mark_read, school.rob, notes, seq=1)
            school.do(handling.assign, school.rita, conversation, school.rob.id)
            school.do(handling.snooze, school.rob, conversation, SOON)
            school.do(handling.snooze, school.rob, conversation, None)
            assert written["seq"] > 1
        school.host.post(school.rob, conversation, "There is.", client_id="answer-one")
        if noted:
            school.host.post(school.rita, notes, "Well done.")
            school.do(handling.assign, school.rita, conversation, None)
        school.host.post(gus, conversation, "Thank you", client_id="letter-two")
    client = school.host.client(gus)
    answers = {
        path: client.open(f"/chat/api{path}", method=method, json=body).get_json()
        for method, path, body in (
            ("POST", "/sync", {"known": {}}),
            ("GET", "/sync?totals=1", None),
            ("GET", "/inboxes", None),
            ("GET", f"/conversations/{conversation}", None),
            ("GET", f"/conversations/{conversation}/members", None),
            ("GET", f"/conversations/{conversation}/messages", None),
            ("GET", f"/conversations/{conversation}/changes?after=0", None),
            ("GET", f"/conversations/{conversation}/inquiry", None),
            ("GET", f"/conversations/{conversation}/replies", None),
            ("GET", f"/conversations/{conversation}/actions", None),
        )
    }
    return {"frames": frames(events, gus), "answers": answers}


def _plain(value, ids):
    """Without what differs between two lives of the same kind: clocks, and ids by their order."""
    if isinstance(value, list):
        return [_plain(one, ids) for one in value]
    if not isinstance(value, dict):
        return value
    shown = {}
    for key, one in value.items():
        if key in ("created_at", "updated_at", "now", "epoch"):
            continue
        is_message = key == "id" and "seq" in value
        shown[key] = ids.setdefault(one, len(ids)) if is_message else _plain(one, ids)
    return shown


def test_nothing_of_the_notes_reaches_the_writer(make_host):
    """No number, no gap, no frame, no unread: two lives, one with notes, are the same to them."""
    quiet, noted = (_plain(_life(School(make_host()), noted=noted), {}) for noted in (False, True))
    assert quiet == noted
    assert "expelled" not in json.dumps(noted)
    assert [frame["change"] for frame in noted["frames"] if "change" in frame] == [2, 3, 4]


def test_the_writer_may_do_nothing_in_the_queue(school):
    conversation = school.ask(school.gus)
    before = school.host.dump()
    for act in (
        lambda: school.do(handling.claim, school.gus, conversation),
        lambda: school.do(handling.assign, school.gus, conversation, None),
        lambda: school.do(handling.transfer, school.gus, conversation, "library"),
        lambda: school.do(handling.snooze, school.gus, conversation, None),
        lambda: school.do(handling.set_closed, school.gus, conversation, closed=True),
        lambda: school.do(queues.get_inquiry, school.gus, conversation),
        lambda: school.do(queues.list_replies, school.gus, conversation),
    ):
        with pytest.raises(NotFound):
            act()
    assert school.host.dump() == before


def test_a_writer_whose_account_is_deleted_leaves_the_letter_and_no_name(school):
    conversation = school.ask(school.gus)
    with school.host.app.app_context():
        school.db.session.delete(school.host.user(school.gus))
        school.db.session.commit()
    assert school.inquiry(conversation)["writer"] is None
    again = school.host.person("Gil")
    assert school.listed(again) == []
    assert school.ask(again) != conversation


# What is answered by itself, and again and again

EVENING, MORNING = datetime(2026, 6, 5, 20, tzinfo=UTC), datetime(2026, 6, 8, 9, tzinfo=UTC)
HOURS = Hours("Europe/Madrid", {"mon": ["09:00-14:00"], "fri": ["09:00-14:00"]})


@pytest.fixture
def at(monkeypatch):
    """The clock that an office looks at."""
    clock = SimpleNamespace(now=EVENING)
    heard = rounds.heard
    monkeypatch.setattr(rounds, "heard", lambda number, who, at: heard(number, who, clock.now))
    return clock


def test_a_closed_office_answers_once_per_closed_period_and_writer(make_host, at):
    school = School(make_host(hooks=NAMES), hours=HOURS)
    conversation = school.ask(school.gus, "Hello?")
    school.host.post(school.gus, conversation, "Anybody?")
    at.now = EVENING + timedelta(days=2)  # the same period: it has not opened on the weekend
    school.host.post(school.gus, conversation, "It is Sunday")
    answer = "Thank you for your message. We are closed at the moment, and open again Monday, "
    assert school.said(conversation, school.gus) == [
        "Hello?", f"{answer}08 June, 09:00.", "Anybody?", "It is Sunday",
    ]  # fmt: skip
    assert school.do(reads.totals, school.gus)["unread"] == 1
    assert school.do(reads.totals, school.rita)["unread"] == 3  # its own answer asks for nobody
    other = school.ask(school.gwen, "And me?")
    assert len(school.said(other, school.gwen)) == 2
    at.now = MORNING
    school.host.post(school.gus, conversation, "It is Monday")
    at.now = EVENING + timedelta(days=4)
    school.host.post(school.gus, conversation, "Closed again")
    assert school.said(conversation, school.gus)[-1] == f"{answer[:-8]}Friday, 12 June, 09:00."
    assert school.inquiry(conversation)["waiting_since"] is not None  # that was no answer


def test_many_letters_at_once_are_answered_once(make_host, at):
    school = School(make_host(hooks=NAMES), hours=HOURS)
    conversation = school.open(school.gus)
    start = threading.Barrier(5)

    def write():
        start.wait()
        school.host.post(school.gus, conversation, "Hello?")

    runners = [threading.Thread(target=write) for _ in range(5)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    said = school.said(conversation, school.gus)
    assert (len(said), len([words for words in said if words != "Hello?"])) == (6, 1)
    assert [row["number"] for row in school.host.rows("chat_inquiry_round")] == [1]


def test_prepared_replies_are_filled_with_what_was_declared(make_host):
    host = make_host(hooks=NAMES)
    case = host.db.Case
    school = School(
        host,
        replies={
            "Received": "Dear {person.name}, {record.title} is here. {me.name}, {office.title}",
            "Plain": "{{no field}}",
        },
        record=lambda user: host.db.session.scalar(select(case).where(case.family == user.id)),
        fields={"title": "title"},
    )
    conversation = school.ask(school.gus)

    def replies():
        found = school.do(queues.list_replies, school.rita, conversation)
        return [(reply["body"], reply["missing"]) for reply in found]

    closing = "Rita, Registrar's Office"
    missing = (f"Dear Gus, [record.title] is here. {closing}", ["record.title"])
    assert replies() == [missing, ("{no field}", [])]
    with host.app.app_context():
        host.db.session.add(case(title="Enrolment of Mia", family=school.gus.key))
        host.db.session.commit()
    assert replies()[0] == (f"Dear Gus, Enrolment of Mia is here. {closing}", [])


# From the command line


def test_an_administrator_lists_shows_assigns_and_closes(school):
    conversation = str(school.ask(school.gus))

    def run(*args):
        result = school.host.run("inbox", *args, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    (listed,) = run("list", "registrar")
    assert (listed["conversation"], listed["state"], listed["writer"]) == (
        conversation,
        "new",
        "Gus",
    )
    assert run("assign", conversation, school.rob.id, "--dry-run")["changed"] is False
    assert run("list") == [listed]
    assigned = run("assign", conversation, school.rob.id)["inquiry"]
    assert (assigned["state"], assigned["assignee"]) == ("assigned", "Rob")
    assert run("list", "--state", "new") == []
    assert run("close", conversation)["inquiry"]["state"] == "closed"
    notes = [note["body"] for note in run("show", conversation)["notes"]]
    assert notes[1:] == [
        "The administrator has given it to Rob.",
        "The administrator has closed it.",
    ]
    assert run("close", conversation, "--reopen")["inquiry"]["state"] == "assigned"
    for wrong in (["list", "kitchen"], ["show", "404"], ["assign", conversation, "404"]):
        assert school.host.run("inbox", *wrong).exit_code == 1


# Mistakes of the host


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"title": " "}, "title"),
        ({"staff": "everybody"}, "Select of 1 column"),
        ({"replies": {"Hello": "Dear {person.password}"}}, "is no field"),
        ({"replies": {"Hello": "Dear {person.name.__class__}"}}, "is no field"),
        ({"fields": {"reference": "reference"}}, "no `record`"),
    ],
)
def test_a_mistake_is_named(make_host, options, words):
    host = make_host()
    made = {"title": "Kitchen", "staff": select(host.User.id), **options}

    def use():
        host.chat.inbox("kitchen", **made)
        host.person("Ana")

    with pytest.raises(SetupError, match=words):
        use()
