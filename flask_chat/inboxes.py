"""Offices that people write to: who works in one, how its queue is sorted, what it answers.

Ground floor, above ``subjects``. An office is no person and no row: the host registers it once
(:class:`Inbox`), and who works there is whoever its query names at that moment. The SQL that
turns that query into access is ``models/access.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import String, Subquery, cast, literal, select, union_all
from sqlalchemy.sql.selectable import SelectBase

from .errors import NotFound, SetupError
from .host import Hook, Person, ask
from .hours import Hours
from .replies import Value, require_fields
from .subjects import columns_of, reads_row

Query = SelectBase | Callable[[], SelectBase]
Replies = Mapping[str, str] | Callable[[], Mapping[str, str]]

_LONGEST_NAME = 64
_LONGEST_TITLE = 100

#: The fields of a prepared reply that need no declaration.
_PERSON = ("person.name", "person.role", "me.name", "office.title")


@dataclass(frozen=True, slots=True)
class Inbox:
    """An office that people can write to.

    :param name: what the wire and the command line call it, ``registrar``.
    :param title: what people read, "Registrar's Office".
    :param staff: a query of one column, the keys of those who work there.
    :param writers: a query of one column, the keys of those who may write to it; ``None`` for
        everybody.
    :param order: what its queue can be sorted by, lowest first: for each label a query of two
        columns, a person's key and a value of theirs.
    :param replies: prepared replies by their label.
    :param record: ``record(user)`` -> the host's record that somebody's letters are about.
    :param fields: what a reply may say of that record: for each name an attribute, a method, or a
        callable given the record.
    """

    name: str
    title: str
    staff: Query
    writers: Query | None = None
    order: Mapping[str, Query] = field(default_factory=dict)
    replies: Replies = field(default_factory=dict)
    record: Callable[[Any], Any] | None = None
    fields: Mapping[str, Hook] = field(default_factory=dict)
    hours: Hours | None = None

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or len(self.name) > _LONGEST_NAME:
            raise SetupError(f"An inbox has a name like registrar, not {self.name!r}.")
        if not self.title.strip() or len(self.title) > _LONGEST_TITLE:
            raise SetupError(f"The title of {self.name!r} is a text of 1 to {_LONGEST_TITLE}.")
        if self.fields and self.record is None:
            raise SetupError(f"The inbox {self.name!r} has fields of a record, and no `record`.")
        if not callable(self.replies):
            self._checked(self.replies)
        if self.hours is not None and self.hours.answer is not None:
            require_fields(self.hours.answer, ("opens", "person.name", "office.title"))

    # Prepared replies

    def prepared(self) -> Mapping[str, str]:
        """The texts of the replies, by label.

        :raises SetupError: if one of them names a field that was not declared.
        """
        texts = self.replies() if callable(self.replies) else self.replies
        return self._checked(texts)

    def _checked(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        known = (*_PERSON, *(f"record.{name}" for name in self.fields))
        for text in texts.values():
            require_fields(text, known)
        return texts

    def values(self, writer: Any, person: Person | None, me: Person) -> dict[str, Value]:
        """What the places of a reply are filled with.

        :param writer: the host's user who has written; ``None`` if they are no longer there.
        """
        found: list[Any] = []

        def record() -> Any:
            if not found:
                found.append(None if writer is None or not self.record else self.record(writer))
            return found[0]

        def of_record(hook: Hook) -> Any:
            return None if record() is None else ask(record(), hook)

        return {
            "person.name": lambda: person and person.name,
            "person.role": lambda: person and person.role,
            "me.name": lambda: me.name,
            "office.title": lambda: self.title,
            **{f"record.{name}": partial(of_record, hook) for name, hook in self.fields.items()},
        }


@dataclass(slots=True)
class _Asked:
    """Who works where, and the columns of the host's that this depends on."""

    relation: Subquery
    columns: frozenset[Any]


class Inboxes:
    """The offices of one :class:`~flask_chat.Chat`, by name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Inbox] = {}
        self._asked: _Asked | None = None

    def add(self, inbox: Inbox) -> None:
        """:raises SetupError: if there is one of this name or title already."""
        for other in self:
            if inbox.name == other.name or inbox.title == other.title:
                raise SetupError(f"There is an inbox {other.name!r}, {other.title!r}, already.")
        self._by_name[inbox.name] = inbox
        self._asked = None

    def named(self, name: str) -> Inbox:
        """:raises NotFound: if there is none."""
        if name not in self._by_name:
            raise NotFound()
        return self._by_name[name]

    def get(self, name: str | None) -> Inbox | None:
        return self._by_name.get(name or "")

    def title_of(self, name: str) -> str:
        """Its title; its name, if it is no longer registered."""
        return self._by_name[name].title if name in self._by_name else name

    @property
    def relation(self) -> Any:
        """Who works where: columns ``inbox`` and ``person``; another alias each time, as of a
        subject's."""
        return self._answer.relation.alias()

    def is_touched_by(self, row: Any, *, changed: Collection[str] | None) -> bool:
        """Whether this row of the host's has a say in who works where.

        :param changed: the attributes that changed; ``None`` for a new or deleted row.
        """
        return len(self) > 0 and reads_row(self._answer.columns, row, changed=changed)

    @property
    def _answer(self) -> _Asked:
        if self._asked is None:
            relation = union_all(*map(_staff_of, self)).subquery("chat_staff")
            self._asked = _Asked(relation, columns_of(relation))
        return self._asked

    def __iter__(self) -> Iterator[Inbox]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)


def columns(query: Query, count: int, what: str) -> list[Any]:
    """The columns of a query of the host's.

    :raises SetupError: if it is no query, or has another number of columns.
    """
    answer = query() if callable(query) else query
    if not isinstance(answer, SelectBase) or len(answer.subquery().c) != count:
        raise SetupError(f"{what} must be a Select of {count} column{'s' if count > 1 else ''}.")
    return list(answer.subquery().c)


def _staff_of(inbox: Inbox) -> Any:
    (person,) = columns(inbox.staff, 1, f"The staff of {inbox.name!r}")
    name = cast(literal(inbox.name), String).label("inbox")
    return select(name, person.label("person")).where(person.is_not(None))
