"""Frames: what is read, what is refused, and that what is written can be read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flask_chat import protocol
from flask_chat.errors import ChatError, Invalid, Malformed, RateLimited
from flask_chat.events import EVENTS, Audience, MessagePosted, PresenceChanged, TypingSeen

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=8,
)


@given(text=some.text())
def test_no_text_makes_the_reader_fail_otherwise_than_by_an_error_of_ours(text):
    try:
        protocol.decode(text)
    except ChatError as problem:
        assert problem.status in (400, 422)  # noqa: PT017 - most texts are refused


@given(frame=JSON)
def test_no_json_makes_the_reader_fail_otherwise_than_by_an_error_of_ours(frame):
    try:
        protocol.decode(json.dumps(frame))
    except ChatError as problem:
        assert problem.status in (400, 422)  # noqa: PT017 - most values are refused


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", "[" * 100_000, '"x"'])
def test_what_is_no_object_is_malformed(text):
    with pytest.raises(Malformed):
        protocol.decode(text)


@pytest.mark.parametrize(
    "frame", [{}, {"type": 7}, {"type": "x", "ref": 7}, {"type": "x", "ref": "y" * 65},
              {"type": "x", "data": []}, {"type": "x", "data": None}],
)  # fmt: skip
def test_a_field_of_the_wrong_type_is_invalid(frame):
    with pytest.raises(Invalid):
        protocol.decode(json.dumps(frame))


def test_unknown_fields_are_ignored():
    command = protocol.decode('{"type": "typing", "data": {"conversation": "1"}, "colour": "blue"}')
    assert command == protocol.Command("typing", {"conversation": "1"})


@given(data=some.dictionaries(some.text(), JSON, max_size=3))
def test_what_is_written_can_be_read(data):
    assert json.loads(protocol.reply("7", data)) == {"type": "reply", "ref": "7", "data": data}


@pytest.mark.parametrize("value", [object(), b"x", {1, 2}, float("nan"), float("inf"), 1j])
def test_what_has_no_json_form_is_refused_loudly(value):
    event = MessagePosted(audience=Audience(("1",)), conversation="1", change=1, data={"x": value})
    with pytest.raises((TypeError, ValueError)):
        protocol.entry(event)


def test_half_a_surrogate_is_refused_loudly():
    event = MessagePosted(audience=Audience(), conversation="1", change=1, data={"x": "\ud800"})
    with pytest.raises(UnicodeEncodeError):
        protocol.entry(event)


def test_an_entry_knows_what_it_has_reached():
    event = MessagePosted(audience=Audience(("1",)), conversation="42", change=9, data={})
    assert protocol.entry(event).head == ("42", 9)


def test_an_error_says_when_to_come_back():
    frame = json.loads(protocol.error(RateLimited(seconds=2.2), "7"))
    assert (frame["ref"], frame["code"], frame["retry_after"]) == ("7", "rate_limited", 3)


def test_an_error_about_the_socket_has_no_ref():
    assert "ref" not in json.loads(protocol.error(Malformed()))


def test_every_event_has_its_line_in_the_docs():
    assert {event.type for event in EVENTS} <= {frame.type for frame in protocol.FRAMES}


@pytest.mark.parametrize("event", [TypingSeen, PresenceChanged])
def test_what_may_be_dropped_says_what_replaces_it(event):
    assert event(audience=Audience(watching="1"), conversation="1", data={"user": "2"}).key


@pytest.mark.parametrize("event", [e for e in EVENTS if e.durable], ids=lambda event: event.type)
def test_what_is_durable_is_never_dropped(event):
    assert event(audience=Audience(), conversation="1", change=1).key is None
