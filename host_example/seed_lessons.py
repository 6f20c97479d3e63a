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
    plans = [Plan(school, school_class) for school_class in school.classes]
    lessons: list[Lesson] = []
    for weekday in range(len(WEEKDAYS)):
        for plan in plans:
            plan.begin_day()
        for period in PERIODS:
            busy: set[User] = set()
            # Nobody always chooses last.
            first = (weekday + period) % len(plans)
            for plan in plans[first:] + plans[:first]:
                lesson = plan.next_lesson(weekday, period, busy)
                if lesson is not None and lesson.teacher is not None:
                    busy.add(lesson.teacher)
                    lessons.append(lesson)
    return lessons


class Plan:
    """What one class still has to learn this week, and from whom."""

    def __init__(self, school: School, school_class: SchoolClass) -> None:
        self._random = school.random
        self._school_class = school_class
        self._teachers = _teachers_for(school, school_class)
        self._remaining = Counter(WEEKLY_HOURS)
        self._taught_today: Counter[str] = Counter()

    def begin_day(self) -> None:
        self._taught_today.clear()

    def next_lesson(self, weekday: int, period: int, busy: set[User]) -> Lesson | None:
        """Take the most urgent subject whose teacher is free, if there is one."""
        free = [subject for subject in WEEKLY_HOURS if self._is_possible(subject, busy)]
        if not free:
            return None
        subject = max(free, key=self._urgency)
        self._remaining[subject] -= 1
        self._taught_today[subject] += 1
        return Lesson(
            school_class=self._school_class,
            teacher=self._teachers[subject],
            subject=subject,
            weekday=weekday,
            period=period,
            room=SPECIAL_ROOMS.get(subject, self._school_class.room),
        )

    def _is_possible(self, subject: str, busy: set[User]) -> bool:
        return (
            self._remaining[subject] > 0
            and self._taught_today[subject] < 2
            and self._teachers[subject] not in busy
        )

    def _urgency(self, subject: str) -> float:
        """More hours left is more urgent; a little chance keeps the days from looking alike."""
        return (
            self._remaining[subject] - 4 * self._taught_today[subject] + 2 * self._random.random()
        )


def _teachers_for(school: School, school_class: SchoolClass) -> dict[str, User]:
    """Decide who teaches a class each subject; its homeroom teacher always teaches there."""
    index = school.classes.index(school_class)
    by_subject: dict[str, list[User]] = {}
    for subject, teacher in zip(POSTS, school.teachers, strict=True):
        by_subject.setdefault(subject, []).append(teacher)
    chosen = {
        subject: teachers[index // 2 % len(teachers)] for subject, teachers in by_subject.items()
    }
    for subject, teachers in by_subject.items():
        if school_class.homeroom_teacher in teachers:
            chosen[subject] = school_class.homeroom_teacher
    return chosen
