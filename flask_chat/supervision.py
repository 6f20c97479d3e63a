"""Supervision by rule: who is added to other people's conversations, because a school wants it so.

Ground floor, above ``subjects``. The host registers each rule once (:class:`SupervisionRule`) as
queries over its own rows; whom they name is asked anew each time. The SQL that turns them into
access is ``models/supervision.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Subquery, select
from sqlalchemy.sql.selectable import SelectBase

from .errors import SetupError
from .subjects import columns_of, reads_row

Query = SelectBase | Callable[[], SelectBase]

_LONGEST_NAME = 64
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class _Asked:
    """The host's answers, and the columns of the host's that they look at."""

    pairs: Subquery
    others: Subquery | None
    columns: frozenset[Any]


@dataclass(frozen=True, slots=True)
class SupervisionRule:
    """One rule: wherever somebody talks with one of these people, who supervises them is there.

    :param name: what the command line calls it, ``guardian``.
    :param reason: a sentence that everybody in the conversation reads beside the person.
    :param of: a query of two columns, the key of a person and of who supervises them.
    :param talking_with: a query of one column, the keys of those the rule is about on the other
        side; ``None`` for anybody.
    :param in_groups: in groups as well; else in direct conversations only.
    """

    name: str
    reason: str
    of: Query
    talking_with: Query | None = None
    in_groups: bool = True
    _asked: list[_Asked] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or len(self.name) > _LONGEST_NAME:
            raise SetupError(f"A rule of supervision has a name like guardian, not {self.name!r}.")
        if not self.reason.strip() or len(self.reason) > _LONGEST_REASON:
            raise SetupError(
                f"The reason of {self.name!r} is a text of 1 to {_LONGEST_REASON}: everybody in "
                "the conversation reads it."
            )

    @property
    def pairs(self) -> Any:
        """Who is supervised by whom: columns ``person`` and ``supervisor``; another alias each
        time, so that a query that asks twice asks two things."""
        return self._answer.pairs.alias()

    @property
    def others(self) -> Any:
        """The column of keys on the other side; ``None`` for anybody."""
        others = self._answer.others
        return None if others is None else select(others.alias().c[0])

    def is_touched_by(self, row: Any, *, changed: Collection[str] | None) -> bool:
        """Whether this row of the host's has a say in who supervises whom.

        :param changed: the attributes that changed; ``None`` for a new or deleted row.
        """
        return reads_row(self._answer.columns, row, changed=changed)

    @property
    def _answer(self) -> _Asked:
        if not self._asked:
            self._asked.append(self._ask_host())
        return self._asked[0]

    def _ask_host(self) -> _Asked:
        person, supervisor = _columns(self.of, 2, f"`of` of the rule {self.name!r}")
        pairs = (
            select(person.label("person"), supervisor.label("supervisor"))
            .where(person.is_not(None), supervisor.is_not(None), person != supervisor)
            .subquery()
        )
        if self.talking_with is None:
            return _Asked(pairs, None, columns_of(pairs))
        (other,) = _columns(self.talking_with, 1, f"`talking_with` of the rule {self.name!r}")
        others = select(other.label("other")).where(other.is_not(None)).subquery()
        return _Asked(pairs, others, columns_of(pairs) | columns_of(others))


class Supervision:
    """The rules of one :class:`~flask_chat.Chat`, in the order they were registered."""

    def __init__(self) -> None:
        self._rules: list[SupervisionRule] = []

    def add(self, rule: SupervisionRule) -> None:
        """:raises SetupError: if there is one of this name already."""
        if any(rule.name == other.name for other in self):
            raise SetupError(f"There is a rule of supervision {rule.name!r} already.")
        self._rules.append(rule)

    def is_touched_by(self, row: Any, *, changed: Collection[str] | None) -> bool:
        """Whether this row of the host's has a say in any of the rules."""
        return any(rule.is_touched_by(row, changed=changed) for rule in self)

    def __iter__(self) -> Iterator[SupervisionRule]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def _columns(query: Query, count: int, what: str) -> list[Any]:
    answer = query() if callable(query) else query
    found = answer.subquery() if isinstance(answer, SelectBase) else None
    if found is None or len(found.c) != count:
        wanted = "a person's key" if count == 1 else "a person's key and of who supervises them"
        raise SetupError(f"The {what} must be a Select of {wanted}, with {count} column(s).")
    return list(found.c)
