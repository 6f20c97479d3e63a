"""What schemas share: how a message's fields are read and written without what they do not need.

Input: unknown fields are ignored, and what is wrong is one error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing

from ..errors import Invalid, Malformed


class Output(Schema):
    """Writes what everybody is sent."""

    def write(self, row: Mapping[str, Any] | object) -> dict[str, Any]:
        """What ``dump`` comes to for a row that has every field, in a fifth of the time."""
        read = row.__getitem__ if isinstance(row, Mapping) else partial(getattr, row)
        return {
            key: value
            if (value := read(name)) is None or type(value) is plain
            else write(value, name, row)
            for key, name, plain, write in self._plan
        }

    @cached_property
    def _plan(self) -> list[tuple[str, str, type | None, Callable[..., Any]]]:
        return [
            (
                field.data_key or name,
                field.attribute or name,
                _PLAIN.get(type(field)),
                _writer(field),
            )
            for name, field in self.dump_fields.items()
            # What only some rows have, whoever shows them adds.
            if field.required or field.allow_none
        ]


#: What these fields write as it is; anything else, and any other field, is written by the field.
_PLAIN: dict[type[fields.Field[Any]], type] = {
    fields.String: str,
    fields.Integer: int,
    fields.Boolean: bool,
}


def _writer(field: fields.Field[Any]) -> Callable[..., Any]:
    if isinstance(field, fields.Nested) and isinstance(field.schema, Output):
        write = field.schema.write
        return lambda value, name, row: write(value)
    return field._serialize


class Input(Schema):
    """Checks what a client sent. Made once and used by everybody: it keeps no state."""

    class Meta:
        unknown = EXCLUDE

    def read(self, values: Any) -> dict[str, Any]:
        """The checked fields.

        :raises Malformed: if it is no JSON object.
        :raises Invalid: if a field is missing or wrong; ``fields`` says which and why.
        """
        if not isinstance(values, Mapping):
            raise Malformed("A JSON object is expected.")
        try:
            return self._quick(values) if self._is_plain else self._whole(values)
        except ValidationError:
            return self._whole(values)

    @cached_property
    def _is_plain(self) -> bool:
        """Whether the fields alone decide: no hook, no rule about several of them."""
        return not any(self._hooks.values())

    def _quick(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What ``load`` comes to for values that are right, in a third of the time."""
        loaded = {}
        for key, name, field in self._plan:
            value = values.get(key, missing)
            if value is missing or value is None:
                value = field.deserialize(value)
            else:
                value = field._deserialize(value, None, None)
                for validate in field.validators:
                    validate(value)
            if value is not missing:
                loaded[name] = value
        return loaded

    @cached_property
    def _plan(self) -> list[tuple[str, str, fields.Field[Any]]]:
        return [
            (field.data_key or name, field.attribute or name, field)
            for name, field in self.load_fields.items()
        ]

    def _whole(self, values: Mapping[str, Any]) -> dict[str, Any]:
        try:
            loaded: dict[str, Any] = self.load(values)
        except ValidationError as problem:
            raise Invalid(fields=dict(problem.messages_dict)) from None
        return loaded
