"""What we ask the host about its records: who takes part in a record's thread, how it is shown.

Ground floor, beside ``host``. A record is a row of the host's, of any model with one primary key;
the host registers each model once (:class:`Subject`). The SQL that turns the host's relation of
(record, person) into access is ``models/access.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from flask import Flask, has_request_context
from sqlalchemy import Subquery, inspect, select
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import SelectBase

from . import database
from .actions import Action
from .errors import NotFound, SetupError
from .host import Hook, ask
from .keys import key_from, value_from

#: What a record's thread shows of the record: ``title``, and if wanted ``link`` and
#: ``details``, a mapping of labels to values.
Card = Mapping[str, Any]
Deletion = Literal["keep", "purge"]

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class _Asked:
    """The host's answer to who takes part, and the columns of the host's that it looks at."""

    relation: Subquery
    columns: frozenset[Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of host record that can have a conversation.

    :param name: what the wire calls it, ``application``.
    :param participants: a query of two columns, the record's key and the key of a person who takes
        part in its thread; or a callable that returns it, asked once.
    :param card: ``card(record)`` -> how the thread shows the record. Everybody in it sees this.
    :param closed: attribute, method or callable of the record: nothing more may be written.
    :param on_delete: what happens to the conversation of a deleted record: ``keep`` it stored,
        where nobody sees it any more, or ``purge`` it.
    :ivar actions: what people may do to a record from inside its conversation, by name.
    """

    name: str
    model: type[Any]
    participants: SelectBase | Callable[[], SelectBase]
    card: Callable[[Any], Card]
    closed: Hook | None = None
    on_delete: Deletion = "keep"
    actions: dict[str, Action] = field(default_factory=dict, init=False, compare=False)
    _asked: list[_Asked] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        mapper = inspect(self.model, raiseerr=False)
        if not isinstance(mapper, Mapper):
            raise SetupError(f"A subject is a mapped class; {self.model!r} is none.")
        if len(mapper.primary_key) != 1:
            raise SetupError(
                f"{self.model.__name__} has a primary key of several columns; the subject of a "
                "conversation needs one."
            )
        if self.on_delete not in ("keep", "purge"):
            raise SetupError(f"`on_delete` is 'keep' or 'purge', not {self.on_delete!r}.")

    @property
    def key_column(self) -> Any:
        """The column of the record's primary key."""
        return cast("Mapper[Any]", inspect(self.model)).primary_key[0]

    @property
    def relation(self) -> Any:
        """Who takes part in what: columns ``record`` and ``person``. Another alias each time: asked
        inside a question that asks it too, one and the same would be taken for the outer one."""
        return self._answer.relation.alias()

    @property
    def _answer(self) -> _Asked:
        if not self._asked:
            relation = self._ask_host()
            self._asked.append(_Asked(relation, columns_of(relation)))
        return self._asked[0]

    def _ask_host(self) -> Subquery:
        answer = self.participants() if callable(self.participants) else self.participants
        if not isinstance(answer, SelectBase):
            raise SetupError(
                f"The participants of {self.name!r} must be a Select of the record's key and the "
                f"person's; it is {type(answer).__name__}."
            )
        found = answer.subquery()
        columns = list(found.c)
        if len(columns) != 2:
            raise SetupError(
                f"The participants of {self.name!r} must be a Select of two columns, the record's "
                f"key and the person's; it has {len(columns)}."
            )
        record, person = columns
        return (
            select(record.label("record"), person.label("person"))
            .where(person.is_not(None))
            .subquery()
        )

    # Keys

    def key_of(self, record: Any) -> Any:
        """The primary key of a record; ``None`` before it is flushed."""
        mapper = cast("Mapper[Any]", inspect(self.model))
        return mapper.primary_key_from_instance(record)[0]

    def parse_key(self, public: Any) -> Any:
        """The primary key behind a public id.

        :raises Invalid: if it is no text.
        :raises NotFound: if no primary key can look like this.
        """
        return key_from(self.key_column, public)

    def stored_key(self, text: str) -> Any:
        """The primary key behind the text that the database has made of it."""
        return value_from(self.key_column.type, text)

    # Records

    def load(self, keys: Collection[Any], *, lock: bool = False) -> dict[Any, Any]:
        """The records with these keys, in one statement; unknown keys are left out.

        :param lock: as they are now, and as they stay until the transaction ends.
        """
        if not keys:
            return {}
        mapper = cast("Mapper[Any]", inspect(self.model))
        attribute = getattr(self.model, mapper.get_property_by_column(self.key_column).key)
        query = select(self.model).where(attribute.in_(set(keys)))
        if lock:
            # Of this model alone: PostgreSQL cannot lock what a relationship may not have found.
            query = query.with_for_update(of=self.model).execution_options(populate_existing=True)
        found = database.session().scalars(query)
        return {self.key_of(record): record for record in found.unique()}

    def shown(self, record: Any, app: Flask) -> dict[str, Any]:
        """The record as the schema of a conversation takes it."""
        card = self._card(record, app)
        title = str(card.get("title") or "").strip() or f"{self.name} {self.key_of(record)}"
        details = card.get("details") or {}
        return {
            "kind": self.name,
            "id": str(self.key_of(record)),
            "title": title[:_LONGEST_TITLE],
            "link": _safe_link(card.get("link")),
            "details": [
                {"label": str(label), "value": str(value)}
                for label, value in details.items()
                if value is not None
            ],
            "closed": self.is_closed(record),
        }

    def _card(self, record: Any, app: Flask) -> Card:
        if has_request_context():
            return self.card(record)
        # A socket's command or a CLI command: the host's `url_for` wants a request all the same.
        with app.test_request_context():
            return self.card(record)

    def is_closed(self, record: Any) -> bool:
        """Whether nothing more may be written about it."""
        return self.closed is not None and bool(ask(record, self.closed))

    # What moves access

    def is_touched_by(self, row: Any, *, changed: Collection[str] | None) -> bool:
        """Whether this row of the host's has a say in who takes part, or in how the record looks.

        :param changed: the attributes that changed; ``None`` for a new or deleted row.
        """
        return reads_row(self._answer.columns, row, changed=changed)


