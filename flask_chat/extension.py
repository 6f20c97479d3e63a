"""``Chat``: puts the parts together for one app, and introduces them to one another.

The only room that knows everybody. It holds no logic of its own: what a part does is written in
the part.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from flask import Flask, Response, after_this_request, current_app, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session as DatabaseSession

from . import announce, bus, cli, database, models, presence, schemas, signals, web
from .bus import Bus
from .config import Config, read
from .counts import Counts
from .current import EXTENSION, Identity, chat
from .errors import ChatError, SetupError
from .events import Control, Entry, Event
from .host import Hooks, Host
from .models import Models
from .presence import Presence
from .rates import Rates
from .realtime.hub import Hub
from .services import accounts, conversations, messages, orders
from .services.presence import tell_presence
from .services.reconcile import Reconciler
from .ws import endpoint
from .ws.beat import Beat
from .ws.parts import Sockets, sockets

log = logging.getLogger("flask_chat")

Listener = Callable[[Sequence[Entry | Control]], None]
F = TypeVar("F", bound=Callable[..., Any])

endpoint.attach(web.blueprint)


@dataclass(slots=True)
class Installed:
    """The parts of one app; :class:`flask_chat.current.Parts`."""

    app: Flask
    config: Config
    db: SQLAlchemy
    models: Models
    host: Host
    rates: Rates
    counts: Counts
    bus: Bus
    presence: Presence
    sockets: Sockets
    #: Called with whatever the bus has carried to this process.
    listeners: list[Listener]

    def tell_host(self, event: Event) -> None:
        """Send the signal that is named like the event."""
        signal = getattr(signals, event.type.replace(".", "_"), None)
        if signal is not None:
            signal.send(self.app, event=event)


class Chat:
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
    """

    def __init__(self, **hooks: Any) -> None:
        self._hooks = Hooks(**hooks)

    def init_app(self, app: Flask, db: SQLAlchemy, user: type[Any], **hooks: Any) -> None:
        """Put the chat into an app.

        :param db: the host's Flask-SQLAlchemy extension, under whatever name.
        :param user: the host's user model.
        :raises SetupError: if the app, its database or a setting does not fit, saying which.
        """
        if EXTENSION in app.extensions:
            raise SetupError("This app has a chat already; call init_app once.")
        for name, hook in hooks.items():
            if not hasattr(self._hooks, name):
                raise SetupError(f"There is no hook {name!r}.")
            setattr(self._hooks, name, hook)
        parts = _put_together(app, db, user, self._hooks)
        app.extensions[EXTENSION] = parts
        announce.install(db)
        _follow_accounts(app, db, user)
        app.register_blueprint(web.blueprint, url_prefix=parts.config.url_prefix)
        app.jinja_env.globals["chat_widget"] = web.chat_widget
        app.cli.add_command(cli.group)

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

    # For the host's own code. Each joins the host's transaction: commit, and it is seen;
    # roll back, and it never was.

    def open_direct(self, user: Any, other: Any) -> int:
        """The conversation of two users, made if there is none; returns its number.

        :raises NotFound: if ``user`` may not write to ``other``.
        """
        opened = conversations.open_direct(_identity(user), _identity(other).user)
        return int(opened.conversation["id"])

    def create_group(self, owner: Any, title: str, members: Iterable[Any] = ()) -> int:
        """A new group with these users; returns its number."""
        schemas.CHANGE_CONVERSATION.read({"title": title})
        users = [_identity(member).user for member in members]
        opened = conversations.create_group(_identity(owner), title=title, users=users)
        return int(opened.conversation["id"])

    def post_message(self, author: Any, conversation: int, body: str) -> None:
        """Send a message with the host's commit.

        It is numbered just before the commit, so no lock is held while the host goes on
        working. If it may not be sent, the commit raises the reason and does not happen.

        :param author: one of the host's users; ``None`` for a message of the system.
        :raises Invalid: if the body is empty, too long, or no text.
        """
        schemas.EDIT_MESSAGE.read({"body": body})
        messages.draft_message(
            None if author is None else _identity(author), conversation, body=body
        )

    def sign_out(self, user: Any) -> None:
        """End this user's open sockets, because they signed out, were deactivated or changed
        their password. Flask-Login's ``logout_user`` is noticed without this."""
        gone = _identity(user).user
        accounts.sign_out(gone)
        _when_answered(partial(_leave_word, gone))


