"""Drafts: messages that are to be sent, and what may become of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ..current import Identity
from ..models.message import USER
from .attempts import Mark


class Posted(NamedTuple):
    """A message as everybody sees it, and whether this very call has stored it."""

    message: dict[str, Any]
    created: bool

    @property
    def answer(self) -> dict[str, Any]:
        """What the author is told."""
        return {"message": self.message}

    @property
    def status(self) -> int:
        """The same over HTTP."""
        return 201 if self.created else 200


class Held(NamedTuple):
    """A message that waits for the end of somebody's quiet hours, as its author sees it."""

    held: dict[str, Any]

    @property
    def answer(self) -> dict[str, Any]:
        """What the author is told."""
        return {"held": self.held}

    @property
    def status(self) -> int:
        """The same over HTTP: accepted, not yet done."""
        return 202


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is to be sent.

    :param author: ``None``: the system itself.
    :param inbox: in the name of which office; found out where somebody of its staff writes.
    :param told: what has happened, where the body is the chat's own English for it.
    :param digest: of what is asked for, so that another request under the same mark is noticed.
    """

    author: Identity | None
    conversation: int
    body: str
    client_id: str | None
    reply_to: int | None = None
    digest: str | None = None
    kind: str = USER
    inbox: str | None = None
    told: dict[str, Any] | None = None

    @property
    def mark(self) -> Mark:
        return (self.author.key if self.author else None), self.client_id
