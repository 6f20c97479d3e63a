"""The host's own buttons in a record's conversation: who is offered them, and what they do."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, union_all

from flask_chat import Field
from flask_chat.errors import Conflict, Forbidden, Invalid, NotFound, SetupError, Unauthorized
from flask_chat.services import actions, conversations, threads
from tests.support.hosts import Host


class Office:
    """Ana's family has a case; Ben of the office may close it, and ask for papers."""

    def __init__(self, host: Host) -> None:
        self.host, self.db = host, host.db
        case, assignment = host.db.Case, host.db.Assignment
        participants = union_all(
            select(case.id, case.family), select(assignment.case_no, assignment.person_no)
        )
        host.chat.subject(case, participants=participants, name="case")(
            lambda record: {"title": record.title}
        )
        self.ana, self.ben, self.cem = host.people("Ana", "Ben", "Cem")
        self.asked: list[str] = []
        self.ran: list[str] = []

        @host.chat.action(
            "close", "Close the case", on=case, confirm="Close it?", allowed=self.is_open_to
        )
        def close(record, user):
            self.ran.append("close")
            record.closed = True
            return f"{user.name} has closed the case."

        @host.chat.action(
            "request_documents",
            "Request documents",
            on=case,
            allowed=self.is_open_to,
            fields={
                "papers": Field("Which?", choices=("Passport", "Report")),
                "note": Field("Why?", required=False),
            },
        )
        def request_documents(record, user, papers, note):
            record.title = f"{record.title}: {papers}"
            self.db.session.add(self.db.Note(words=f"{papers} {note}".strip()))

        with host.app.app_context():
            record = case(id=host.kind.new_key("case"), title="Mia", family=self.ana.key)
            self.db.session.add(record)
            self.db.session.flush()
            self.db.session.add(assignment(case_no=record.id, person_no=self.ben.key))
            self.db.session.commit()
            self.case = record.id
        opened = host.do(threads.open_thread, self.ben.identity, kind="case", record=str(self.case))
        self.conversation = int(opened.conversation["id"])

    def is_open_to(self, record, user):
        self.asked.append(user.name)
        return user.name == "Ben" and not record.closed

    def add(self, name, run, **options):
        options = {"on": self.db.Case, "allowed": lambda record, user: True, **options}
        self.host.chat.action(name, name, **options)(run)

    def offered(self, person):
        found = self.host.do(actions.list_actions, person.identity, self.conversation)
        return [action["name"] for action in found]

    def run(self, person, name, client_id="one-and-only", **values):
        return self.host.do(
            actions.run_action, person.identity, self.conversation, name,
            client_id=client_id, values=values,
        )  # fmt: skip

    def stored(self):
        """The host's row, what was said, and which runs are remembered."""
        (case,) = self.host.rows("case_file")
        said = [row["body"] for row in self.host.rows("chat_message", order="seq")]
        runs = [row["name"] for row in self.host.rows("chat_action_run")]
        return case["title"], bool(case["closed"]), said, runs


@pytest.fixture
def office(host):
    return Office(host)


UNTOUCHED = ("Mia", False, [], [])


# Who is offered what


def test_only_whom_the_host_allows_is_offered_an_action(office):
    assert office.offered(office.ben) == ["close", "request_documents"]
    assert office.offered(office.ana) == []


def test_an_action_is_shown_with_what_it_asks(office):
    found = office.host.do(actions.list_actions, office.ben.identity, office.conversation)
    assert found == [
        {"name": "close", "label": "Close the case", "confirm": "Close it?", "fields": []},
        {
            "name": "request_documents",
            "label": "Request documents",
            "confirm": None,
            "fields": [
                {"name": "papers", "label": "Which?", "required": True,
                 "choices": ["Passport", "Report"]},
                {"name": "note", "label": "Why?", "required": False, "choices": []},
            ],
        },
    ]  # fmt: skip


def test_a_record_is_asked_about_before_there_is_a_conversation_by_who_takes_part(office):
    def asked(person, record=None, kind="case"):
        found = office.host.do(
            actions.list_actions_on, person.identity, kind=kind, record=str(record or office.case)
        )
        return [action["name"] for action in found]

    office.host.execute("DELETE FROM chat_conversation")
    assert asked(office.ben) == ["close", "request_documents"]
    assert asked(office.ana) == []
    assert office.host.rows("chat_conversation") == []
    for unknown in (
        lambda: asked(office.cem),
        lambda: asked(office.ben, record="999"),
        lambda: asked(office.ben, kind="trip"),
    ):
        with pytest.raises(NotFound):
            unknown()


def test_who_takes_no_part_learns_nothing_and_runs_nothing(office):
    with pytest.raises(NotFound):
        office.offered(office.cem)
    with pytest.raises(NotFound):
        office.run(office.cem, "close")
    assert office.stored() == UNTOUCHED


def test_a_conversation_about_nothing_offers_nothing(office):
    group = office.host.group(office.ana, office.ben)
    assert office.host.do(actions.list_actions, office.ben.identity, group) == []
    with pytest.raises(NotFound):
        office.host.do(
            actions.run_action, office.ben.identity, group, "close",
            client_id="of-a-group", values={},
        )  # fmt: skip


def test_who_was_deactivated_runs_nothing(office):
    office.host.execute("UPDATE person SET active = false WHERE name = 'Ben'")
    with pytest.raises(Unauthorized):
        office.run(office.ben, "close")
    assert office.stored() == UNTOUCHED


# What it does


@pytest.mark.parametrize("kind", ["int", "uuid", "text"])
def test_the_hosts_change_and_what_is_said_of_it_are_one_commit(make_host, kind):
    office = Office(make_host(kind=kind))
    with office.host.talk.events() as events:
        done = office.run(office.ben, "close")
    assert office.stored() == ("Mia", True, ["Ben has closed the case."], ["close"])
    assert (done.actions, done.created) == ([], True)
    (said,) = [entry for entry in events if b'"message.posted"' in entry.frame]
    assert set(said.audience.people) == {office.ana.id, office.ben.id}


