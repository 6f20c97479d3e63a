"""How values look on a page: dates, initials, pills, and who is in the navigation."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from flask_login import current_user

from host_example.models import Application, Role, User

SCHOOL_NAME = "Alder Quay School"
TONES = 6  # colours of the round initials, see .avatar in school.css

# (label, endpoint, icon) for each role; everyone also has the home page.
NAVIGATION: dict[Role, tuple[tuple[str, str, str], ...]] = {
    Role.REGISTRAR: (
        ("Applications", "registrar.applications", "inbox"),
        ("Unanswered", "registrar.unanswered", "clock"),
        ("Offices", "registrar.offices", "desk"),
        ("Students", "registrar.students", "student"),
        ("People", "registrar.people", "people"),
        ("Classes", "classes.overview", "book"),
    ),
    Role.STAFF: (("Home", "home.index", "home"), ("Classes", "classes.overview", "book")),
    Role.TEACHER: (("Home", "home.index", "home"), ("Classes", "classes.overview", "book")),
    Role.STUDENT: (("Home", "home.index", "home"),),
    Role.GUARDIAN: (("Home", "home.index", "home"),),
}


def init_app(app: Flask) -> None:
    for template_filter in (initials, tone, day, short_day, moment, due, lasting):
        app.add_template_filter(template_filter)
    app.context_processor(page_frame)


def page_frame() -> dict[str, Any]:
    """What the base template needs on every page."""
    signed_in = current_user.is_authenticated
    return {
        "school_name": SCHOOL_NAME,
        "navigation": NAVIGATION[current_user.role] if signed_in else (),
        "Role": Role,
    }


def initials(name: str) -> str:
    """Return one or two letters that stand for a person, in the person's own script."""
    words = name.split()
    if not words:
        return "?"
    if len(words) > 1 and _has_capitals(words[0]) and _has_capitals(words[-1]):
        return words[0][0] + words[-1][0]
    return _first_letter(words[0])


def tone(person: User) -> int:
    """Return which of the avatar colours a person has."""
    return person.id % TONES


def day(value: date | None) -> str:
    """Return a date as “3 March 2027”."""
    return f"{value.day} {value:%B %Y}" if value else "–"


def short_day(value: date) -> str:
    """Return a date as “3 Mar 2027”, for columns."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """Return a point in time as “3 March 2027, 14:05”, in the server's zone."""
    # SQLite gives UTC back without saying that it is UTC.
    local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone()
    return f"{day(local)}, {local:%H:%M}"


def due(application: Application) -> dict[str, str]:
    """Return how soon a decision is due, in words and as a tone for the pill."""
    days = (application.deadline - date.today()).days
    if not application.status.is_open:
        return {"words": "Closed", "tone": "quiet"}
    if days < 0:
        return {"words": f"{_count_days(-days)} overdue", "tone": "late"}
    if days == 0:
        return {"words": "Due today", "tone": "late"}
    return {"words": f"{_count_days(days)} left", "tone": "soon" if days <= 7 else "calm"}


def lasting(seconds: float | None) -> str:
    """Return how long something took as people say it: “25 min”, “1 h 10 min”, “5 h”, “2 days”."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 3 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    if minutes < 24 * 60:
        return f"{round(minutes / 60)} h"
    return _count_days(round(minutes / (24 * 60)))


def _count_days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _has_capitals(word: str) -> bool:
    return unicodedata.category(word[0]) == "Lu"


def _first_letter(word: str) -> str:
    # Some Thai vowels are written before the consonant they follow; alone they look unfinished.
    thai_leading_vowels = "เแโใไ"
    return word[:2] if word[0] in thai_leading_vowels else word[0]
