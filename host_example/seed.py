"""The demo school's first day: people, classes, lessons, families and applications.

The same ``today`` always gives the same school. Everything is written in one transaction
whose last row is the mark ``SEEDED``: where the mark is missing, the work was cut short and
``ensure`` does it again.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from host_example import seed_applications, seed_lessons
from host_example.models import Guardianship, Role, SchoolClass, Setting, StudentRecord, User, db
from host_example.names import TRADITIONS, Tradition

PASSWORD = "demo"
SEEDED = "demo.seeded"
CLASS_NAMES = ("5A", "5B", "6A", "6B", "7A", "7B", "8A", "8B")
PUPILS_PER_CLASS = 12
OFFICE_POSTS = (
    (Role.REGISTRAR, "Registrar, lower school"),
    (Role.REGISTRAR, "Registrar, upper school"),
    (Role.STAFF, "Principal"),
    (Role.STAFF, "School nurse"),
    (Role.STAFF, "Counsellor"),
    (Role.STAFF, "Facilities and transport"),
)
NEWCOMERS = 12  # guardians who apply and have no child at the school yet


def ensure(today: date | None = None) -> bool:
    """Create and fill whatever is missing; return whether anything had to be done."""
    if is_complete():
        return False
    db.create_all()
    _empty_half_made_tables()
    populate(db.session(), today=today or date.today())
    db.session.commit()
    return True


def is_complete() -> bool:
    """Whether the school was written to its last row."""
    if not inspect(db.engine).has_table(Setting.__tablename__):
        return False
    with db.engine.connect() as connection:
        mark = select(Setting.value).where(Setting.key == SEEDED)
        return connection.execute(mark).scalar_one_or_none() is not None


def populate(session: Session, *, today: date) -> None:
    """Add the whole school to ``session``; the caller commits."""
    school = School(session, today)
    session.add_all([*school.classes, *school.records, *school.guardianships])
    # Flask-Login compares people by id: without ids, everyone would be the same person.
    session.flush()
    session.add_all(seed_lessons.timetable(school))
    session.add_all(seed_applications.applications(school))
    session.flush()
    session.add(Setting(key=SEEDED, value=datetime.combine(today, time(), UTC).isoformat()))


class School:
    """The people and classes while they are being made up, before they have rows."""

    def __init__(self, session: Session, today: date) -> None:
        self.session = session
        self.today = today
        self.random = Random(1847)
        # One hash for everyone: two hundred slow ones would hold up the first start, and
        # in a demo the shared password is no secret.
        self.password_hash = generate_password_hash(PASSWORD)
        self.people: list[User] = []
        self.classes: list[SchoolClass] = []
        self.records: list[StudentRecord] = []
        self.guardianships: list[Guardianship] = []
        self.newcomers: list[tuple[User, Tradition, str]] = []
        self.families: list[tuple[User, Tradition, str]] = []
        self._names: set[str] = set()
        self._family_count: Counter[Tradition] = Counter()
        self._add_accounts()
        self._add_office()
        self._add_teachers()
        self._add_classes()
        self._add_families()
        self._add_newcomers()

    @property
    def registrars(self) -> list[User]:
        return [person for person in self.people if person.role is Role.REGISTRAR]

    @property
    def teachers(self) -> list[User]:
        return [person for person in self.people if person.role is Role.TEACHER]

    def tradition(self, index: int) -> Tradition:
        """Walk round the traditions; the first few, the town's own, come up twice as often."""
        round_trip = (*TRADITIONS, *TRADITIONS[:6])
        return round_trip[index % len(round_trip)]

    def new_name(self, tradition: Tradition, family: str, *, woman: bool) -> str:
        """Return a name nobody at the school has yet."""
        name = tradition.full_name(self.random, family, woman=woman)
        while name in self._names:
            name = tradition.full_name(self.random, family, woman=woman)
        self._names.add(name)
        return name

    def new_family(self, tradition: Tradition) -> str:
        """Return the next family name of a tradition, so that few families share one."""
        families = tradition.families.split(", ")
        number = self._family_count[tradition]
        self._family_count[tradition] += 1
        return families[number % len(families)]

    def _add_person(
        self, username: str, full_name: str, role: Role, position: str | None = None
    ) -> User:
        person = User(
            username=username,
            full_name=full_name,
            email=f"{username}@alderquay.example",
            role=role,
            position=position,
            active=True,
            password_hash=self.password_hash,
        )
        # Straight away, so that ids follow the order in which people come up here.
        self.session.add(person)
        self.people.append(person)
        self._names.add(full_name)
        return person

    def _add_accounts(self) -> None:
        self._add_person("registrar", "Ingrid Sjöström", Role.REGISTRAR, "Head of admissions")
        self._add_person("teacher", "Tomás Echeverría", Role.TEACHER, "Mathematics")
        self._add_person("student", "Yanis Benhaddou", Role.STUDENT)
        self._add_person("guardian", "Samira Benhaddou", Role.GUARDIAN)

    def _add_office(self) -> None:
        for number, (role, position) in enumerate(OFFICE_POSTS, start=1):
            tradition = self.tradition(number * 3)
            name = self.new_name(tradition, self.new_family(tradition), woman=number % 2 == 1)
            self._add_person(f"o{number:03}", name, role, position)

    def _add_teachers(self) -> None:
        # The account "teacher" has the first post already.
        for number, subject in enumerate(seed_lessons.POSTS[1:], start=1):
            tradition = self.tradition(number * 5)
            name = self.new_name(tradition, self.new_family(tradition), woman=number % 3 != 0)
            self._add_person(f"t{number:03}", name, Role.TEACHER, subject)

    def _add_classes(self) -> None:
        homeroom_teachers = dict(
            zip((name for name in CLASS_NAMES if name != "7B"), self.teachers[1:], strict=False)
        )
        homeroom_teachers["7B"] = self.teachers[0]
        for name in CLASS_NAMES:
            teacher = homeroom_teachers[name]
            room = f"{name[0]}0{CLASS_NAMES.index(name) % 2 + 1}"
            self.classes.append(
                SchoolClass(name=name, grade=int(name[:-1]), room=room, homeroom_teacher=teacher)
            )

    def _add_families(self) -> None:
        places = [school_class for school_class in self.classes for _ in range(PUPILS_PER_CLASS)]
        self.random.shuffle(places)
        by_name = {school_class.name: school_class for school_class in self.classes}
        student, guardian = self.people[2], self.people[3]
        french = next(tradition for tradition in TRADITIONS if tradition.language == "French")
        self._enrol(student, by_name["7B"], french)
        self._enrol(self._new_student("Inès Benhaddou"), by_name["5A"], french)
        for record in self.records:
            self.guardianships.append(
                Guardianship(guardian=guardian, student=record.student, kinship="Mother")
            )
        self.families.append((guardian, french, "Benhaddou"))
        index = 0
        while places:
            self._add_family(self.tradition(index), places)
            index += 1

    def _add_family(self, tradition: Tradition, places: list[SchoolClass]) -> None:
        family = self.new_family(tradition)
        kinships = self.random.choices((("Mother",), ("Father",), ("Mother", "Father")), (5, 3, 2))[
            0
        ]
        guardians = []
        for kinship in kinships:
            name = self.new_name(tradition, family, woman=kinship == "Mother")
            guardians.append(self._add_person(f"g{len(self.people):04}", name, Role.GUARDIAN))
        for _ in range(min(len(places), self.random.choices((1, 2), (3, 2))[0])):
            child = self._new_student(
                self.new_name(tradition, family, woman=self.random.random() < 0.5)
            )
            self._enrol(child, places.pop(), tradition)
            for guardian, kinship in zip(guardians, kinships, strict=True):
                self.guardianships.append(
                    Guardianship(guardian=guardian, student=child, kinship=kinship)
                )
        self.families.append((guardians[0], tradition, family))

    def _add_newcomers(self) -> None:
        for number in range(NEWCOMERS):
            tradition = self.tradition(number * 7 + 2)
            family = self.new_family(tradition)
            name = self.new_name(tradition, family, woman=number % 2 == 0)
            guardian = self._add_person(f"g{len(self.people):04}", name, Role.GUARDIAN)
            self.newcomers.append((guardian, tradition, family))

    def _new_student(self, full_name: str) -> User:
        return self._add_person(f"s{len(self.people):04}", full_name, Role.STUDENT)

    def _enrol(self, student: User, school_class: SchoolClass, tradition: Tradition) -> None:
        school_year = self.today.year if self.today.month >= 8 else self.today.year - 1
        years_here = self.random.randint(0, school_class.grade - 5)
        self.records.append(
            StudentRecord(
                student=student,
                number=f"AQ-{1001 + len(self.records)}",
                school_class=school_class,
                born_on=date(school_year - school_class.grade - 6, 1, 1)
                + timedelta(days=self.random.randrange(365)),
                enrolled_on=date(school_year - years_here, 8, 24),
                home_language=tradition.language,
            )
        )


def _empty_half_made_tables() -> None:
    """Remove rows of the school that came without the mark."""
    for table in reversed(db.metadata.sorted_tables):
        if not table.name.startswith("chat_"):
            db.session.execute(table.delete())
