"""``Chat``: puts the parts together for one app, and introduces them to one another.

The only room that knows everybody. It holds no logic of its own: what a part does is written in
the part.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from flask import Flask, appcontext_pushed
from flask_sqlalchemy import SQLAlchemy

from . import announce, bus, cli, database, following, models, presence, refusals, signals, web
from .bus import Bus
from .calls import Calls
from .config import Config, read
from .counts import Counts
from .current import EXTENSION
from .errors import SetupError
from .events import Control, Entry, Event
from .group_commit import GroupCommit
from .host import Hooks, Host, UserModel, model_of
from .inboxes import Inboxes
from .models import Models
from .presence import Presence
from .quiet import QuietHours
from .rates import Rates
from .realtime.hub import Hub
from .registering import Registering
from .services import posting
from .services.drafts import Draft, Held, Posted
from .services.presence import tell_presence
from .services.reconcile import Reconciler
from .subjects import Subjects
from .supervision import Supervision
from .ws import endpoint
from .ws.beat import Beat
from .ws.parts import Sockets
from .ws.surroundings import Surroundings

log = logging.getLogger("flask_chat")

Listener = Callable[[Sequence[Entry | Control]], None]
F = TypeVar("F", bound=Callable[..., Any])

endpoint.attach(web.blueprint)


@dataclass(eq=False)
class Installed:
    """The parts of one app; :class:`flask_chat.current.Parts`."""

    app: Flask
    config: Config
    db: SQLAlchemy
    user: UserModel
    hooks: Hooks
    subjects: Subjects
    inboxes: Inboxes
    supervision: Supervision
    quiet: QuietHours
    rates: Rates
    counts: Counts
    bus: Bus
    presence: Presence
    sockets: Sockets
    #: Called with whatever the bus has carried to this process.
    listeners: list[Listener]
    #: Messages of several senders, in one transaction.
    sends: GroupCommit[Draft, Posted | Held] = field(
        default_factory=lambda: GroupCommit(posting.post_all)
    )
    statements: dict[Any, Any] = field(default_factory=dict)
    #: Why the chat cannot live here, where that was only seen after ``init_app``.
    refusal: SetupError | None = None

    @cached_property
    def host(self) -> Host:
        """The host's people. Made when first asked for: their model may be imported late."""
        return Host(self.app, model_of(self.user), self.hooks)

    @cached_property
    def models(self) -> Models:
        """Our tables, beside the table of the host's people."""
        if self.refusal is not None:
            raise self.refusal
        return models.build(self.host.key_column)

    def meet_late(self, app: Flask, **extra: Any) -> None:
        """Look for the people once more, now that the app has begun to live."""
        appcontext_pushed.disconnect(self.meet_late, app)  # what it imports may push one as well
        try:
            users = self.models.user_key.table
        except SetupError:
            appcontext_pushed.connect(self.meet_late, app)
            return
        try:
            refusals.refuse_database(self.db, users)
        except SetupError as problem:
            # Not raised here: the context would stay open. Whoever asks for the chat hears it.
            log.critical("%s", problem.detail)
            self.refusal = problem
            del self.models

    def tell_host(self, event: Event) -> None:
        """Send the signal that is named like the event."""
        signal = getattr(signals, event.type.replace(".", "_"), None)
        if signal is not None and signal.has_receivers_for(self.app):
            with database.joining():
                signal.send(self.app, event=event)


