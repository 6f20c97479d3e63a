"""``Chat``: puts the parts together for one app, and introduces them to one another.

The only room that knows everybody. It holds no logic of its own: what a part does is written in
the part.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

from flask import Flask, appcontext_pushed
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Select

from . import announce, bus, cli, following, models, presence, refusals, schemas, signals, web
from .actions import Action, Field
from .announcements import Recipients
from .bus import Bus
from .config import Config, read
from .counts import Counts
from .current import EXTENSION, Identity, chat
from .errors import SetupError
from .events import Control, Entry, Event
from .group_commit import GroupCommit
from .host import Hooks, Host, UserModel, model_of
from .models import Models
from .presence import Presence
from .rates import Rates
from .realtime.hub import Hub
from .services import accounts, announcements, conversations, posting, threads
from .services.posting import Draft, Posted
from .services.presence import tell_presence
from .services.reconcile import Reconciler
from .subjects import Card, Deletion, Subject, Subjects
from .ws import endpoint
from .ws.beat import Beat
from .ws.parts import Sockets

log = logging.getLogger("flask_chat")

Listener = Callable[[Sequence[Entry | Control]], None]
F = TypeVar("F", bound=Callable[..., Any])

endpoint.attach(web.blueprint)


@dataclass
class Installed:
    """The parts of one app; :class:`flask_chat.current.Parts`."""

    app: Flask
    config: Config
    db: SQLAlchemy
    user: UserModel
    hooks: Hooks
    subjects: Subjects
    rates: Rates
    counts: Counts
    bus: Bus
    presence: Presence
    sockets: Sockets
    #: Called with whatever the bus has carried to this process.
    listeners: list[Listener]
    #: Messages of several senders, in one transaction.
    sends: GroupCommit[Draft, Posted] = field(default_factory=lambda: GroupCommit(posting.post_all))
    statements: dict[Any, Any] = field(default_factory=dict)

    @cached_property
    def host(self) -> Host:
        """The host's people. Made when first asked for: their model may be imported late."""
        return Host(self.app, model_of(self.user), self.hooks)

    @cached_property
    def models(self) -> Models:
        """Our tables, beside the table of the host's people."""
        return models.build(self.host.key_column)

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
    :param announcements: ``announcements(user)`` -> the lists of people this user may announce to,
        :class:`Recipients` each; by default nobody may announce anything.
    """

    def __init__(self, **hooks: Any) -> None:
        self._hooks = Hooks(**hooks)
        self._subjects = Subjects()

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
        parts = _put_together(app, config, db, user, self._hooks, self._subjects)
        _meet(parts)
        app.extensions[EXTENSION] = parts
        announce.install(db)
        following.accounts_of(app, db)
        following.records_of(db)
        app.register_blueprint(web.blueprint, name=config.blueprint, url_prefix=config.url_prefix)
        app.jinja_env.globals["chat_widget"] = web.chat_widget
        app.cli.add_command(cli.group, config.command)

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

    # Records of the host's that can have a conversation

    def subject(
        self,
        model: type[Any],
        *,
        participants: Any,
        name: str | None = None,
        closed: Any = None,
        on_delete: Deletion = "keep",
    ) -> Callable[[Callable[[Any], Card]], Callable[[Any], Card]]:
        """Let the records of a model have a conversation each: ``@chat.subject(Application, …)``.

        The decorated function says how a record is shown in its conversation, as it is now:
        ``card(record)`` -> ``{"title": …, "link": …, "details": {"Status": …}}``. Everybody in the
        conversation sees the same card.

        :param participants: a ``Select`` of two columns, the record's key and a person's: who takes
            part in which record's conversation. Asked anew for every read, send and delivery; a
            callable that returns it, where the models are not there yet.
        :param name: what the wire and the templates call it; by default the table's name.
        :param closed: attribute, method or callable of a record: nothing more may be written.
        :param on_delete: ``"keep"`` the messages of a deleted record where nobody sees them any
            more, or ``"purge"`` them with it.
        :raises SetupError: if the model is not mapped, has several primary keys, or is known.
        """

        def register(card: Callable[[Any], Card]) -> Callable[[Any], Card]:
            called = name or str(getattr(model, "__tablename__", model.__name__.lower()))
            self._subjects.add(Subject(called, model, participants, card, closed, on_delete))
            return card

        return register

    def action(
        self,
        name: str,
        label: str,
        *,
        on: type[Any],
        allowed: Callable[[Any, Any], Any],
        confirm: str | None = None,
        fields: Mapping[str, Field] | None = None,
    ) -> Callable[[F], F]:
        """Put a button of yours into the conversations of records: ``@chat.action("accept", …)``.

        The decorated function does it: ``accept(record, user, **answers)``. It is part of the
        chat's transaction and leaves the commit to it; a sentence that it returns is said in the
        conversation with the same commit, and whatever it raises takes everything back. A
        database that asks for a transaction again runs it again, so what cannot be taken back (a
        letter that is sent) belongs after the commit.

        :param label: what the button says.
        :param on: the model, registered with :meth:`subject` before.
        :param allowed: ``allowed(record, user)`` -> whether this user may do it now. Asked where
            the button is shown, and again before it runs.
        :param confirm: a question that is asked first.
        :param fields: what else is asked first, by the name that the function gets it under.
        :raises SetupError: if the model is no subject, or a name does not fit or is taken.
        """

        def register(run: F) -> F:
            made = Action(name, label, run, allowed, confirm, dict(fields or {}))
            self._subjects.add_action(on, made)
            return run

        return register

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
        posting.draft_message(
            None if author is None else _identity(author), conversation, body=body
        )

    def post_system(self, record: Any, body: str, *, by: Any = None) -> None:
        """Say something in the conversation of a record, with the host's commit.

        Makes the conversation if there is none yet. Rolled back, a savepoint's rollback included,
        it never was, and no number is used up.

        :param record: a row of a model registered with :meth:`subject`; it may be new.
        :param by: the user whose doing it was, shown beside it.
        :raises Invalid: if the body is empty, too long, or no text.
        :raises SetupError: if the record's model is no subject.
        """
        schemas.EDIT_MESSAGE.read({"body": body})
        threads.draft_system(record, body, by=None if by is None else _identity(_row(by)))

    def announce(
        self,
        sender: Any,
        recipients: Select[Any],
        body: str,
        *,
        title: str,
        to: str = "",
        confirm: bool = False,
        key: str | None = None,
    ) -> int:
        """Announce something to everybody in a query of yours; returns the conversation's number.

        Its sender alone writes there, and none of the others is shown another; they answer the
        sender in private. Who is in the query is asked now, and whom the ``announcements`` hook
        lets announce is not: your code decides.

        :param recipients: a ``Select`` over your users, or over their keys.
        :param to: what the list is called in the sender's table of who has read it.
        :param confirm: ask everybody to confirm that they have read it.
        :param key: announcing again under the same key finds what was announced.
        :raises Invalid: if there is nobody in it, or a text is empty, too long, or no text.
        :raises Conflict: if the key was used for another announcement.
        """
        schemas.EDIT_MESSAGE.read({"body": body})
        schemas.CHANGE_CONVERSATION.read({"title": title})
        announced = announcements.post_announcement(
            _identity(_row(sender)),
            Recipients("query", to or title, recipients),
            title=title,
            body=body,
            client_id=key,
            confirm=confirm,
        )
        return int(announced.conversation["id"])

    def access_changed(self, record: Any) -> None:
        """Say that a record, or who takes part in its conversation, is not what it was.

        Changes made through the ORM are noticed without this; call it after a bulk ``UPDATE``.
        Otherwise open pages are told within the sweep (``CHAT_SWEEP_SECONDS``).

        :raises SetupError: if the record's model is no subject.
        """
        threads.access_changed(record)

    def sign_out(self, user: Any) -> None:
        """End this user's open sockets, because they signed out, were deactivated or changed
        their password. Flask-Login's ``logout_user`` is noticed without this."""
        gone = _identity(user).user
        accounts.sign_out(gone)
        following.when_answered(partial(following.leave_word, gone))


