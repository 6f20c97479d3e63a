"""Texts with places: what was declared is filled in, and nothing else is ever looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_chat.errors import SetupError
from flask_chat.replies import fill, require_fields

VALUES = {"person.name": lambda: "Ana {me.name}", "me.name": lambda: None}


def test_a_value_is_put_in_as_it_is_and_a_missing_one_stands_in_brackets():
    filled = fill("Dear {person.name}, {me.name}. {{x}} {me.name}", VALUES)
    assert filled.body == "Dear Ana {me.name}, [me.name]. {x} [me.name]"
    assert filled.missing == ["me.name"]


def test_a_value_is_asked_for_only_where_there_is_a_place():
    assert fill("Hello", {"record.title": lambda: 1 / 0}).body == "Hello"


@pytest.mark.parametrize(
    "text",
    ["{person.name.__class__}", "{person.name!r}", "{person.name:>9}", "{0}", "{}", "{", "}",
     "{person[name]}", "{ person.name }"],
)  # fmt: skip
def test_what_is_no_field_is_a_mistake(text):
    with pytest.raises(SetupError):
        require_fields(text, VALUES)


@given(st.text(alphabet="{}[]a.person_ name!:%", max_size=40))
def test_no_text_fails_or_reaches_further(text):
    assert "__" not in fill(text, VALUES).body or "__" in text
    fill(text, {})
