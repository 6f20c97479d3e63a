"""Who may enter which room."""

import pytest

from host_example.models import SchoolClass

REGISTRAR_PAGES = [
    "/registrar",
    "/registrar/applications/1",
    "/registrar/students",
    "/registrar/students/3",
    "/registrar/people",
    "/registrar/people/3",
    "/registrar/people/3/delete",
]


@pytest.mark.parametrize("path", REGISTRAR_PAGES)
def test_the_registrar_may_enter_the_panel(signed_in, path):
    assert signed_in("registrar").get(path).status_code == 200


@pytest.mark.parametrize("username", ["teacher", "student", "guardian", "o003"])
def test_nobody_else_may(signed_in, username):
    visitor = signed_in(username)
    assert {visitor.get(path).status_code for path in REGISTRAR_PAGES} == {403}


@pytest.mark.parametrize("username", ["teacher", "student", "guardian"])
def test_nobody_else_may_act_there_either(signed_in, username):
    visitor = signed_in(username)
    assert visitor.post("/registrar/applications/1/status", status="accepted").status_code == 403
    assert visitor.post("/registrar/people/5/delete").status_code == 403


def test_strangers_are_asked_to_sign_in(visitor):
    assert all(visitor.get(path).location.startswith("/login") for path in REGISTRAR_PAGES)


def test_a_teacher_sees_the_classes_taught_and_no_other(signed_in, session):
    teacher = signed_in("teacher")
    ids = {school_class.name: school_class.id for school_class in session.query(SchoolClass)}
    assert teacher.get(f"/classes/{ids['7B']}").status_code == 200
    assert teacher.get(f"/classes/{ids['6A']}").status_code == 403


def test_pupils_and_guardians_have_no_class_lists(signed_in):
    assert signed_in("student").get("/classes/1").status_code == 403
    assert signed_in("guardian").get("/classes/1").status_code == 403


@pytest.mark.parametrize(
    "path", ["/nowhere", "/registrar/applications/999", "/registrar/people/999", "/classes/999"]
)
def test_what_does_not_exist_has_a_page_of_its_own(signed_in, path):
    response = signed_in("registrar").get(path)
    assert response.status_code == 404
    assert "There is nothing here" in response.text
