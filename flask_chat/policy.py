"""Who may do what: pure questions on plain values.

Top of the ground floor. No query, no request, no clock of its own: what a decision needs is
handed in. The SQL that finds who has access is ``models/access.py``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from .errors import ChatError, Forbidden

DIRECT, GROUP = "direct", "group"


def require(allowed: bool, otherwise: ChatError | None = None) -> None:
    """Go on only if it is allowed.

    :raises Forbidden: or ``otherwise``, if it is not.
    """
    if not allowed:
        raise otherwise or Forbidden()


def may_come_from(origin: str | None, *, own: str, allowed: Collection[str]) -> bool:
    """Whether a page of this origin may write and open sockets: our own, or one that is listed.

    Compared whole: a prefix, another port or a subdomain is another site. ``null`` is nobody.
    """
    return origin is not None and (origin.lower() == own.lower() or origin.lower() in allowed)


def may_edit(
    *, actor: Any, author: Any, age_seconds: float, window_seconds: float, deleted: bool
) -> bool:
    """Only the author, only within the window, and never a tombstone."""
    return actor == author and not deleted and age_seconds <= window_seconds


def may_delete(
    *,
    actor: Any,
    author: Any,
    owners: Collection[Any],
    age_seconds: float,
    window_seconds: float | None,
) -> bool:
    """The author within the window if there is one; an owner of the group always."""
    if actor in owners:
        return True
    return actor == author and (window_seconds is None or age_seconds <= window_seconds)


def may_confirm(*, asked: bool, owner: bool) -> bool:
    """Whoever an announcement was sent to, if it asks to be confirmed."""
    return asked and not owner


def is_confirmed(*, count: int, shown: int | None, above: int) -> bool:
    """Whether somebody has agreed to reach so many people: up to a number nobody is asked, above
    it they must have been shown this very one."""
    return count <= above or count == shown


def may_rename(*, kind: str, owner: bool) -> bool:
    """Owners of a group."""
    return kind == GROUP and owner


def may_add(*, kind: str, by_rule: bool) -> bool:
    """Every member of a group; whom, is for the host's contacts to say. Not who is there by a
    rule: they see what the others do, and bring nobody along."""
    return kind == GROUP and not by_rule


def may_remove(*, kind: str, owner: bool) -> bool:
    """Owners of a group; to leave is another question."""
    return kind == GROUP and owner


def may_appoint(*, kind: str, owner: bool) -> bool:
    """Owners of a group."""
    return kind == GROUP and owner


def may_leave(*, kind: str) -> bool:
    """A direct conversation and the notes to oneself cannot be left, only archived."""
    return kind == GROUP


def age(created_at: datetime, now: datetime) -> float:
    """Seconds since then, by the database's clock on both ends."""
    return (now - created_at).total_seconds()
