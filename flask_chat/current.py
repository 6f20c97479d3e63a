"""The parts of this app's chat, and who is acting.

Ground floor. Everything above reaches the other parts through :data:`chat`, which is
``current_app.extensions["chat"]``; what a part looks like from below is said by the Protocols
here, so that no floor has to import a higher one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from flask import Flask, current_app

from .config import Config
from .events import Control, Entry, Event

if TYPE_CHECKING:
    from flask_sqlalchemy import SQLAlchemy

    from .counts import Counts
    from .group_commit import GroupCommit
    from .host import Hooks, Host
    from .inboxes import Inboxes
    from .models import Models
    from .quiet import QuietHours
    from .rates import Rates
    from .subjects import Subjects
    from .supervision import Supervision

EXTENSION = "chat"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is acting, as plain values that outlive the request.

    :param user: public id: the primary key as text.
    :param key: the primary key as the database has it.
    :param tabs: opaque text that is equal for all tabs of one sign-in, and for nobody else.
    """

    user: str
    key: Any
    tabs: str = ""


class Bus(Protocol):
    """Carries entries and orders to every process."""

    @property
    def is_up(self) -> bool: ...

    def start(self) -> None: ...

    def publish(self, entries: Sequence[Entry | Control]) -> None: ...


class Presence(Protocol):
    """Who is online, in whichever process."""

    def online(self, users: Collection[str]) -> Collection[str]: ...


class Parts(Protocol):
    """What ``init_app`` has put together for one app, as far as the lower floors use it."""

    config: Config
    db: SQLAlchemy
    models: Models
    hooks: Hooks
    host: Host
    subjects: Subjects
    inboxes: Inboxes
    supervision: Supervision
    quiet: QuietHours
    rates: Rates
    counts: Counts
    bus: Bus
    presence: Presence
    sockets: Any
    sends: GroupCommit[Any, Any]
    #: What ``models.prepared`` has built: depends on the models and what is registered.
    statements: dict[Any, Any]

    def tell_host(self, event: Event) -> None:
        """Send the host's signal for an event."""


class _Current:
    """Whatever chat the current app has. Asked some forty times for each message, so it does no
    more than that: a ``LocalProxy`` would cost ten times as much."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            parts = _app().extensions[EXTENSION]
        except KeyError:
            raise RuntimeError(
                "This app has no chat: call chat.init_app(app, db, User) when it is created."
            ) from None
        return getattr(parts, name)


#: The app itself, without the proxy before it.
_app: Callable[[], Flask] = current_app._get_current_object  # type: ignore[attr-defined]
chat: Parts = cast(Parts, _Current())
