"""System messages in the host's own transaction: rolled back, they never were."""

from __future__ import annotations

import threading

import pytest

from flask_chat.errors import Forbidden, Invalid
from flask_chat.services import messages
from tests.support.records import KINDS, Office, frames


@pytest.fixture
def office(host):
    return Office(host)


def said(office):
    return [
        (row["seq"], row["kind"], row["body"])
        for row in office.host.rows("chat_message", order="seq")
    ]


@KINDS
def test_what_the_host_says_is_stored_by_its_commit(make_host, kind):
    office = Office(make_host(kind=kind))
    case = office.case(office.ana, office.ben)
    with office.host.talk.events() as events:
        office.change(
            lambda session: office.host.chat.post_system(
                office.record(case), "Documents accepted", by=office.host.user(office.ben)
            )
        )
    assert said(office) == [(1, "system", "Documents accepted")]
    (frame,) = [f for f in frames(events, office.ana) if f["type"] == "message.posted"]
    assert (frame["data"]["author"]["name"], frame["data"]["kind"]) == ("Ben Example", "system")


def test_rolled_back_it_never_was_and_no_number_is_used_up(office):
    case = office.case(office.ana)
    conversation = office.open(office.ana, case)
    with office.host.talk.events() as events, office.host.app.app_context():
        office.host.chat.post_system(office.record(case), "Never")
        office.db.session.rollback()
    assert (said(office), events) == ([], [])
    assert office.host.post(office.ana, conversation)["seq"] == 1


def test_rolled_back_to_a_savepoint_it_never_was(office):
    case = office.case(office.ana)

    def act(session):
        office.host.chat.post_system(office.record(case), "Before")
        try:
            with session.begin_nested():
                office.host.chat.post_system(office.record(case), "Within")
                raise ZeroDivisionError
        except ZeroDivisionError:
            office.host.chat.post_system(office.record(case), "After")

    office.change(act)
    assert [(seq, body) for seq, _, body in said(office)] == [(1, "Before"), (2, "After")]


def test_a_record_may_be_as_new_as_what_is_said_about_it(office):
    def act(session):
        record = office.db.Case(title="New", family=office.ana.key)
        session.add(record)
        office.host.chat.post_system(record, "Application received")

    office.change(act)
    assert said(office) == [(1, "system", "Application received")]
    (head,) = office.synced(office.ana)["conversations"]
    assert (head["title"], head["unread"]) == ("New", 1)


def test_while_a_slow_view_works_nobody_waits_for_it(office):
    case = office.case(office.ana, office.ben)
    conversation = office.open(office.ana, case)
    with office.host.app.app_context():
        office.host.chat.post_system(office.record(case), "Decided", by=None)
        meanwhile = threading.Thread(
            target=office.host.post, args=[office.ben, conversation, "Meanwhile"]
        )
        meanwhile.start()
        meanwhile.join(10)
        office.db.session.commit()
    assert [(seq, body) for seq, _, body in said(office)] == [(1, "Meanwhile"), (2, "Decided")]


def test_a_system_message_is_nobodys_to_edit_or_delete(office):
    case = office.case(office.ana, office.ben)
    office.change(
        lambda session: office.host.chat.post_system(
            office.record(case), "Accepted", by=office.host.user(office.ben)
        )
    )
    conversation, message = office.open(office.ben, case), office.host.rows("chat_message")[0]["id"]
    for verb, options in ((messages.edit_message, {"body": "No"}), (messages.delete_message, {})):
        with pytest.raises(Forbidden):
            office.host.do(verb, office.ben.identity, conversation, message, **options)


def test_words_that_are_none_are_refused_at_once(office):
    case = office.case(office.ana)
    with office.host.app.app_context(), pytest.raises(Invalid):
        office.host.chat.post_system(office.record(case), "   ")