def test_an_action_that_says_nothing_has_acted_all_the_same(office):
    office.run(office.ben, "request_documents", papers="Passport", note=" old one ")
    assert office.stored() == ("Mia: Passport", False, [], ["request_documents"])
    assert [row["words"] for row in office.host.rows("note")] == ["Passport old one"]


def test_those_who_take_part_are_shown_the_record_as_it_is_now(office):
    office.run(office.ben, "request_documents", papers="Passport")
    head = office.host.do(conversations.get_conversation, office.ana.identity, office.conversation)
    assert head["title"] == "Mia: Passport"


def test_whoever_takes_part_afterwards_hears_of_it(office):
    def hand_over(record, user):
        record.family = office.cem.key
        return "Handed over."

    office.add("hand_over", hand_over)
    with office.host.talk.events() as events:
        office.run(office.ana, "hand_over")
    (said,) = [entry for entry in events if b'"message.posted"' in entry.frame]
    assert set(said.audience.people) == {office.ben.id, office.cem.id}


def test_what_the_chat_is_told_within_joins_the_same_commit(office):
    def write(record, user):
        office.host.chat.post_message(user, office.conversation, "From within")
        raise Forbidden("After all, no.")

    office.add("write", write)
    with pytest.raises(Forbidden, match="After all"):
        office.run(office.ana, "write")
    assert office.stored() == UNTOUCHED


@pytest.mark.parametrize("problem", [Forbidden("The deadline has passed."), ZeroDivisionError()])
def test_an_error_takes_everything_back(office, problem):
    def fail(record, user):
        record.title = "Never"
        office.db.session.flush()
        raise problem

    office.add("fail", fail)
    with office.host.talk.events() as events, pytest.raises(type(problem)):
        office.run(office.ben, "fail")
    assert (office.stored(), events) == (UNTOUCHED, [])


def test_words_that_are_none_take_everything_back(office):
    def close(record, user):
        record.closed = True
        return "  "

    office.add("say_nothing", close)
    with pytest.raises(Invalid):
        office.run(office.ben, "say_nothing")
    assert office.stored() == UNTOUCHED


def test_an_action_that_commits_by_itself_is_told_so(office):
    office.add("commit", lambda record, user: office.db.session.commit())
    with pytest.raises(SetupError, match="leave the commit"):
        office.run(office.ben, "commit")


# Once


def test_the_same_request_again_does_nothing_more(office):
    first, again = office.run(office.ben, "close"), office.run(office.ben, "close")
    assert (first.created, again.created, office.ran) == (True, False, ["close"])


def test_a_mark_that_was_used_for_something_else_is_refused(office):
    office.run(office.ben, "request_documents", papers="Report")
    with pytest.raises(Conflict):
        office.run(office.ben, "request_documents", papers="Passport")


def test_two_people_may_use_the_same_mark(office):
    office.add("greet", lambda record, user: f"Hello from {user.name}.")
    for person in (office.ana, office.ben):
        assert office.run(person, "greet").created
    assert office.stored()[2] == ["Hello from Ana.", "Hello from Ben."]


@pytest.mark.parametrize("marks", [["click-one-1", "click-one-1"], ["click-one-1", "click-two-2"]])
def test_a_double_click_at_one_moment_does_it_once(office, marks):
    start, refused = threading.Barrier(2), []

    def click(mark):
        start.wait()
        try:
            office.run(office.ben, "close", client_id=mark)
        except Forbidden:
            refused.append(mark)

    clicks = [threading.Thread(target=click, args=[mark]) for mark in marks]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert office.stored() == ("Mia", True, ["Ben has closed the case."], ["close"])
    assert len(refused) == len(set(marks)) - 1


def test_rights_are_asked_again_when_it_runs(office):
    assert "close" in office.offered(office.ben)
    office.host.execute("UPDATE case_file SET closed = true")
    with pytest.raises(Forbidden, match="not any more"):
        office.run(office.ben, "close")
    assert office.ran == []


# What is asked


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, "papers"),
        ({"papers": "Diploma"}, "papers"),
        ({"papers": "  "}, "papers"),
        ({"papers": "Report", "note": "x" * 2001}, "note"),
        ({"papers": "Report", "note": "\x00"}, "note"),
        ({"papers": "Report", "closed": "yes"}, "closed"),
    ],
)
def test_an_answer_that_does_not_fit_is_named(office, values, wrong):
    with pytest.raises(Invalid) as told:
        office.run(office.ben, "request_documents", **values)
    assert set(told.value.fields["values"]) == {wrong}
    assert office.stored() == UNTOUCHED


# What stays


def test_a_run_outlives_the_account_of_whoever_ran_it(office):
    office.run(office.ben, "close")
    with office.host.app.app_context():
        office.db.session.query(office.db.Assignment).delete()
        office.db.session.delete(office.host.user(office.ben))
        office.db.session.commit()
    (run,) = office.host.rows("chat_action_run")
    assert (run["name"], run["actor_id"]) == ("close", None)


# What a host may get wrong


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("close", {}, "already"),
        ("close it", {}, "like a function"),
        ("other", {"fields": {"note": "Why?"}}, "Field"),
        ("other", {"on": "User"}, "no subject"),
    ],
)
def test_an_action_that_cannot_be_is_refused_in_one_sentence(office, name, options, sentence):
    if options.get("on"):
        options = {"on": office.host.User}
    with pytest.raises(SetupError, match=sentence):
        office.add(name, lambda record, user: None, **options)
