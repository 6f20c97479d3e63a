"""An office in the life of a client: Ana and Ben work there, Eva has written to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from flask_chat.services import handling, inboxes, posting
from tests.replay.cases import HEAD, SYNC, case
from tests.support.hosts import Host, Person

_LATER = datetime.now(UTC) + timedelta(days=2)


def furnish(host: Host, ana: Person, ben: Person, eva: Person) -> int:
    """The office, and a library where Ana works too; the number of Eva's letter."""
    user = host.User
    everybody, alone = [ana.key, ben.key], [ana.key]
    host.chat.inbox("office", title="Office", staff=select(user.id).where(user.id.in_(everybody)))
    host.chat.inbox("library", title="Library", staff=select(user.id).where(user.id.in_(alone)))
    return _write(host, eva, "Is there a place?")


def _write(host: Host, writer: Person, body: str) -> int:
    opened = host.do(inboxes.open_inquiry, writer.identity, inbox="office")
    conversation = int(opened.conversation["id"])
    host.post(writer, conversation, body)
    return conversation


def _notes(s: Any) -> int:
    (row,) = s.host.rows("chat_inquiry", f"conversation_id = {s.letter}")
    return int(row["notes_id"])


@case("inboxes.open_inquiry")
def somebody_thinks_of_writing_to_the_office(s: Any) -> None:
    s.do(inboxes.open_inquiry, s.people.dov.identity, inbox="office")


@case("inboxes.open_inquiry", asks=SYNC, to="dov")
def opened_the_office_on_another_device(s: Any) -> None:
    s.do(inboxes.open_inquiry, s.people.dov.identity, inbox="office")


@case("inboxes.open_as_office", asks=SYNC)
def a_colleague_begins_for_the_office(s: Any) -> None:
    s.do(inboxes.open_as_office, s.ana, inbox="office", user=s.people.dov.id)


@case("inboxes.open_as_office", to="eva")
def the_office_looks_at_ones_letter(s: Any) -> None:
    s.do(inboxes.open_as_office, s.ana, inbox="office", user=s.people.eva.id)


@case("posting.post_all", asks=SYNC, to="dov")
def the_office_writes_first(s: Any) -> None:
    opened = s.do(inboxes.open_as_office, s.ana, inbox="office", user=s.people.dov.id)
    s.do(posting.post_message, s.ana, int(opened.conversation["id"]), body="Your papers")


@case("posting.post_all", asks=SYNC)
def somebody_writes_to_the_office(s: Any) -> None:
    _write(s.host, s.people.dov, "I am new here")


@case("posting.post_all")
def the_office_has_answered(s: Any) -> None:
    s.do(posting.post_message, s.ana, s.letter, body="There is")


@case("posting.post_all", to="eva")
def one_is_answered_by_the_office(s: Any) -> None:
    s.do(posting.post_message, s.ana, s.letter, body="There is")


@case("posting.post_all")
def a_colleague_notes_something(s: Any) -> None:
    s.do(posting.post_message, s.ana, _notes(s), body="Ask the head first")


@case("handling.claim")
def a_colleague_takes_it(s: Any) -> None:
    s.do(handling.claim, s.ana, s.letter)


@case("handling.assign")
def one_is_given_it(s: Any) -> None:
    s.do(handling.assign, s.ana, s.letter, s.people.ben.id)


@case("handling.transfer", asks=HEAD)
def it_goes_to_an_office_where_one_does_not_work(s: Any) -> None:
    s.do(handling.transfer, s.ana, s.letter, "library")


@case("handling.transfer", to="eva")
def another_office_has_it_now(s: Any) -> None:
    s.do(handling.transfer, s.ana, s.letter, "library")


@case("handling.snooze")
def it_was_put_off(s: Any) -> None:
    s.do(handling.snooze, s.ana, s.letter, _LATER)


@case("handling.put_back")
def its_time_has_come(s: Any) -> None:
    s.do(handling.snooze, s.ana, s.letter, _LATER)
    s.host.execute("UPDATE chat_inquiry SET snoozed_until = '2020-01-01 00:00:00.000000'")
    s.do(handling.tend)


@case("handling.set_closed")
def it_is_done(s: Any) -> None:
    s.do(handling.set_closed, s.ana, s.letter, closed=True)


@case("handling.set_closed", to="eva")
def the_office_takes_it_for_done(s: Any) -> None:
    s.do(handling.set_closed, s.ana, s.letter, closed=True)


@case("posting.post_all")
def it_was_not_done(s: Any) -> None:
    s.do(handling.set_closed, s.ana, s.letter, closed=True)
    s.do(posting.post_message, s.people.eva.identity, s.letter, body="One more thing")
