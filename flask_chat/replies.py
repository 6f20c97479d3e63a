"""Texts with places to fill in: the prepared replies of an office.

Ground floor, and pure. A place names a field that was declared, ``{person.name}``, and nothing
else: no attribute is looked up, no format is run, so a text that somebody else may edit can
never reach into the host's objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from .errors import SetupError

#: A value for a field, asked only where a text has the place for it.
Value = Callable[[], object]

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text as it would be sent.

    :param missing: the fields for which there was no value; each stands in brackets.
    """

    body: str
    missing: list[str]


def require_fields(text: str, known: Collection[str]) -> None:
    """Look whether all places of a text are fields there are.

    :raises SetupError: for one that is none, or a brace that is not doubled.
    """
    for found in _PLACE.finditer(text):
        if found[0] not in ("{{", "}}") and found[1] not in known:
            raise SetupError(
                f"{found[0]!r} in {text!r} is no field. There are {', '.join(sorted(known))}; "
                "a brace that is meant as one is written twice."
            )


def fill(text: str, values: Mapping[str, Value]) -> Filled:
    """The text with the values in place; a field that has none stands in brackets."""
    missing: list[str] = []

    def put(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        value = values[found[1]]() if found[1] in values else None
        written = "" if value is None else str(value).strip()
        if not written:
            missing.append(found[1])
        return written or f"[{found[1]}]"

    body = _PLACE.sub(put, text)
    return Filled(body, list(dict.fromkeys(missing)))
