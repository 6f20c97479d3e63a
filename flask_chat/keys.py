"""Primary keys of the host's, and the text by which the wire knows them.

Ground floor. A key may be a number, a UUID, a text or a type of the host's own; its public id is
``str(key)``, and :func:`key_from` is the way back.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from .errors import Invalid, NotFound

#: For types of the host's: what they make of a plain text is what the most modest database gives.
_PLAIN = DefaultDialect()


def key_from(column: Any, public: Any) -> Any:
    """The value of this primary key whose text is the public id.

    :raises Invalid: if it is no text.
    :raises NotFound: if no such key can look like this.
    """
    if not isinstance(public, str):
        raise Invalid("An id must be a text.")
    try:
        key = value_from(column.type, public)
    except Exception:  # noqa: BLE001 - a type of the host's may raise whatever it likes
        raise NotFound() from None
    # int(" 7") and int("٧") are 7: one row would have many public ids.
    if str(key) != public or (isinstance(key, int) and abs(key) >= 2**63):
        raise NotFound()
    if not is_storable(public):
        raise NotFound()
    return key


def value_from(kind: TypeEngine[Any], text: str) -> Any:
    """What a column of this type would hold for a key that is written like this.

    :raises Exception: whatever the type raises for a text that is no such key.
    """
    if isinstance(kind, TypeDecorator):
        return _decorated(kind, text)
    try:
        plain = kind.python_type
    except NotImplementedError:
        return text
    return plain(text) if plain in (int, UUID) else text


def _decorated(kind: TypeDecorator[Any], text: str) -> Any:
    """A type of the host's around one of SQLAlchemy's: read as if it had been stored so."""
    stored = value_from(kind.impl_instance, text)
    try:
        return kind.process_result_value(stored, _PLAIN)
    except NotImplementedError:
        return stored


def is_storable(text: str) -> bool:
    """Whether databases and JSON take this text: no NUL, no half of a surrogate pair."""
    try:
        text.encode()  # looks at the whole at once, and takes every character but the halves
    except UnicodeEncodeError:
        return False
    return "\0" not in text
