"""What Alembic has found to differ, in words that somebody can act on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

_VERBS = {"add": "is missing", "remove": "is not of this release"}
_KINDS = {"fk": "foreign key", "server_default": "default"}


def in_words(found: Iterable[Any]) -> list[str]:
    """One line for each difference, of those that Alembic's ``compare_metadata`` lists.

    A comment on a table or a column is whose who wrote it, and no difference.
    """
    return [_sentence(each) for each in _one_by_one(found) if not each[0].endswith("comment")]


def _one_by_one(found: Iterable[Any]) -> Iterator[Any]:
    for each in found:
        yield from each if isinstance(each, list) else [each]  # those of one column come together


def _sentence(found: Any) -> str:
    verb, _, kind = found[0].partition("_")
    if verb == "modify":
        _, _, table, column, _, here, wanted = found
        here, wanted = (getattr(each, "arg", each) for each in (here, wanted))
        return f"column {table}.{column}: its {_KINDS.get(kind, kind)} is {here}, not {wanted}"
    if kind == "column":
        return f"column {found[2]}.{found[3].name} {_VERBS[verb]}"
    if kind == "table":
        return f"table {found[1].name} {_VERBS[verb]}"
    thing = found[1]
    return f"{_KINDS.get(kind, kind)} {thing.name} of {thing.table.name} {_VERBS[verb]}"
