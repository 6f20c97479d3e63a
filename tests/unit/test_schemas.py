"""Shapes: the short ways through a schema lead where marshmallow's own lead."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flask_chat import schemas
from flask_chat.errors import Invalid
from flask_chat.host import Person
from flask_chat.schemas.base import Output

values = some.one_of(some.none(), some.text(max_size=5), some.integers(), some.booleans())
persons = some.builds(Person, some.text(max_size=3), some.text(max_size=3))
MOMENT = datetime(2026, 9, 1, 7, 30, tzinfo=UTC)


@some.composite
def messages(draw):
    texts, numbers = some.text(max_size=5), some.integers(0, 2**63)
    return {
        "id": draw(numbers), "conversation_id": draw(numbers), "seq": draw(values | numbers),
        "change": draw(numbers), "kind": draw(values), "author": draw(some.none() | persons),
        "body": draw(texts), "client_id": draw(some.none() | texts), "created_at": MOMENT,
        "edited_at": draw(some.sampled_from([None, MOMENT])), "deleted": draw(some.booleans()),
        "reply_to_id": draw(some.none() | numbers),
    }  # fmt: skip


@given(messages())
def test_a_message_is_written_as_marshmallow_writes_it(row):
    def outcome(write):
        try:
            return write(row)
        except (TypeError, ValueError) as problem:
            return type(problem)

    assert isinstance(schemas.MESSAGE, Output)
    assert repr(outcome(schemas.MESSAGE.write)) == repr(outcome(schemas.MESSAGE.dump))


def test_what_a_client_knows_is_read():
    known = {"known": {"42": [918, 7], "7": [1, 0]}}
    assert schemas.SYNC_REQUEST.read(known)["known"] == {42: [918, 7], 7: [1, 0]}


@pytest.mark.parametrize(
    "known",
    [
        {"x": [1, 2]}, {"1": [1]}, {"1": [1, "2"]}, {"1": [1, 2.0]}, {"1": {"a": 1}}, {"1": None},
        {"": [1, 2]}, {"-1": [1, 2]}, {"٣": [1, 2]}, [], "", {str(n): [1, 1] for n in range(5001)},
    ],
)  # fmt: skip
def test_what_no_client_can_know_is_refused(known):
    with pytest.raises(Invalid) as refusal:
        schemas.SYNC_REQUEST.read({"known": known})
    assert set(refusal.value.fields) == {"known"}
