"""Signing in and out."""

import pytest

from host_example.models import Role


@pytest.mark.parametrize("username", ["registrar", "teacher", "student", "guardian"])
def test_each_account_of_the_demo_can_sign_in(visitor, username):
    assert visitor.sign_in(username).location == "/"


def test_everybody_else_shares_the_demo_password(visitor):
    assert visitor.sign_in("o001").status_code == 302


def test_capitals_and_spaces_around_the_username_do_not_matter(visitor):
    assert visitor.sign_in(" Teacher ").status_code == 302


@pytest.mark.parametrize(("username", "password"), [("teacher", "wrong"), ("nobody", "demo")])
def test_a_wrong_pair_is_refused_without_saying_which_half_is_wrong(visitor, username, password):
    response = visitor.sign_in(username, password)
    assert response.status_code == 401
    assert "do not belong together" in response.text


def test_a_closed_account_cannot_sign_in(visitor, session, person):
    person("teacher").active = False
    session.commit()
    assert visitor.sign_in("teacher").status_code == 403


def test_an_account_closed_meanwhile_is_out_at_the_next_page(signed_in, session, person):
    teacher = signed_in("teacher")
    person("teacher").active = False
    session.commit()
    assert teacher.get("/").location.startswith("/login")


def test_signing_out_ends_the_session(signed_in):
    teacher = signed_in("teacher")
    teacher.post("/logout")
    assert teacher.get("/").location.startswith("/login")


def test_a_link_cannot_sign_somebody_out(signed_in):
    assert signed_in("teacher").get("/logout").status_code == 405


def test_a_stranger_is_taken_to_the_login_page_and_back(visitor):
    assert visitor.get("/registrar/students").location == "/login?next=%2Fregistrar%2Fstudents"
    assert (
        visitor.sign_in("registrar", next="/registrar/students").location == "/registrar/students"
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "\\\\evil.test",
        "evil.test",
        "/\t/evil",
    ],
)
def test_login_never_leads_to_another_site(visitor, elsewhere):
    assert visitor.sign_in("teacher", next=elsewhere).location == "/"


def test_every_role_has_a_home(signed_in, person):
    usernames = {"teacher", "student", "guardian", "o003"}
    assert {person(name).role for name in usernames} == set(Role) - {Role.REGISTRAR}
    for username in usernames:
        assert signed_in(username).get("/").status_code == 200
    assert signed_in("registrar").get("/").location == "/registrar"
