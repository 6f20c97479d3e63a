"""Reports that join the school's records with what was said about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from host_example.chat import chat
from host_example.models import Application, Role, User

SATURDAY = 5


def unanswered_applications(*, school_days: int = 2, now: datetime | None = None) -> Select[Any]:
    """Applications whose family has waited this long for an answer of the office.

    Columns: the application, since when, and the registrar who answered last, if any has.
    The longest wait comes first within each registrar.
    """
    turns = chat.views.turns
    office = _last_answers()
    family, registrar = aliased(User), aliased(User)
    since = func.min(turns.c.started_at)
    return (
        select(Application, since.label("since"), registrar)
        .join(turns, chat.about(turns, Application))
        .join(family, family.id == turns.c.author_id)
        .outerjoin(office, office.c.conversation_id == turns.c.conversation_id)
        .outerjoin(registrar, registrar.id == office.c.author_id)
        .where(family.role != Role.REGISTRAR, turns.c.turn > func.coalesce(office.c.turn, 0))
        .group_by(Application.id, registrar.id)
        .having(since <= school_days_ago(school_days, now or datetime.now(UTC)))
        .order_by(registrar.full_name, since)
    )


def waiting_since(applications: Collection[int]) -> Select[Any]:
    """Since when the families of these applications (by number) have had no answer.

    Columns: the application’s number, and the moment; those that have one are left out.
    """
    turns, office, family = chat.views.turns, _last_answers(), aliased(User)
    return (
        select(Application.id, func.min(turns.c.started_at))
        .join(turns, chat.about(turns, Application))
        .join(family, family.id == turns.c.author_id)
        .outerjoin(office, office.c.conversation_id == turns.c.conversation_id)
        .where(
            Application.id.in_(applications),
            family.role != Role.REGISTRAR,
            turns.c.turn > func.coalesce(office.c.turn, 0),
        )
        .group_by(Application.id)
    )


def _last_answers() -> Any:
    """The newest turn of a registrar in each conversation, and whose it is."""
    turns = chat.views.turns
    place = func.row_number().over(
        partition_by=turns.c.conversation_id, order_by=turns.c.turn.desc()
    )
    answers = (
        select(turns.c.conversation_id, turns.c.turn, turns.c.author_id, place.label("place"))
        .join(User, User.id == turns.c.author_id)
        .where(User.role == Role.REGISTRAR)
        .subquery()
    )
    return select(answers).where(answers.c.place == 1).subquery()


def office_queues() -> Select[Any]:
    """How much each office has before it.

    Columns: the office’s name, its open letters, those nobody has taken, those that wait for an
    answer, and the seconds of the longest wait.
    """
    letters = chat.views.inquiries
    return (
        select(
            letters.c.inbox,
            func.count().label("open"),
            func.count().filter(letters.c.state == "new").label("new"),
            func.count(letters.c.waiting_since).label("unanswered"),
            func.max(letters.c.waiting_seconds).label("longest"),
        )
        .where(letters.c.state != "closed")
        .group_by(letters.c.inbox)
    )


def office_work(since: datetime) -> Select[Any]:
    """What each of the staff has done with the letters that came in since then.

    Columns: the person, their first answers, the average seconds to one, what they closed, and the
    average seconds from its first words to its closing.
    """
    rounds = chat.views.rounds
    answered, closed = rounds.c.answered_by_id == User.id, rounds.c.closed_by_id == User.id
    return (
        select(
            User,
            func.count().filter(answered).label("answers"),
            func.avg(rounds.c.response_seconds).filter(answered).label("response"),
            func.count().filter(closed).label("closings"),
            func.avg(rounds.c.resolution_seconds).filter(closed).label("resolution"),
        )
        .join(rounds, or_(answered, closed))
        .where(rounds.c.opened_at >= since)
        .group_by(User.id)
        .order_by(User.name_key)
    )


def school_days_ago(count: int, now: datetime) -> datetime:
    """The same time of day, this many days of school before."""
    day = now
    while count > 0:
        day -= timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day