def _put_together(
    app: Flask, config: Config, db: SQLAlchemy, user: UserModel, hooks: Hooks, subjects: Subjects
) -> Installed:
    carrier = bus.connect(config.bus_url, config)
    rates, reconciler = Rates(config), Reconciler()

    listeners: list[Listener] = [reconciler.note]

    def announce_presence(person: str, online: bool) -> None:
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
    beat = Beat(app, config, hub, reconciler, alone=config.bus_url.startswith("memory:"))
    listeners.append(beat.note)
    return Installed(
        app, config, db, user, hooks, subjects, rates, Counts(), carrier, leases,
        Sockets(hub, leases, beat),
        listeners,
    )  # fmt: skip


def _meet(parts: Installed) -> None:
    """See the host's people and their database: now, or where one of them is not there yet, at
    the first app context in which they are, so before any ``create_all``."""
    may_come_later = callable(parts.user) or "." in str(parts.user)
    if isinstance(parts.user, type) or not may_come_later:
        _ = parts.models
        if "sqlalchemy" in parts.app.extensions:
            with parts.app.app_context():
                refusals.refuse_database(parts.db, parts.models.user_key.table)
            return

    def meet(app: Flask, **extra: Any) -> None:
        appcontext_pushed.disconnect(meet, app)  # what it imports may push a context as well
        try:
            users = parts.models.user_key.table
        except SetupError:
            appcontext_pushed.connect(meet, app, weak=False)
        else:
            refusals.refuse_database(parts.db, users)

    appcontext_pushed.connect(meet, parts.app, weak=False)


def _row(user: Any) -> Any:
    """The user behind a proxy such as Flask-Login's ``current_user``."""
    return user._get_current_object() if hasattr(user, "_get_current_object") else user


def _identity(user: Any) -> Identity:
    key = chat.host.key_of(user)
    if key is None:
        raise SetupError("This user has no primary key yet: flush the session first.")
    return Identity(str(key), key)
