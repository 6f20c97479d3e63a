"""Quiet hours in the life of a client: Cleo rests, and Ben writes to the group that she is in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from flask_chat import Hours
from flask_chat.services import posting, releasing
from tests.replay.cases import case
from tests.support.hosts import Host, Person

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def furnish(host: Host, resting: Person, overriding: Person) -> SimpleNamespace:
    """The rule, and whether it is closed."""
    night, user = SimpleNamespace(closed=False), host.User
    hours = Hours("UTC", {day: ["00:00-24:00"] for day in _DAYS}, closed=lambda day: night.closed)
    host.chat.quiet_hours(
        "rest",
        of=select(user.id).where(user.id == resting.key),
        override=select(user.id).where(user.id == overriding.key),
        open=hours,
        reason="It is night.",
    )
    return night


def _hold(s: Any, body: str = "Late") -> int:
    s.night.closed = True
    return int(s.do(posting.post_message, s.ben, s.group, body=body).held["id"])


@case("posting.post_all")
def held_on_another_device(s: Any) -> None:
    _hold(s)


@case("releasing.cancel_held")
def taken_back_on_another_device(s: Any) -> None:
    s.do(releasing.cancel_held, s.ben, s.group, _hold(s))
    _hold(s, "Later")


@case("releasing.send_held")
def sent_at_once_on_another_device(s: Any) -> None:
    first, _ = _hold(s), _hold(s, "Later")
    s.do(releasing.send_held, s.ben, s.group, first)


@case("releasing._judge")
def the_calendar_says_something_else(s: Any) -> None:
    _hold(s)
    s.do(releasing.review)


@case("releasing._release")
def the_quiet_hours_end(s: Any) -> None:
    _hold(s)
    _hold(s, "Later")
    s.night.closed = False
    s.do(releasing.review)


@case("releasing._release")
def it_is_refused_at_their_end(s: Any) -> None:
    """Ben's account is not active at that moment."""
    _hold(s)
    s.night.closed = False
    s.host.execute("UPDATE person SET active = :no WHERE person_no = :key", no=False, key=s.ben.key)
    s.do(releasing.review)
    s.host.execute("UPDATE person SET active = :no WHERE person_no = :key", no=True, key=s.ben.key)
