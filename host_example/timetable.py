"""The school day: when periods begin, and which day a timetable should show."""

from __future__ import annotations

from datetime import date, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
PERIODS = {
    1: ("08:00", "08:45"),
    2: ("08:50", "09:35"),
    3: ("09:55", "10:40"),
    4: ("10:45", "11:30"),
    5: ("11:50", "12:35"),
    6: ("12:40", "13:25"),
}


def school_day(today: date) -> date:
    """Return ``today`` if there is school, else the Monday after."""
    weekend_days = max(0, 7 - today.weekday()) if today.weekday() > 4 else 0
    return today + timedelta(days=weekend_days)
