"""Who may do what, on plain values."""

from datetime import UTC, datetime, timedelta

import pytest

from flask_chat import policy
from flask_chat.errors import Conflict, Forbidden

OWN = "https://school.example"


@pytest.mark.parametrize("origin", [OWN, OWN.upper(), "https://app.example"])
def test_our_own_and_listed_origins_may_come(origin):
    assert policy.may_come_from(origin, own=OWN, allowed={"https://app.example"})


@pytest.mark.parametrize(
    "origin",
    [None, "", "null", "http://school.example", "https://school.example:444", f"{OWN}.evil.example",
     "https://www.school.example", "https://school.exampl", f"{OWN}/", "school.example", "https://"],
)  # fmt: skip
def test_no_other_origin_may_come(origin):
    assert not policy.may_come_from(origin, own=OWN, allowed={"https://app.example"})


def edit(**changed):
    usual = {"actor": 1, "author": 1, "age_seconds": 10, "window_seconds": 10, "deleted": False}
    return policy.may_edit(**usual | changed)


def test_an_author_edits_up_to_the_end_of_the_window():
    assert edit()


@pytest.mark.parametrize(
    "changed", [{"age_seconds": 10.1}, {"author": 2}, {"author": None}, {"deleted": True}]
)
def test_nobody_else_and_nothing_older_is_edited(changed):
    assert not edit(**changed)


def delete(**changed):
    usual = {"actor": 1, "author": 1, "owners": {3}, "age_seconds": 10, "window_seconds": None}
    return policy.may_delete(**usual | changed)


@pytest.mark.parametrize(
    "changed", [{}, {"window_seconds": 10}, {"actor": 3}, {"actor": 3, "window_seconds": 1}]
)
def test_an_author_in_time_and_an_owner_always_delete(changed):
    assert delete(**changed)


@pytest.mark.parametrize("changed", [{"window_seconds": 9}, {"actor": 2}, {"author": None}])
def test_nobody_else_deletes(changed):
    assert not delete(**changed)


@pytest.mark.parametrize("kind", ["direct", "self"])
def test_only_groups_have_people_and_titles_to_change(kind):
    assert not policy.may_add(kind=kind, by_rule=False)
    assert not policy.may_leave(kind=kind)
    assert not policy.may_rename(kind=kind, owner=True)
    assert not policy.may_remove(kind=kind, owner=True)
    assert not policy.may_appoint(kind=kind, owner=True)


@pytest.mark.parametrize("question", ["may_rename", "may_remove", "may_appoint"])
@pytest.mark.parametrize("owner", [True, False])
def test_of_a_group_only_owners_decide(question, owner):
    assert getattr(policy, question)(kind="group", owner=owner) == owner


def test_what_is_not_allowed_is_forbidden():
    with pytest.raises(Forbidden):
        policy.require(False)


def test_what_is_not_allowed_may_have_an_error_of_its_own():
    with pytest.raises(Conflict):
        policy.require(False, Conflict())


def test_age_is_in_seconds():
    now = datetime.now(UTC)
    assert policy.age(now - timedelta(minutes=1), now) == 60
