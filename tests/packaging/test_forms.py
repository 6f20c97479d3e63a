"""In every form it travels in, the package serves its page, its widget and its commands."""

import re
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, Environment

EXTRAS = {"gevent", "flask-login", "redis", "psycopg", "prometheus-client", "apispec"}


def test_the_page_carries_the_widget(visit):
    assert visit["page status"] == 200
    assert re.fullmatch(r"/chat/static/[^/]+/widget\.js", visit["widget path"])


def test_the_widget_is_served_as_a_script(visit):
    assert visit["widget status"] == 200
    assert visit["widget type"] == "text/javascript"


def test_an_anonymous_page_carries_nothing(visit):
    assert visit["anonymous"] == "<!doctype html><body></body>"


def test_the_templates_are_found(visit):
    assert visit["full page status"] == 200


def test_the_languages_are_found(visit):
    assert visit["german"] is True


def test_init_db_may_run_twice(environment: Environment):
    for _ in range(2):
        environment.run("flask", "--app", "tiny_host", "chat", "init-db")


def test_the_checks_of_this_file_see_the_form_they_mean(
    from_wheel: Environment, from_editable: Environment, from_checkout: Environment, checkout: Path
):
    def package(environment: Environment) -> Path:
        where = "import flask_chat, pathlib; print(pathlib.Path(flask_chat.__file__).parent)"
        return Path(environment.run("python", "-c", where).strip())

    assert package(from_wheel).is_relative_to(from_wheel.folder)
    assert package(from_editable) == checkout / "flask_chat"
    assert package(from_checkout) == checkout / "flask_chat"
    assert not package(from_editable).is_relative_to(ROOT)


def test_no_extra_is_needed_to_start(from_wheel: Environment):
    listed = from_wheel.run("python", "-m", "pip", "list", "--format=freeze").lower()
    installed = {line.partition("==")[0] for line in listed.splitlines()}
    assert not installed & EXTRAS


@pytest.mark.parametrize(("extras", "changes"), [("", set()), ("[all]", {"greenlet"})])
def test_a_host_keeps_the_versions_it_has(from_long_ago: Environment, archives, extras, changes):
    """It has the lowest of everything but gevent, which needs the greenlet of its time."""
    before = {each["name"].lower() for each in from_long_ago.pip("list", "--format=json")}
    wheel = f"{archives['whl']}{extras}"
    report = from_long_ago.pip("install", "--dry-run", "--quiet", "--report", "-", wheel)
    touched = {each["metadata"]["name"].lower() for each in report["install"]}
    assert "flask-chat" in touched
    assert touched & before <= changes
