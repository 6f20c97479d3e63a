"""Open pages are told when a record, or who takes part in its conversation, has changed."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from flask_chat.services import sync, threads
from flask_chat.services.threads import Access
from tests.support.records import Office, frames, orders


@pytest.fixture
def office(host):
    return Office(host)


def test_a_change_of_the_record_is_told_to_those_who_take_part(office):
    case = office.case(office.ana, office.ben)
    conversation = office.open(office.ana, case)
    with office.host.talk.events() as events:
        office.change(lambda session: setattr(office.record(case), "title", "Renamed"))
    (frame,) = frames(events, office.ben)
    assert (frame["type"], frame["change"], frame["data"]["title"]) == (
        "conversation.changed",
        2,
        "Renamed",
    )
    changes = office.host.do(sync.list_changes, office.ana.identity, conversation, after=1, limit=9)
    assert changes["changes"][0]["data"]["subject"]["title"] == "Renamed"


def test_a_change_that_is_rolled_back_is_told_to_nobody(office):
    case = office.case(office.ana)
    office.open(office.ana, case)
    with office.host.talk.events() as events, office.host.app.app_context():
        office.record(case).title = "Never"
        office.db.session.flush()
        office.db.session.rollback()
    assert events == []


@pytest.mark.parametrize(
    ("act", "asks"),
    [
        (lambda office, case: office.assign(case, office.cem), True),
        (lambda office, case: setattr(office.record(case), "family", office.cem.key), True),
        (lambda office, case: office.db.session.add(office.db.Note(words="x")), False),
        (lambda office, case: setattr(office.host.user(office.ana), "role", "x"), False),
    ],
    ids=["new row of the rule", "changed column of the rule", "other table", "other column"],
)
def test_processes_compare_access_when_the_rules_rows_change(office, act, asks):
    case = office.case(office.ana)
    with orders(office.host) as given:
        office.change(lambda session: act(office, case))
    assert (threads.RECHECK in given) is asks


def test_a_bulk_change_is_told_when_the_host_says_so(office):
    case = office.case(office.ana, office.ben)
    conversation = office.open(office.ana, case)

    def act(session):
        session.execute(update(office.db.Case).values(title="In bulk"))
        office.host.chat.access_changed(office.record(case))

    with office.host.talk.events() as events, orders(office.host) as given:
        office.change(act)
    (frame,) = frames(events, office.ben)
    assert (frame["conversation"], frame["data"]["title"]) == (str(conversation), "In bulk")
    assert threads.RECHECK in given


def test_whose_threads_moved_is_found_in_one_statement(office):
    case = office.case(office.ana, office.ben)
    office.open(office.ana, case)
    known, users = Access(), {office.ana.id, office.ben.id, office.cem.id}

    def moved():
        return set(office.host.do(known.moved, users))

    moved()
    office.host.execute("DELETE FROM assignment")
    with office.host.statements() as seen:
        assert moved() == {office.ben.id}
    assert (moved(), len([s for s in seen if "case_file" in s])) == (set(), 1)