def _put_together(app: Flask, db: SQLAlchemy, user: type[Any], hooks: Hooks) -> Installed:
    config = read(app.config)
    host = Host(app, user, hooks)
    carrier = bus.connect(config.bus_url, config)
    rates, hub, reconciler = Rates(config), Hub(config), Reconciler()

    listeners: list[Listener] = [reconciler.note]

    def receive(item: Entry | Control) -> None:
        for listener in listeners:
            listener([item])
        hub.receive(item)

    def announce_presence(person: str, online: bool) -> None:
        with app.app_context():
            tell_presence(person, online)

    carrier.subscribe(receive)
    leases = presence.connect(config.bus_url, config, announce_presence)
    leases.start()
    beat = Beat(app, config, hub, reconciler, alone=config.bus_url.startswith("memory:"))
    return Installed(
        app, config, db, models.build(host.key_column), host, rates, Counts(), carrier, leases,
        Sockets(hub, leases, beat),
        listeners,
    )  # fmt: skip


def _identity(user: Any) -> Identity:
    key = chat.host.key_of(user)
    if key is None:
        raise SetupError("This user has no primary key yet: flush the session first.")
    return Identity(str(key), key)


# What the host does to its accounts


def _follow_accounts(app: Flask, db: SQLAlchemy, user: type[Any]) -> None:
    _follow_deletions(db, user)
    try:
        from flask_login import user_logged_out
    except ImportError:
        return
    user_logged_out.connect(_after_logout, app)


def _follow_deletions(db: SQLAlchemy, user: type[Any]) -> None:
    def before_flush(session: DatabaseSession, context: Any, instances: Any) -> None:
        gone = [row for row in session.deleted if isinstance(row, user)]
        if gone and _is_here():
            with session.no_autoflush:
                for row in gone:
                    accounts.depart(chat.host.key_of(row))

    def after_flush(session: DatabaseSession, context: Any) -> None:
        new = [chat.host.key_of(row) for row in session.new if isinstance(row, user)]
        if new and _is_here():
            accounts.disinherit(new)

    mark = f"flask_chat.follows.{user.__module__}.{user.__qualname__}"
    if mark not in db.metadata.info:
        db.metadata.info[mark] = (before_flush, after_flush)
        sqlalchemy_event.listen(db.session, "before_flush", before_flush)
        sqlalchemy_event.listen(db.session, "after_flush", after_flush)


def _is_here() -> bool:
    """Whether this app has a chat with tables: models may be shared with apps that have none."""
    return EXTENSION in current_app.extensions and database.has_tables()


def _after_logout(app: Flask, user: Any = None, **extra: Any) -> None:
    """End the sockets once the answer is on its way: told earlier, a tab would come back with
    the cookie it still has."""
    if user is None or not isinstance(user, chat.host.user_class):
        return
    gone = _identity(user).user

    def revoke() -> None:
        accounts.sign_out(gone)
        _leave_word(gone)

    _when_answered(revoke)


def _leave_word(gone: str) -> None:
    """Where the bus ends at this process, the one that serves the sockets finds an order."""
    if sockets().beat.reaches_all:
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        with database.context(app):
            orders.give(orders.REVOKE, user=gone)
    except ChatError as problem:
        log.warning("the sockets of user %s stay until the next sweep: %s", gone, problem.detail)


def _when_answered(act: Callable[[], None]) -> None:
    """Once this request's answer is on its way, and its session gone; at once without a request."""
    if not has_request_context():
        act()
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def when_sent() -> None:
        with app.app_context():
            act()

    def follow(response: Response) -> Response:
        response.call_on_close(when_sent)
        return response

    after_this_request(follow)
