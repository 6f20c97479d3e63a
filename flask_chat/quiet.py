"""Quiet hours: whose rest it is, when, and who may send at once all the same.

Ground floor, above ``inboxes``. The host registers each rule once (:class:`QuietRule`): opening
hours, and queries over its own rows, whose answers are asked anew each time. What time it is, is
handed in; the SQL that finds whom a message would reach is ``services/holding.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .errors import SetupError
from .hours import Hours
from .inboxes import Query, columns

_LONGEST_NAME = 64
_LONGEST_REASON = 200
#: So often may one rule open while another is closed before we say that we do not know.
_MOST_TURNS = 400


@dataclass(frozen=True, slots=True)
class QuietRule:
    """One rule: while it is closed, what others write to these people waits.

    :param name: what the command line calls it, ``pupils``.
    :param reason: a sentence for whoever writes meanwhile.
    :param of: a query of one column, the keys of those whose rest it is.
    :param open: when messages reach them.
    :param override: a query of one column, the keys of those who may send at once; ``None`` for
        nobody.
    :param in_groups: in groups and in threads of records as well; else in direct conversations
        only.
    """

    name: str
    reason: str
    of: Query
    open: Hours
    override: Query | None = None
    in_groups: bool = True

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or len(self.name) > _LONGEST_NAME:
            raise SetupError(f"A rule of quiet hours has a name like pupils, not {self.name!r}.")
        if not self.reason.strip() or len(self.reason) > _LONGEST_REASON:
            raise SetupError(
                f"The reason of {self.name!r} is a text of 1 to {_LONGEST_REASON}: whoever writes "
                "meanwhile reads it."
            )
        if not isinstance(self.open, Hours):
            raise SetupError(
                f"`open` of the quiet hours {self.name!r} says when messages arrive: "
                'Hours("Europe/Madrid", {"mon": ["07:00-20:00"], …}).'
            )

    @property
    def resting(self) -> Any:
        """The column of keys of those whose rest it is, of another query each time."""
        (person,) = columns(self.of, 1, f"`of` of the quiet hours {self.name!r}")
        return person

    @property
    def overriding(self) -> Any:
        """The column of keys of those who may send at once; ``None`` for nobody."""
        if self.override is None:
            return None
        (person,) = columns(self.override, 1, f"`override` of the quiet hours {self.name!r}")
        return person


class QuietHours:
    """The rules of one :class:`~flask_chat.Chat`, in the order they were registered."""

    def __init__(self) -> None:
        self._rules: list[QuietRule] = []

    def add(self, rule: QuietRule) -> None:
        """:raises SetupError: if there is one of this name already."""
        if any(rule.name == other.name for other in self):
            raise SetupError(f"There are quiet hours {rule.name!r} already.")
        self._rules.append(rule)

    def are_open(self, at: datetime) -> bool:
        """Whether nobody's rest is on at this moment."""
        return all(rule.open.is_open(at) for rule in self._rules)

    def __iter__(self) -> Iterator[QuietRule]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def all_open_after(rules: Collection[QuietRule], at: datetime) -> datetime | None:
    """When these rules are all open next; this very moment if they are, ``None`` if not within a
    year."""
    moment = at
    for _ in range(_MOST_TURNS):
        closed = [rule for rule in rules if not rule.open.is_open(moment)]
        if not closed:
            return moment
        opens = [rule.open.opens_after(moment) for rule in closed]
        known = [each for each in opens if each is not None]
        if len(known) < len(opens):
            return None
        moment = max(known)
    return None
