"""The office writes first: to whom it may, in the one conversation, with figures that stay true."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from flask_chat.errors import Conflict, Forbidden, NotFound
from flask_chat.services import handling, inboxes
from tests.database.test_inboxes import EVENING, HOURS, NAMES, School, at, frames  # noqa: F401


@pytest.fixture
def school(make_host):
    host = make_host(hooks=NAMES)
    school = School(host, writers=select(host.User.id).where(host.User.role == "guardian"))
    for writer in (school.gus, school.gwen):
        school.change(writer, role="guardian")
    return school


def begin(school, staff, whom, inbox="registrar"):
    opened = school.do(inboxes.open_as_office, staff, inbox=inbox, user=whom.id)
    return int(opened.conversation["id"])


def names(school, staff, q=""):
    found = school.do(inboxes.list_writers, staff, "registrar", q=q, after=None, limit=50)
    return [person["name"] for person in found["people"]]


def test_the_other_side_hears_of_it_with_the_first_message_of_the_office(school):
    with school.host.talk.events() as events:
        conversation = begin(school, school.rita, school.gus)
    assert frames(events, school.gus) == []
    assert school.listed(school.gus) == []
    assert (school.queue("mine"), school.queue("others", school.rob)) == (["Gus"], ["Gus"])
    with school.host.talk.events() as events:
        said = school.host.post(school.rita, conversation, "Your papers are here.")
    assert (said["author"]["name"], said["office"]) == ("Rita", "Registrar's Office")
    assert "message.posted" in [frame["type"] for frame in frames(events, school.gus)]
    assert school.listed(school.gus) == [conversation]


def test_either_side_finds_the_same_conversation_whoever_opens_it_at_one_moment(school):
    found, start = [], threading.Barrier(4)

    def race(open_it):
        start.wait()
        found.append(open_it())

    runners = [
        threading.Thread(target=race, args=[open_it])
        for open_it in (
            lambda: school.open(school.gus),
            lambda: begin(school, school.rita, school.gus),
            lambda: begin(school, school.rob, school.gus),
            lambda: begin(school, school.rob, school.gus),
        )
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert (len(found), len(set(found))) == (4, 1)
    (row,) = school.host.rows("chat_inquiry")
    assert row["round"] == len(school.host.rows("chat_inquiry_round")) == 1
    assert len(school.said(school.notes(found[0]), school.rita)) == 1


def test_an_office_that_writes_first_does_not_wait_for_itself(school):
    conversation = begin(school, school.rita, school.gus)
    school.host.post(school.rita, conversation, "Which day suits you?")
    (begun,) = school.host.rows("chat_inquiry_round")
    assert (begun["asked_at"], begun["first_answer_at"]) == (None, None)
    assert school.inquiry(conversation)["waiting_since"] is None
    school.host.post(school.gus, conversation, "Monday")
    since = school.inquiry(conversation)["waiting_since"]
    school.host.post(school.gus, conversation, "or Tuesday")
    assert school.inquiry(conversation)["waiting_since"] == since is not None
    school.host.post(school.rob, conversation, "Monday it is.")
    with school.host.app.app_context():
        views = school.host.chat.views.rounds
        (row,) = school.db.session.execute(select(views)).all()
        waited = (row.first_answer_at - row.asked_at).total_seconds()
        assert row.opened_at < row.asked_at < row.first_answer_at
        assert row.response_seconds == pytest.approx(waited, abs=0.002)


@pytest.mark.parametrize("whom", ["nobody", "colleague", "stranger", "former"])
def test_it_writes_to_nobody_who_may_not_write_to_it(school, whom):
    colleague = school.rob
    school.change(colleague, role="guardian")
    former = school.host.person("Fay", role="guardian", active=False)
    others = {"colleague": colleague.id, "stranger": school.lena.id, "former": former.id}
    before = school.host.dump()
    user = others.get(whom, "999999")
    with pytest.raises(Forbidden):
        school.do(inboxes.open_as_office, school.rita, inbox="registrar", user=user)
    assert school.host.dump() == before
    assert names(school, school.rita) == ["Gus", "Gwen"]
    assert names(school, school.rita, "gw") == ["Gwen"]


def test_only_who_works_there_writes_and_searches_in_its_name(school):
    for stranger in (school.gwen, school.lena):
        with pytest.raises(NotFound):
            begin(school, stranger, school.gus)
        with pytest.raises(NotFound):
            names(school, stranger)
    assert school.host.rows("chat_conversation") == []


def test_what_another_office_has_now_is_left_to_it(school):
    conversation = school.ask(school.gus)
    school.do(handling.transfer, school.rita, conversation, "library")
    with pytest.raises(Conflict, match="Library"):
        begin(school, school.rita, school.gus)


def test_no_answer_comes_by_itself_to_what_the_office_writes(make_host, at):  # noqa: F811
    at.now = EVENING
    school = School(make_host(hooks=NAMES), hours=HOURS)
    conversation = begin(school, school.rita, school.gus)
    school.host.post(school.rita, conversation, "We are closed, and write all the same.")
    assert len(school.said(conversation, school.gus)) == 1


def test_closed_it_opens_as_it_is_and_what_is_open_stays_whose_it_was(school):
    conversation = school.ask(school.gus)
    school.do(handling.claim, school.rob, conversation)
    assert begin(school, school.rita, school.gus) == conversation
    assert school.inquiry(conversation)["assignee"]["name"] == "Rob"
    school.do(handling.set_closed, school.rob, conversation, closed=True)
    assert begin(school, school.rita, school.gus) == conversation
    assert school.queue("closed") == ["Gus"]
