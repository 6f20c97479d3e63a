"""Conversations about host records: who takes part is what the host's rows say at that moment."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from flask_chat import database
from flask_chat.errors import Forbidden, NotFound, SetupError
from flask_chat.models import access
from flask_chat.services import conversations, history, members, messages, reads, sync, threads
from tests.support.records import KINDS, Office, frames
from tests.unit.realtime.fakes import connect


@pytest.fixture
def office(host):
    return Office(host)


def test_a_list_says_what_one_has_not_read_about_each_record(make_host):
    office = Office(make_host(kind="uuid"))
    read, unread, quiet, foreign = (
        office.case(office.ana, *assigned, title=title)
        for title, assigned in (
            ("Read", [office.ben]), ("Unread", [office.ben]), ("Quiet", [office.ben]),
            ("Foreign", []),
        )
    )  # fmt: skip
    for case in (read, unread, foreign):
        for _ in range(2):
            office.host.post(office.ana, office.open(office.ana, case))
    office.host.do(reads.mark_read, office.ben.identity, office.open(office.ben, read), seq=2)
    with office.host.app.app_context():
        records = [office.record(case) for case in (read, unread, quiet, foreign)]
        ben = office.host.user(office.ben)
        with office.host.statements() as seen:
            assert office.host.chat.unread(ben, records) == {read: 0, unread: 2}
        assert len(seen) <= 4
        assert office.host.chat.unread(ben, []) == {}


# One record, one conversation


@KINDS
def test_everybody_who_takes_part_has_the_same_conversation(make_host, kind):
    office = Office(make_host(kind=kind))
    case = office.case(office.ana, office.ben)
    assert office.open(office.ana, case) == office.open(office.ben, case)


@KINDS
def test_somebody_who_takes_no_part_learns_nothing_of_it(make_host, kind):
    office = Office(make_host(kind=kind))
    case = office.case(office.ana, office.ben)
    office.open(office.ana, case)
    with pytest.raises(NotFound):
        office.open(office.cem, case)


def test_a_record_that_is_not_there_is_told_like_one_of_others(office):
    with pytest.raises(NotFound):
        office.open(office.ana, 404)


@pytest.mark.parametrize("named", ["case ", "Case", "users", ""])
def test_a_kind_of_record_nobody_registered_is_not_found(office, named):
    case = office.case(office.ana)
    with pytest.raises(NotFound):
        office.host.do(threads.open_thread, office.ana.identity, kind=named, record=str(case))


def test_two_who_open_it_at_one_moment_get_the_same(office):
    case = office.case(office.ana, office.ben, office.cem)
    found, start = [], threading.Barrier(3)

    def race(person):
        start.wait()
        found.append(office.open(person, case))

    runners = [
        threading.Thread(target=race, args=[person])
        for person in (office.ana, office.ben, office.cem)
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert (len(found), len(set(found))) == (3, 1)


def test_the_conversation_is_called_what_the_record_is_called_now(office):
    case = office.case(office.ana, office.ben)
    conversation = office.open(office.ana, case)
    office.host.execute("UPDATE case_file SET title = 'Enrolment of Mia Berg'")
    head = office.head(office.ben, conversation)
    assert head["title"] == "Enrolment of Mia Berg"
    assert head["subject"] == {
        "kind": "case",
        "id": str(case),
        "title": "Enrolment of Mia Berg",
        "link": f"/cases/{case}",
        "details": [{"label": "State", "value": "open"}],
        "closed": False,
    }


def test_a_link_that_would_run_in_the_page_is_left_out(host):
    office = Office(host, link="javascript:alert({})")
    conversation = office.open(office.ana, office.case(office.ana))
    assert office.head(office.ana, conversation)["subject"]["link"] is None


def test_an_empty_one_is_listed_for_its_opener_alone(office):
    case = office.case(office.ana, office.ben)
    conversation = office.open(office.ana, case)
    listed = {
        person.name: [head["id"] for head in office.synced(person)["conversations"]]
        for person in (office.ana, office.ben)
    }
    assert listed == {"Ana": [str(conversation)], "Ben": []}


# Membership is a query


@KINDS
def test_a_message_reaches_whoever_takes_part(make_host, kind):
    office = Office(make_host(kind=kind))
    conversation = office.open(office.ana, office.case(office.ana, office.ben))
    with office.host.talk.events() as events:
        office.host.post(office.ana, conversation, "Good morning")
    (entry,) = [entry for entry in events if entry.head == (str(conversation), 2)]
    assert set(entry.audience.people) == {office.ana.id, office.ben.id}


def test_what_was_written_is_unread_for_the_others(office):
    conversation = office.open(office.ana, office.case(office.ana, office.ben))
    office.host.post(office.ana, conversation)
    totals = {
        person.name: office.host.do(reads.totals, person.identity)["unread"]
        for person in (office.ana, office.ben, office.cem)
    }
    assert totals == {"Ana": 0, "Ben": 1, "Cem": 0}


def test_who_reads_it_is_remembered_from_then_on(office):
    conversation = office.open(office.ana, office.case(office.ana, office.ben))
    office.host.post(office.ana, conversation)
    state = office.host.do(reads.mark_read, office.ben.identity, conversation, seq=1)
    assert (state["unread"], office.synced(office.ben)["totals"]["unread"]) == (0, 0)


def test_it_can_be_muted_by_somebody_who_has_only_looked(office):
    conversation = office.open(office.ana, office.case(office.ana, office.ben))
    office.host.post(office.ana, conversation)
    office.host.do(conversations.set_own, office.ben.identity, conversation, muted=True)
    assert office.synced(office.ben)["totals"]["unread"] == 0


def test_who_takes_part_sees_whether_the_others_are_there(office):
    for family in (office.ana, office.cem):
        conversation = office.open(family, office.case(family, office.ben))
        office.host.post(family, conversation)
    asked = [office.ben.key, office.cem.key]
    seen = office.host.do(lambda: database.column(access.sharing_with(office.ana.key, asked)))
    assert list(seen) == [office.ben.key]


def test_from_the_hosts_commit_on_a_newcomer_reads_and_writes(office):
    case = office.case(office.ana)
    conversation = office.open(office.ana, case)
    office.host.post(office.ana, conversation, "Anybody there?")
    office.change(lambda session: office.assign(case, office.cem))
    assert [head["id"] for head in office.synced(office.cem)["conversations"]] == [
        str(conversation)
    ]
    assert office.host.post(office.cem, conversation, "Here I am")["seq"] == 2


def test_from_the_hosts_commit_on_who_left_can_nothing(office):
    case = office.case(office.ana, office.ben)
    conversation = office.open(office.ben, case)
    office.host.post(office.ben, conversation)
    office.host.execute("DELETE FROM assignment")
    with pytest.raises(NotFound):
        office.host.post(office.ben, conversation, "Still here")
    with pytest.raises(NotFound):
        office.host.do(history.read_history, office.ben.identity, conversation)
    with pytest.raises(NotFound):
        office.host.do(reads.mark_read, office.ben.identity, conversation, seq=1)
    assert office.synced(office.ben)["conversations"] == []
    with office.host.talk.events() as events:
        office.host.post(office.ana, conversation, "Between us")
    assert frames(events, office.ben) == []


def test_a_stored_row_of_reading_gives_no_access(office):
    case = office.case(office.ana, office.ben)
    conversation = office.open(office.ben, case)
    office.host.execute("DELETE FROM assignment")
    assert len(office.host.rows("chat_member")) == 1
    with pytest.raises(NotFound):
        office.head(office.ben, conversation)


def test_the_people_in_it_are_shown_and_counted(office):
    conversation = office.open(office.ana, office.case(office.ana, office.ben, office.cem))
    head = office.head(office.cem, conversation)
    assert head["members_count"] == 3
    assert {member["name"] for member in head["members"]} == {
        "Ana Example",
        "Ben Example",
        "Cem Example",
    }
    listed = office.host.do(members.list_members, office.ana.identity, conversation)["members"]
    assert {member["id"] for member in listed} == {
        person.id for person in (office.ana, office.ben, office.cem)
    }


def test_who_takes_part_twice_is_there_once(office):
    case = office.case(office.ana, office.ana)
    assert office.head(office.ana, office.open(office.ana, case))["members_count"] == 1


@pytest.mark.parametrize("act", ["add", "rename", "leave"])
def test_nobody_changes_by_hand_what_the_hosts_rows_say(office, act):
    conversation = office.open(office.ana, office.case(office.ana, office.ben))
    verbs = {
        "add": lambda: office.host.add(office.ana, conversation, office.cem),
        "rename": lambda: office.host.do(
            conversations.rename_group, office.ana.identity, conversation, title="Mine"
        ),
        "leave": lambda: office.host.remove(office.ana, conversation, office.ana),
    }
    with pytest.raises(Forbidden):
        verbs[act]()


def test_sending_costs_no_more_statements_for_more_people(office):
    def cost(case):
        conversation = office.open(office.ana, case)
        office.host.post(office.ana, conversation)
        with office.host.statements() as seen:
            office.host.post(office.ana, conversation)
        return len(seen)

    few = cost(office.case(office.ana, office.ben))
    crowd = office.host.people(*(f"Person {number}" for number in range(20)))
    assert cost(office.case(office.ana, *crowd)) == few


def test_sending_costs_no_statement_for_a_socket_that_hears_it(office):
    crowd = office.host.people(*(f"Person {number}" for number in range(20)))
    conversation = office.open(office.ana, office.case(office.ana, *crowd))
    hub = office.host.app.extensions["chat"].sockets.hub

    def cost():
        with office.host.statements() as seen:
            office.host.post(office.ana, conversation, "Hello, all of you")
        return len(seen)

    alone = cost()
    sockets = [connect(person.id) for person in crowd for _ in range(2)]
    for socket in sockets:
        hub.add(socket)
    assert cost() == alone
    assert [sum(b"all of you" in text for text in one.wire.texts) for one in sockets] == [1] * 40


# Closed, deleted


def test_nothing_more_is_written_about_a_closed_record(office):
    case = office.case(office.ana, office.ben)
    conversation = office.open(office.ana, case)
    office.host.post(office.ana, conversation)
    office.host.execute("UPDATE case_file SET closed = true")
    with pytest.raises(Forbidden, match="closed"):
        office.host.post(office.ana, conversation)
    assert (
        len(office.host.do(history.read_history, office.ana.identity, conversation)["messages"])
        == 1
    )


def test_with_the_record_its_conversation_is_gone_for_everybody(office):
    case = office.case(office.ana)
    conversation = office.open(office.ana, case)
    office.host.post(office.ana, conversation)
    with office.host.talk.events() as events:
        office.change(lambda session: session.delete(office.record(case)))
    assert {"type": "gone", "conversation": str(conversation)} in frames(events, office.ana)
    with pytest.raises(NotFound):
        office.head(office.ana, conversation)
    assert len(office.host.rows("chat_message")) == 1


def test_with_purge_nothing_of_it_stays(host):
    office = Office(host, on_delete="purge")
    case = office.case(office.ana)
    conversation = office.open(office.ana, case)
    posted = host.post(office.ana, conversation)
    host.do(
        messages.edit_message, office.ana.identity, conversation, int(posted["id"]), body="Other"
    )
    office.change(lambda session: session.delete(office.record(case)))
    assert [
        host.rows(f"chat_{table}") for table in ("conversation", "member", "message", "revision")
    ] == [[], [], [], []]


def test_a_new_record_of_the_same_key_inherits_nothing(office):
    case = office.case(office.ana)
    first = office.open(office.ana, case)
    office.host.post(office.ana, first, "About the first")
    office.host.execute("DELETE FROM case_file")
    with office.host.app.app_context():
        again = office.db.Case(id=case, title="Another", family=office.ben.key)
        office.db.session.add(again)
        office.db.session.commit()
    second = office.open(office.ben, case)
    assert second != first
    assert office.host.do(history.read_history, office.ben.identity, second)["messages"] == []


def test_the_sweep_ends_what_was_about_records_deleted_in_bulk(office):
    conversation = office.open(office.ana, office.case(office.ana))
    office.host.execute("DELETE FROM case_file")
    assert (office.host.do(threads.sweep_records), office.host.do(threads.sweep_records)) == (1, 0)
    (row,) = office.host.rows("chat_conversation")
    assert (row["id"], row["subject_kind"]) == (conversation, None)


def test_somebody_deleted_by_the_host_leaves_no_row_of_reading(office):
    conversation = office.open(office.ben, office.case(office.ana, office.ben))
    office.host.post(office.ben, conversation)
    office.host.execute("DELETE FROM assignment")
    office.change(lambda session: session.delete(office.host.user(office.ben)))
    assert office.host.rows("chat_member") == []
    (message,) = office.host.do(history.read_history, office.ana.identity, conversation)["messages"]
    assert message["author"] is None


# What a host may get wrong


def test_a_model_is_registered_once(office):
    with pytest.raises(SetupError, match="already"):
        office.host.chat.subject(office.db.Case, participants=select(office.db.Case.id))(dict)


def test_a_model_of_several_keys_is_refused_in_one_sentence(host):
    with pytest.raises(SetupError, match="several columns"):
        host.chat.subject(host.db.Assignment, participants=select(host.db.Case.id))(dict)


@pytest.mark.parametrize(
    ("participants", "sentence"),
    [("everybody", "is str"), (select(1), "it has 1"), (lambda: select(1, 2, 3), "it has 3")],
    ids=["no query", "one column", "three columns"],
)
def test_participants_that_are_no_relation_are_refused_in_one_sentence(
    host, participants, sentence
):
    ana = host.person("Ana")
    host.chat.subject(host.db.Case, participants=participants, name="case")(dict)
    with pytest.raises(SetupError, match=sentence):
        host.do(sync.synchronise, ana.identity, known={})


def test_what_is_no_subject_has_nothing_said_about_it(office):
    with office.host.app.app_context(), pytest.raises(SetupError, match="no subject"):
        office.host.chat.post_system(office.db.Note(words="x"), "Hello")
