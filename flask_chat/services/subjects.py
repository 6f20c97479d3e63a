"""Subjects: the host records that conversations are about, as they are at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from .. import database
from ..current import chat
from ..models import access
from ..subjects import Subject


def shown_of(conversations: Sequence[Row[Any]]) -> dict[int, dict[str, Any]]:
    """How the records of these conversations are shown, in one statement per kind of record.

    A conversation whose record is gone is left out.
    """
    shown: dict[int, dict[str, Any]] = {}
    for subject in chat.subjects:
        keys = {
            row.id: subject.stored_key(row.subject_key)
            for row in conversations
            if row.subject_kind == subject.name
        }
        records = subject.load(keys.values())
        for conversation, key in keys.items():
            if key in records:
                shown[conversation] = subject.shown(records[key], chat.host.app)
    return shown


def find(subject: Subject, key: Any) -> int | None:
    """The conversation about this record, if there is one."""
    heads = chat.models.Conversation.__table__
    found = database.scalar(
        select(heads.c.id).where(
            heads.c.subject_kind == subject.name,
            heads.c.subject_key == access.key_text(subject, key),
        )
    )
    return None if found is None else int(found)


def record_of(conversation: int, *, lock: bool = False) -> tuple[Subject, Any] | None:
    """The record that a conversation is about, with its subject; ``None`` if it is gone.

    :param lock: as it is now, and as it stays until the transaction ends.
    """
    heads = chat.models.Conversation.__table__
    row = database.first(
        select(heads.c.subject_kind, heads.c.subject_key).where(heads.c.id == conversation)
    )
    subject = chat.subjects.get(row.subject_kind) if row is not None else None
    if row is None or subject is None:
        return None
    record = subject.load([subject.stored_key(row.subject_key)], lock=lock)
    return next(((subject, found) for found in record.values()), None)


def is_closed(conversation: int) -> bool:
    """Whether nothing more may be written about the record."""
    found = record_of(conversation)
    return found is None or found[0].is_closed(found[1])
