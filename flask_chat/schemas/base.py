"""What all input schemas share: unknown fields are ignored, and what is wrong is one error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from ..errors import Invalid, Malformed


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
            loaded: dict[str, Any] = self.load(values)
        except ValidationError as problem:
            raise Invalid(fields=dict(problem.messages_dict)) from None
        return loaded
