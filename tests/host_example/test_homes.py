"""The first page of each role, and what it costs the database."""

from datetime import date

import pytest
from sqlalchemy import select

from host_example import timetable
from host_example.models import Role, User


def test_a_teacher_finds_lessons_classes_and_the_homeroom(signed_in, person):
    page = signed_in("teacher").text("/")
    assert "Lessons" in page
    assert "Class 7B" in page
    assert f'data-chat-with="{person("student").id}"' in page


def test_a_student_finds_the_week_and_the_teachers(signed_in, person):
    page = signed_in("student").text("/")
    assert "Friday" in page
    assert f'data-chat-with="{person("teacher").id}"' in page


def test_a_guardian_finds_children_teachers_and_the_application(signed_in, person):
    page = signed_in("guardian").text("/")
    assert "Yanis Benhaddou" in page
    assert "Inès Benhaddou" in page
    assert "2027-001" in page
    assert "Documents missing" in page
    assert f'data-chat-with="{person("registrar").id}"' in page


def test_a_guardian_without_a_child_at_the_school_is_welcomed(signed_in, session):
    newcomer = session.scalars(select(User.username).order_by(User.id.desc())).first()
    assert "Welcome" in signed_in(newcomer).text("/")


@pytest.mark.parametrize("role", [Role.STAFF, Role.TEACHER, Role.STUDENT, Role.GUARDIAN])
def test_a_home_is_not_empty_handed_when_nobody_belongs_to_it(signed_in, session, person, role):
    person("o001").role = role
    session.commit()
    assert "<h1>" in signed_in("o001").text("/")


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2027, 3, 5), date(2027, 3, 5)),
        (date(2027, 3, 6), date(2027, 3, 8)),
        (date(2027, 3, 7), date(2027, 3, 8)),
    ],
)
def test_at_the_weekend_monday_is_shown(today, shown):
    assert timetable.school_day(today) == shown


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("registrar", "/registrar"),
        ("registrar", "/registrar/students"),
        ("registrar", "/registrar/people"),
        ("registrar", "/registrar/applications/1"),
        ("registrar", "/classes/"),
        ("registrar", "/classes/6"),
        ("teacher", "/"),
        ("student", "/"),
        ("guardian", "/"),
    ],
)
def test_a_page_asks_a_handful_of_questions_however_long_it_is(
    signed_in, statements, username, path
):
    visitor = signed_in(username)
    statements.clear()
    visitor.text(path)
    assert len([sql for sql in statements if sql.startswith("SELECT")]) <= 8