class Chat(Registering, Calls):
    """Real-time chat inside a Flask app, with the app's own database, users and login.

    ::

        chat = Chat()
        chat.init_app(app, db, User)

    Hooks say what is special about the host. Each may be given as a keyword argument, here or to
    :meth:`init_app`, or as a decorator. ``display_name``, ``role``, ``avatar`` and ``is_active``
    may be the name of an attribute or method of the user, or a callable given the user.

    :param identity: ``identity()`` -> the user who is signed in to this request, or ``None``;
        by default Flask-Login's ``current_user``.
    :param contacts: ``contacts(user)`` -> a ``Select`` of the users this one may see and write to;
        by default everybody.
    :param display_name: what people are called.
    :param role: what they are, shown beside the name.
    :param avatar: URL of a picture, or a path below the host's static folder.
    :param is_active: whether somebody may use the chat at all.
    :param announcements: ``announcements(user)`` -> the lists of people this user may announce to,
        :class:`Recipients` each; by default nobody may announce anything.
    :param language: ``language()`` -> in which language this request is answered, ``"de"``; by
        default Flask-Babel's locale, else what the browser asks for.
    """

    def __init__(self, **hooks: Any) -> None:
        super().__init__()
        self._hooks = Hooks(**hooks)

    def init_app(self, app: Flask, db: SQLAlchemy, user: UserModel, **hooks: Any) -> None:
        """Put the chat into an app.

        :param db: the host's Flask-SQLAlchemy extension, under whatever name.
        :param user: the host's user model; where it is imported late, a callable that returns it,
            or where it will be, such as ``"school.models.User"``.
        :raises SetupError: if the app, its database or a setting does not fit, saying which.
        """
        for name, hook in hooks.items():
            if not hasattr(self._hooks, name):
                raise SetupError(f"There is no hook {name!r}.")
            setattr(self._hooks, name, hook)
        config = read(app.config)
        refusals.refuse_app(app, db, config)
        registered = self._subjects, self._inboxes, self._supervision, self._quiet
        parts = _put_together(app, config, db, user, self._hooks, *registered)
        _meet(parts)
        app.extensions[EXTENSION] = parts
        announce.install(db)
        following.accounts_of(app, db)
        following.records_of(db)
        app.register_blueprint(web.blueprint, name=config.blueprint, url_prefix=config.url_prefix)
        app.jinja_env.globals.update(
            chat_widget=web.chat_widget,
            chat_thread=web.chat_thread,
            chat_badge=web.chat_badge,
            chat_static=web.chat_static,
        )
        app.cli.add_command(cli.group, config.command)
        if config.inject:
            web.inject.install(app)

    # Hooks as decorators

    def identity(self, hook: F) -> F:
        """``hook()`` -> the user who is signed in to this request, or ``None``."""
        self._hooks.identity = hook
        return hook

    def contacts(self, hook: F) -> F:
        """``hook(user)`` -> a ``Select`` of the users this one may see and write to."""
        self._hooks.contacts = hook
        return hook

    def display_name(self, hook: F) -> F:
        """``hook(user)`` -> what this user is called."""
        self._hooks.display_name = hook
        return hook

    def role(self, hook: F) -> F:
        """``hook(user)`` -> what this user is: a text, an Enum, or ``None``."""
        self._hooks.role = hook
        return hook

    def avatar(self, hook: F) -> F:
        """``hook(user)`` -> URL of a picture, a path below ``static/``, or ``None``."""
        self._hooks.avatar = hook
        return hook

    def is_active(self, hook: F) -> F:
        """``hook(user)`` -> whether this user may use the chat."""
        self._hooks.is_active = hook
        return hook

    def announcements(self, hook: F) -> F:
        """``hook(user)`` -> the lists of people that this user may announce to."""
        self._hooks.announcements = hook
        return hook

    def language(self, hook: F) -> F:
        """``hook()`` -> the language of this request, such as ``"de"``, or ``None``."""
        self._hooks.language = hook
        return hook


def _put_together(
    app: Flask,
    config: Config,
    db: SQLAlchemy,
    user: UserModel,
    hooks: Hooks,
    subjects: Subjects,
    inboxes: Inboxes,
    supervision: Supervision,
    quiet: QuietHours,
) -> Installed:
    carrier = bus.connect(config.bus_url, config)
    rates, reconciler = Rates(config), Reconciler()

    listeners: list[Listener] = [reconciler.note]

    alone = config.bus_url.startswith("memory:")

    def announce_presence(person: str, online: bool) -> None:
        # Where the bus ends at this process, its own sockets are all who could hear of it.
        if not alone or hub.is_watched(person):
            with app.app_context():
                tell_presence(person, online)

    leases = presence.connect(config.bus_url, config, announce_presence)
    leases.start()
    hub = Hub(config, on_drain=leases.stop)

    def receive(items: Sequence[Entry | Control]) -> None:
        hub.receive(items)
        for listener in listeners:
            listener(items)

    carrier.subscribe(receive)
    surroundings = Surroundings()
    beat = Beat(app, config, hub, reconciler, surroundings, alone=alone)
    listeners.append(beat.note)
    return Installed(
        app, config, db, user, hooks, subjects, inboxes, supervision, quiet, rates, Counts(),
        carrier, leases, Sockets(hub, leases, beat, surroundings),
        listeners,
    )  # fmt: skip


def _meet(parts: Installed) -> None:
    """See the host's people and their database: now, or where one of them is not there yet, at
    the first app context in which they are, so before any ``create_all``."""
    may_come_later = callable(parts.user) or "." in str(parts.user)
    if isinstance(parts.user, type) or not may_come_later:
        _ = parts.models
    if isinstance(parts.user, type) and "sqlalchemy" in parts.app.extensions:
        with parts.app.app_context():
            refusals.refuse_database(parts.db, parts.models.user_key.table)
        return
    appcontext_pushed.connect(parts.meet_late, parts.app)
