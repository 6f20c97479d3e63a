"""The registry of commands: a frame's type, and the function that carries it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..current import Identity
from ..realtime.connection import Connection


@dataclass(frozen=True, slots=True)
class Call:
    """One command from one socket."""

    connection: Connection
    identity: Identity
    data: dict[str, Any]


Handler = Callable[[Call], dict[str, Any] | None]

#: Commands that are answered, by their ``ref``.
answered: dict[str, Handler] = {}
#: Commands that are not; what is wrong with them concerns nobody.
unanswered: dict[str, Handler] = {}


def command(type: str, *, answers: bool = True) -> Callable[[Handler], Handler]:
    """Register the function that carries out frames of this type.

    It runs in an app context of its own, may use the database through the verbs, and returns
    the data of the reply.
    """

    def register(handler: Handler) -> Handler:
        (answered if answers else unanswered)[type] = handler
        return handler

    return register
