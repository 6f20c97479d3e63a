"""The rules of contact of a school: every pair of people, against the rules in plain Python."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from random import Random

import pytest
from sqlalchemy import ForeignKey, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from flask_chat.errors import Forbidden, SetupError
from flask_chat.schools import Rules, years_ago


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column("person_no", primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    class_name: Mapped[str | None] = mapped_column(String(5))


class Guardianship(Base):
    __tablename__ = "guardianship"
    guardian: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    pupil: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)


class Lesson(Base):
    __tablename__ = "lesson"
    id: Mapped[int] = mapped_column(primary_key=True)
    teacher: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    class_name: Mapped[str] = mapped_column(String(5))


ONE, OTHER = aliased(User), aliased(User)
QUERIES = {
    "users": User,
    "staff": select(User.id).where(User.role.in_(["teacher", "office"])),
    "office": select(User.id).where(User.role == "office"),
    "pupils": lambda: select(User.id).where(User.role == "pupil"),
    "guardians": select(Guardianship.guardian, Guardianship.pupil),
    "taught": lambda: select(Lesson.teacher, User.id).join(
        User, User.class_name == Lesson.class_name
    ),
    "classmates": select(ONE.id, OTHER.id).where(
        ONE.class_name == OTHER.class_name, ONE.id < OTHER.id
    ),
}
ROLES = ["teacher"] * 4 + ["office"] + ["pupil"] * 8 + ["guardian"] * 6 + ["visitor"] * 2


class School:
    """Twenty-one people with whatever classes, lessons and families chance gives them."""

    def __init__(self, session: Session, seed: int) -> None:
        random = Random(seed)
        self.people = [
            User(id=n, role=role, class_name=random.choice("ABC") if role == "pupil" else None)
            for n, role in enumerate(ROLES, 1)
        ]
        self.of = {role: [p for p in self.people if p.role == role] for role in set(ROLES)}
        self.families = {
            (random.choice(self.of["guardian"]).id, pupil.id)
            for pupil in self.of["pupil"]
            for _ in range(random.choice([0, 1, 2]))
        }
        # A teacher may have a child at the school.
        self.families.add((self.of["teacher"][0].id, self.of["pupil"][0].id))
        lessons = {
            (random.choice([*self.of["teacher"], None]), random.choice("ABC")) for _ in range(5)
        }
        self.taught = {
            (teacher.id, pupil.id)
            for teacher, name in lessons
            for pupil in self.of["pupil"]
            if teacher and pupil.class_name == name
        }
        session.add_all(self.people)
        session.flush()
        session.add_all(Guardianship(guardian=one, pupil=other) for one, other in self.families)
        session.add_all(
            Lesson(teacher=teacher and teacher.id, class_name=name) for teacher, name in lessons
        )
        session.flush()

    def may(self, one: User, other: User, *, pupils: str, reach: str) -> bool:
        staff = ("teacher", "office")
        guardians = {guardian for guardian, _ in self.families}
        pair, back = (one.id, other.id), (other.id, one.id)
        rules = [
            one.role in staff and other.role in staff,
            "office" in (one.role, other.role),
            pair in self.taught or back in self.taught,
            pair in self.families or back in self.families,
            one.role == other.role == "pupil"
            and (pupils == "all" or (pupils == "class" and one.class_name == other.class_name)),
            any(self.is_met(*two, guardians, staff, reach) for two in ((one, other), (other, one))),
        ]
        return any(rules)

    def is_met(self, worker, guardian, guardians, staff, reach) -> bool:
        """Whether one of the staff reaches a guardian."""
        if worker.role not in staff or guardian.id not in guardians:
            return False
        children = {pupil for one, pupil in self.families if one == guardian.id}
        return reach == "all" or any((worker.id, child) in self.taught for child in children)


@pytest.fixture
def session(databases):
    engine = create_engine(databases.empty())
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
        session.rollback()
    engine.dispose()


@pytest.mark.parametrize(
    ("pupils", "reach"), [*product(["off", "class", "all"], ["all", "taught"])]
)
def test_everybody_reaches_whom_the_rules_name_and_nobody_else(session, pupils, reach):
    rules = Rules(**QUERIES, pupils_write=pupils, guardians_reach=reach)
    school = School(session, seed=len(pupils) + len(reach))
    for one in school.people:
        found = {user.id for user in session.scalars(rules.contacts(one))}
        wanted = {
            other.id
            for other in school.people
            if other is not one and school.may(one, other, pupils=pupils, reach=reach)
        }
        assert found == wanted, one.role


def test_a_lesson_that_ends_ends_the_contact(session):
    rules = Rules(**QUERIES)
    session.add_all([User(id=1, role="teacher"), User(id=2, role="pupil", class_name="A")])
    session.flush()
    session.add(Lesson(id=1, teacher=1, class_name="A"))
    session.flush()
    teacher, pupil = session.get_one(User, 1), session.get_one(User, 2)
    assert session.scalars(rules.contacts(teacher)).all() == [pupil]
    session.delete(session.get_one(Lesson, 1))
    session.flush()
    assert session.scalars(rules.contacts(teacher)).all() == []
    assert session.scalars(rules.contacts(pupil)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"pupils_write": "maybe"},
        {"guardians_reach": "some"},
        {"pupils_write": "class", "classmates": None},
        {"staff": "teachers"},
        {"taught": select(User.id)},
    ],
    ids=["pupils", "guardians", "classmates", "staff", "taught"],
)
def test_a_rule_that_cannot_be_is_refused(wrong):
    with pytest.raises(SetupError):
        Rules(**{**QUERIES, **wrong}).contacts(User(id=1))


def test_in_groups_too_who_may_write_to_nobody_writes_nothing(make_host):
    allowed = {}

    def contacts(user):
        model = type(user)
        return select(model).where(model.name.in_(allowed[user.name]))

    host = make_host(hooks={"contacts": contacts}, CHAT_CONTACTS_IN_GROUPS=True)
    ana, ben, cem = host.people("Ana", "Ben", "Cem")
    allowed.update(Ana=["Ben", "Cem"], Ben=["Ana"], Cem=["Ana"])
    group = host.group(ana, ben, cem)
    host.post(ben, group)
    allowed.update(Ana=["Cem"], Ben=[])
    with pytest.raises(Forbidden):
        host.post(ben, group)
    host.post(ana, group)
    host.remove(ana, group, ben)
    host.remove(ana, group, cem)
    host.post(ana, group, "To myself")
    assert len(host.rows("chat_message")) == 3


@pytest.mark.parametrize(
    ("today", "then"),
    [("2028-02-29", "2015-02-28"), ("2028-03-01", "2015-03-01")],
)
def test_a_query_that_is_written_once_knows_the_day_it_runs_on(monkeypatch, today, then):
    """Also on the day that most years do not have."""

    class Clock(datetime):
        @classmethod
        def now(cls, zone=None):
            return cls.fromisoformat(today)

    query = select(years_ago(13))
    with create_engine("sqlite://").connect() as connection:
        assert connection.scalar(query) != date.fromisoformat(then)
        monkeypatch.setattr("flask_chat.schools.datetime", Clock)
        assert connection.scalar(query) == date.fromisoformat(then)