class Subjects:
    """The subjects of one :class:`~flask_chat.Chat`, by name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Subject] = {}

    def add(self, subject: Subject) -> None:
        """:raises SetupError: if there is one of this name or model already."""
        for other in self:
            if subject.name == other.name or subject.model is other.model:
                raise SetupError(f"There is a subject {other.name!r} already; give another `name`.")
        self._by_name[subject.name] = subject

    def named(self, name: str) -> Subject:
        """:raises NotFound: if there is none."""
        if name not in self._by_name:
            raise NotFound()
        return self._by_name[name]

    def of(self, record: Any) -> Subject:
        """The subject that this record of the host's belongs to.

        :raises SetupError: if its model was not registered.
        """
        found = self.about(record)
        if found is None:
            raise SetupError(
                f"{type(record).__name__} is no subject: register it with @chat.subject(...)."
            )
        return found

    def of_model(self, model: type[Any]) -> Subject:
        """The subject of a model.

        :raises SetupError: if it was not registered.
        """
        found = next((subject for subject in self if subject.model is model), None)
        if found is None:
            raise SetupError(
                f"{model.__name__} is no subject: register it with @chat.subject(...)."
            )
        return found

    def about(self, record: Any) -> Subject | None:
        """The subject of this record, or ``None``."""
        return next((subject for subject in self if isinstance(record, subject.model)), None)

    def add_action(self, model: type[Any], action: Action) -> None:
        """:raises SetupError: if the model is no subject, or has an action of this name."""
        subject = next((subject for subject in self if subject.model is model), None)
        if subject is None:
            raise SetupError(
                f"{model.__name__} is no subject: register it with @chat.subject(...) before "
                f"the action {action.name!r}."
            )
        if action.name in subject.actions:
            raise SetupError(f"{subject.name!r} has an action {action.name!r} already.")
        subject.actions[action.name] = action

    def get(self, name: str | None) -> Subject | None:
        return self._by_name.get(name or "")

    def __iter__(self) -> Iterator[Subject]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)


def columns_of(query: Subquery) -> frozenset[Any]:
    """The columns of the host's that a query looks at."""
    return frozenset(
        column
        for element in visitors.iterate(query)
        if isinstance(element, ColumnClause)
        for column in element.base_columns
    )


def reads_row(columns: frozenset[Any], row: Any, *, changed: Collection[str] | None) -> bool:
    """Whether a query that looks at these columns may answer otherwise because of this row.

    :param changed: the attributes that changed; ``None`` for a new or deleted row.
    """
    mapper = inspect(type(row), raiseerr=False)
    if not isinstance(mapper, Mapper):
        return False
    read = {column for table in mapper.tables for column in table.c} & columns
    if not read or changed is None:
        return bool(read)
    return any(
        mapper.get_property_by_column(column).key in changed
        for column in read
        if column in mapper.columns.values()
    )


def _safe_link(link: Any) -> str | None:
    """A path or an http address; a `javascript:` link would run in everybody's page."""
    text = str(link or "")
    return text if text.startswith(("/", "https://", "http://")) else None
