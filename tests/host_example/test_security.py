"""What protects a page: headers, tokens, cookies."""

import re

import pytest

from host_example.security import CONTENT_SECURITY_POLICY

EVERY_KIND_OF_PAGE = [
    "/login",
    "/",
    "/registrar",
    "/registrar/people/2",
    "/static/school.css",
    "/nowhere",
]


@pytest.mark.parametrize("path", EVERY_KIND_OF_PAGE)
def test_every_response_carries_the_policy(signed_in, path):
    headers = signed_in("registrar").get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_leaves_no_door_open():
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == "'self'"
    assert {"frame-ancestors", "base-uri", "form-action", "object-src"} <= set(directives)
    assert set(directives.values()) == {"'self'", "'none'"}


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("registrar", "/registrar"),
        ("registrar", "/registrar/applications/1"),
        ("registrar", "/registrar/people/2"),
        ("teacher", "/"),
        ("student", "/"),
        ("guardian", "/"),
    ],
)
def test_no_page_has_what_the_policy_forbids(signed_in, username, path):
    page = signed_in(username).text(path)
    own_markup = re.sub(r"<flask-chat.*?</flask-chat>", "", page, flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|data:", own_markup)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


@pytest.mark.parametrize(
    "path",
    [
        "/logout",
        "/registrar/applications/1/status",
        "/registrar/applications/1/notes",
        "/registrar/people/2/deactivate",
        "/registrar/people/2/delete",
    ],
)
def test_a_post_without_a_token_changes_nothing(signed_in, path):
    response = signed_in("registrar").client.post(path, data={"status": "accepted", "text": "x"})
    assert response.status_code == 400
    assert "This page has expired" in response.text


def test_login_needs_a_token_too(visitor):
    response = visitor.client.post("/login", data={"username": "teacher", "password": "demo"})
    assert response.status_code == 400


def test_scripts_and_other_sites_do_not_get_the_session_cookie(visitor):
    cookie = visitor.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_page_is_not_shown_again_after_signing_out(signed_in):
    assert signed_in("teacher").get("/").headers["Cache-Control"] == "no-store"
