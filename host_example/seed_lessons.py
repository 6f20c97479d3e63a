"""The demo school's timetable: every class has its lessons, no teacher is in two rooms at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from host_example.models import Lesson, SchoolClass, User
from host_example.timetable import PERIODS, WEEKDAYS

if TYPE_CHECKING:
    from host_example.seed import School

WEEKLY_HOURS = {
    "Mathematics": 5,
    "English": 5,
    "Science": 4,
    "French": 3,
    "Physical education": 3,
    "History": 2,
    "Geography": 2,
    "Art": 2,
    "Music": 2,
    "Computing": 2,
}
SPECIAL_ROOMS = {
    "Science": "Lab 2",
    "Physical education": "Gym",
    "Art": "Studio",
    "Music": "Hall",
    "Computing": "Lab 1",
}
# One teacher per entry; a subject that is taught often is shared by several.
POSTS = (
    "Mathematics",
    "English",
    "Science",
    "French",
    "History",
    "Geography",
    "Art",
    "Music",
    "Physical education",
    "Computing",
    "Mathematics",
    "English",
    "Science",
    "French",
    "Physical education",
    "History",
    "Mathematics",
    "English",
)


def timetable(school: School) -> list[Lesson]:
    """Return a week of lessons for all classes."""
    staffing = {school_class.name: _teachers_for(school, school_class) for school_class in school.classes}
    remaining = {school_class.name: Counter(WEEKLY_HOURS) for school_class in school.classes}
    lessons: list[Lesson] = []
    for weekday in range(len(WEEKDAYS)):
        taught_today = {school_class.name: Counter[str]() for school_class in school.classes}
        for period in PERIODS:
            busy: set[User] = set()
            for offset in range(len(school.classes)):
                school_class = school.classes[(offset + period + weekday) % len(school.classes)]
                subject = _next_subject(
                    remaining[school_class.name], taught_today[school_class.name], staffing[school_class.name], busy
                )
                if subject is None:
                    continue
                teacher = staffing[school_class.name][subject]
                busy.add(teacher)
                remaining[school_class.name][subject] -= 1
                taught_today[school_class.name][subject] += 1
                lessons.append(
                    Lesson(
                        school_class=school_class,
                        teacher=teacher,
                        subject=subject,
                        weekday=weekday,
                        period=period,
                        room=SPECIAL_ROOMS.get(subject, school_class.room),
                    )
                )
    return lessons


def _teachers_for(school: School, school_class: SchoolClass) -> dict[str, User]:
    """Decide who teaches this class each subject: a homeroom teacher always teaches the own class."""
    index = school.classes.index(school_class)
    by_subject: dict[str, list[User]] = {}
    for subject, teacher in zip(POSTS, school.teachers, strict=True):
        by_subject.setdefault(subject, []).append(teacher)
    chosen = {subject: teachers[index // 2 % len(teachers)] for subject, teachers in by_subject.items()}
    for subject, teachers in by_subject.items():
        if school_class.homeroom_teacher in teachers:
            chosen[subject] = school_class.homeroom_teacher
    return chosen


def _next_subject(
    remaining: Counter[str], taught_today: Counter[str], teachers: dict[str, User], busy: set[User]
) -> str | None:
    """Return the most urgent subject whose teacher is free, twice a day at most."""
    free = [
        subject
        for subject, hours in remaining.items()
        if hours > 0 and taught_today[subject] < 2 and teachers[subject] not in busy
    ]
    return max(free, key=lambda subject: (remaining[subject] - 2 * taught_today[subject], subject), default=None)
