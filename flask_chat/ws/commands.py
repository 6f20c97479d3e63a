"""The registry of commands: a frame's type, and the function that carries it out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from inspect import isgeneratorfunction
from typing import Any

from ..current import Identity
from ..realtime.connection import Connection

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One command from one socket."""

    connection: Connection
    identity: Identity
    data: Data


#: What a handler gives that has only begun: the rest is done when nothing more comes at once.
Begun = Generator[None, None, Data]
Handler = Callable[[Call], Data | Begun | None]

#: Commands that are answered, by their ``ref``.
answered: dict[str, Handler] = {}
#: Those of them whose handlers only begin at first.
beginning: set[str] = set()
#: Commands that are not; what is wrong with them concerns nobody.
unanswered: dict[str, Handler] = {}


def command(type: str, *, answers: bool = True) -> Callable[[Handler], Handler]:
    """Register the function that carries out frames of this type.

    It runs in an app context of its own, may use the database through the verbs, and returns
    the data of the reply. A handler that yields once has begun something, without waiting, that
    the following commands of the same socket may begin as well; after it, they are finished
    together.
    """

    def register(handler: Handler) -> Handler:
        (answered if answers else unanswered)[type] = handler
        if isgeneratorfunction(handler):
            beginning.add(type)
        return handler

    return register
