"""People, their accounts and their records in the registrar's panel."""

import pytest
from sqlalchemy import func, select

from host_example.models import (
    Application,
    Guardianship,
    Lesson,
    Role,
    SchoolClass,
    StudentRecord,
    TimelineEntry,
    User,
)


@pytest.fixture
def registrar(signed_in):
    return signed_in("registrar")


@pytest.fixture
def signed_out(monkeypatch):
    """The people whom the chat was told to sign out."""
    told = []
    monkeypatch.setattr("host_example.views.registrar.people.chat.sign_out", told.append)
    return told


def test_students_are_found_by_name_and_number(registrar):
    assert "Yanis Benhaddou" in registrar.text("/registrar/students", q="yanis")
    assert "Yanis Benhaddou" in registrar.text("/registrar/students", q="aq-1001")
    assert "No student matches" in registrar.text("/registrar/students", q="tomas")


def test_students_are_filtered_by_class(registrar):
    page = registrar.text("/registrar/students", **{"class": "7B", "q": "benhaddou"})
    assert "Yanis Benhaddou" in page
    assert "Inès Benhaddou" not in page


def test_a_record_names_guardians_and_teachers(registrar, person):
    page = registrar.text(f"/registrar/students/{person('student').id}")
    assert "Samira Benhaddou" in page
    assert "Tomás Echeverría" in page


def test_people_are_filtered_by_role(registrar, session):
    page = registrar.text("/registrar/people", role="staff")
    staff = session.scalars(select(User.username).where(User.role == Role.STAFF)).all()
    assert all(username in page for username in staff)
    assert "g00" not in page


def test_deactivating_closes_the_account_and_tells_the_chat(registrar, session, person, signed_out):
    teacher = person("teacher")
    registrar.post(f"/registrar/people/{teacher.id}/deactivate")
    session.refresh(teacher)
    assert not teacher.active
    assert [user.username for user in signed_out] == ["teacher"]


def test_reactivating_opens_it_again(registrar, session, person, visitor):
    teacher = person("teacher")
    teacher.active = False
    session.commit()
    registrar.post(f"/registrar/people/{teacher.id}/reactivate")
    assert visitor.sign_in("teacher").status_code == 302


def test_somebody_who_is_deactivated_has_no_message_button(registrar, session, person):
    teacher = person("teacher")
    teacher.active = False
    session.commit()
    page = registrar.text(f"/registrar/people/{teacher.id}")
    assert f'data-chat-with="{teacher.id}"' not in page


def test_a_role_can_be_changed(registrar, session, person):
    teacher = person("teacher")
    registrar.post(f"/registrar/people/{teacher.id}/role", role="registrar")
    session.refresh(teacher)
    assert teacher.role is Role.REGISTRAR
    assert registrar.post(f"/registrar/people/{teacher.id}/role", role="king").status_code == 400


def test_deleting_a_student_removes_the_record(registrar, session, person):
    student_id = person("student").id
    registrar.post(f"/registrar/people/{student_id}/delete")
    session.expire_all()
    assert session.get(User, student_id) is None
    assert session.get(StudentRecord, student_id) is None
    links = select(func.count()).where(Guardianship.student_id == student_id)
    assert session.scalar(links) == 0


def test_deleting_a_teacher_leaves_lessons_and_class_standing(registrar, session, person):
    teacher_id = person("teacher").id
    lessons = select(func.count()).select_from(Lesson)
    before = session.scalar(lessons)
    registrar.post(f"/registrar/people/{teacher_id}/delete")
    session.expire_all()
    assert session.scalar(lessons) == before
    homeroom = select(SchoolClass.homeroom_teacher_id).where(SchoolClass.name == "7B")
    assert session.scalar(homeroom) is None
    for username, path in (("student", "/"), ("guardian", "/"), ("registrar", "/classes/6")):
        registrar.post("/logout")
        registrar.sign_in(username)
        assert registrar.get(path).status_code == 200


def test_an_application_outlives_its_guardian(registrar, session, person):
    registrar.post(f"/registrar/people/{person('guardian').id}/delete")
    session.expire_all()
    assert session.get(Application, 1).guardian_id is None
    assert "account no longer exists" in registrar.text("/registrar/applications/1")
    assert "Former guardian" in registrar.text("/registrar", q="2027-001")


def test_deleting_a_registrar_keeps_what_they_wrote(registrar, session, person):
    colleague_id = person("o001").id
    entries = select(func.count()).select_from(TimelineEntry)
    before = session.scalar(entries)
    registrar.post(f"/registrar/people/{colleague_id}/delete")
    session.expire_all()
    assert session.scalar(entries) == before


def test_a_registrar_can_look_at_the_own_account(registrar, person):
    assert "This is you" in registrar.text(f"/registrar/people/{person('registrar').id}")


@pytest.mark.parametrize("action", ["deactivate", "delete", "role"])
def test_nobody_can_do_this_to_themselves(registrar, person, action):
    response = registrar.post(f"/registrar/people/{person('registrar').id}/{action}", role="staff")
    assert response.status_code == 403
