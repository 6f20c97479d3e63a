"""Pupils' rest: on a day that the registrar marks, what is written to them waits until the next."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from flask_chat import Chat, Hours
from host_example.models import Role, Setting, User, db

TIME_ZONE = "Europe/Dublin"
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def register(chat: Chat) -> None:
    """All day long on all days but rest days; a school would write its hours here."""
    chat.quiet_hours(
        "pupils",
        of=select(User.id).where(User.role == Role.STUDENT),
        open=Hours(TIME_ZONE, {day: ["00:00-24:00"] for day in WEEK}, closed=is_rest_day),
        override=select(User.id).where(User.role == Role.REGISTRAR),
        reason="It is a rest day for pupils.",
    )


def today() -> date:
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


def is_rest_day(day: date) -> bool:
    return db.session.get(Setting, _key(day)) is not None


def mark(day: date, *, rests: bool) -> None:
    """Make it a rest day, or an ordinary one again."""
    found = db.session.get(Setting, _key(day))
    if rests and found is None:
        db.session.add(Setting(key=_key(day), value="rest"))
    elif not rests and found is not None:
        db.session.delete(found)


def _key(day: date) -> str:
    return f"rest-day.{day.isoformat()}"
