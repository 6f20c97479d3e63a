"""What we ask the host app: who is this, what are they called, whom may they reach.

Ground floor. Hosts differ more than their tutorials: a hook may be the name of an attribute, the
name of a method, or a callable that takes the user; the answer may be None, an Enum or markup.
All of that ends here. Above, a person is a :class:`Person` and a key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any, cast

from flask import Flask, current_app, request, session, url_for
from sqlalchemy import Select, Subquery, bindparam, inspect, select
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.selectable import SelectBase
from werkzeug.utils import import_string

from . import database
from .announcements import Recipients
from .current import Identity
from .errors import MissingExtra, SetupError
from .keys import key_from

Hook = str | Callable[[Any], Any]
#: The host's user model, or where it will be: a callable, or a text like ``school.models.User``.
UserModel = type[Any] | Callable[[], type[Any]] | str

_NAMES = ("display_name", "full_name", "name", "username", "email")
_ACTIVE = ("is_active", "active")
#: How many rows of a directory are held at a time; the garbage collector minds thousands.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the host, as everybody may see them.

    :param id: public id: the primary key as text, never ``get_id()`` (hosts put tokens there).
    """

    id: str
    name: str
    role: str | None = None
    avatar: str | None = None


@dataclass(slots=True)
class Hooks:
    """What the host has told us; every one has a default that suits most hosts."""

    identity: Callable[[], Any] | None = None
    contacts: Callable[[Any], Any] | None = None
    display_name: Hook | None = None
    role: Hook | None = None
    avatar: Hook | None = None
    is_active: Hook | None = None
    announcements: Callable[[Any], Iterable[Recipients]] | None = None
    language: Callable[[], Any] | None = None


@dataclass(slots=True)
class Host:
    """The host app, seen through its hooks."""

    app: Flask
    user_class: type[Any]
    hooks: Hooks
    key_column: Any = field(init=False)
    # Written once: on the way of a message, writing them costs more than running them.
    _chosen: Select[Any] = field(init=False)
    # Which of the usual attributes its users have.
    _names: list[Hook] = field(init=False)
    _actives: list[str] = field(init=False)

    def __post_init__(self) -> None:
        mapper = cast("Mapper[Any] | None", inspect(self.user_class, raiseerr=False))
        if not isinstance(mapper, Mapper):
            raise SetupError(
                "The third argument of init_app is the model of your users, a callable that "
                "returns it, or where it is, such as 'school.models.User'; "
                f"{self.user_class!r} is no mapped class."
            )
        if len(mapper.primary_key) != 1:
            raise SetupError(
                f"{self.user_class.__name__} has a primary key of several columns; "
                "the chat needs a user model with one."
            )
        self.key_column = mapper.primary_key[0]
        is_chosen = self._key.in_(bindparam("keys", expanding=True))
        self._chosen = select(self.user_class).where(is_chosen)
        self._names = [name for name in _NAMES if hasattr(self.user_class, name)]
        self._actives = [name for name in _ACTIVE if hasattr(self.user_class, name)]
        for place in fields(self.hooks):
            hook = getattr(self.hooks, place.name)
            if isinstance(hook, str) and not hasattr(self.user_class, hook):
                raise SetupError(
                    f"The hook {place.name} names {hook!r}, which {self.user_class.__name__} "
                    "does not have."
                )

    @property
    def _key(self) -> Any:
        """The mapped attribute of the primary key."""
        mapper = cast("Mapper[Any]", inspect(self.user_class))
        return getattr(self.user_class, mapper.get_property_by_column(self.key_column).key)

    # Who is acting

    def identity(self) -> Identity | None:
        """Who is signed in to this request, as plain values; ``None`` for nobody."""
        user = self._signed_in()
        if user is None or not self.is_active(user):
            return None
        key = self.key_of(user)
        return Identity(str(key), key, self._tabs(str(key)))

    def _signed_in(self) -> Any:
        ask = self.hooks.identity or _flask_login_user
        user = ask()
        if user is not None and hasattr(user, "_get_current_object"):
            user = user._get_current_object()
        # With two user models the other model's ids mean other people: only the chat's own counts.
        if not isinstance(user, self.user_class) or self.key_of(user) is None:
            return None
        return user if _is_authenticated(user) else None

    def _tabs(self, user: str) -> str:
        """Equal for all tabs of one sign-in in one browser, and opaque to the page."""
        mark = str(session.get("_id") or "") + str(request.cookies.get("remember_token", ""))
        secret = str(self.app.secret_key or self.app.name).encode()
        return hmac.new(secret, f"tabs:{user}:{mark}".encode(), hashlib.sha256).hexdigest()[:32]

    # Keys

    def key_of(self, user: Any) -> Any:
        """The primary key of one of the host's users."""
        identity = instance_state(user).identity
        return identity[0] if identity else getattr(user, self._key.key)

    def parse_key(self, public: Any) -> Any:
        """The primary key behind a public id.

        :raises Invalid: if it is no text.
        :raises NotFound: if no primary key can look like this.
        """
        return key_from(self.key_column, public)

    # People

    def load(self, keys: Collection[Any], *, only_active: bool = False) -> dict[Any, Person]:
        """The people with these keys, in one statement; unknown keys are left out."""
        return {
            self.key_of(user): self.person(user)
            for user in self._users(keys)
            if not only_active or self.is_active(user)
        }

    def get(self, key: Any) -> Any:
        """The host's user with this key, or ``None``."""
        return database.session().get(self.user_class, key)

    def active_user(self, identity: Identity) -> Any:
        """The user behind an identity, if they still exist and are active; else ``None``."""
        user = self.get(identity.key)
        return user if user is not None and self.is_active(user) else None

    def active_users(self, keys: Collection[Any]) -> dict[Any, Any]:
        """Those of these users who are still there and active, by key, in one statement."""
        return {self.key_of(user): user for user in self._users(keys) if self.is_active(user)}

    def active_keys(self, keys: Collection[Any]) -> set[Any]:
        """Those of these people who are still there and active, in one statement."""
        return set(self.active_users(keys))

    def _users(self, keys: Collection[Any]) -> Iterable[Any]:
        if not keys:
            return ()
        return database.session().scalars(self._chosen, {"keys": list(set(keys))}).unique()

    def person(self, user: Any) -> Person:
        public = str(self.key_of(user))
        return Person(public, self._name(user, public), self._role(user), self._avatar(user))

    def is_active(self, user: Any) -> bool:
        if self.hooks.is_active is not None:
            return bool(ask(user, self.hooks.is_active))
        return all(ask(user, name) not in (False, 0) for name in self._actives)

    def _name(self, user: Any, public: str) -> str:
        for hook in self._name_hooks():
            if name := str(ask(user, hook) or "").strip():
                return name
        return f"User {public}"

    @property
    def has_names(self) -> bool:
        """Whether there is any place to look for what people are called."""
        return bool(self._name_hooks())

    def _name_hooks(self) -> list[Hook]:
        """Where to look for a name, in order: the host's own choice, then what is usual."""
        if self.hooks.display_name is None:
            return self._names
        return [self.hooks.display_name, *self._names]

    def _role(self, user: Any) -> str | None:
        if self.hooks.role is None:
            return None
        role = ask(user, self.hooks.role)
        if isinstance(role, Enum):
            role = role.value if isinstance(role.value, str) else role.name.lower()
        return None if role is None else str(role)

    def _avatar(self, user: Any) -> str | None:
        if self.hooks.avatar is None:
            return None
        place = ask(user, self.hooks.avatar)
        if not place:
            return None
        place = str(place)
        if place.startswith(("/", "https://", "http://")):
            return place
        if request:
            return url_for("static", filename=place)
        # A socket's command: the same path, for the event is everybody's.
        return self.app.url_map.bind("localhost").build("static", {"filename": place})

    # Whom somebody may reach

    def contacts(self, user: Any) -> Select[tuple[Any]]:
        """The keys of the people this user may see and write to, as a query; never themself."""
        own = self.key_of(user)
        if self.hooks.contacts is None:
            reachable = select(self._key)
        else:
            reachable = self._keys_in(self.hooks.contacts(user), "contacts")
        return reachable.where(self._key != own)

    def _keys_in(self, answer: Any, hook: str) -> Select[tuple[Any]]:
        if not isinstance(answer, SelectBase):
            raise SetupError(
                f"The {hook} hook must return a Select over the host's users, such as "
                f"select({self.user_class.__name__}).where(...); it returned "
                f"{type(answer).__name__}."
            )
        among = self._key_among(answer.subquery(), hook)
        return select(self._key).where(self._key.in_(select(among)))

    def _key_among(self, people: Subquery, hook: str) -> Any:
        """The column of a query over users that holds their keys; named like the attribute where
        whole users were selected, like the column otherwise."""
        for name in (self._key.key, self.key_column.key):
            if name in people.c:
                return people.c[name]
        raise SetupError(
            f"The query of the {hook} hook must select the user, or its primary key "
            f"`{self._key.key}`."
        )

    def reachable(self, user: Any, keys: Collection[Any]) -> set[Any]:
        """Those of these people whom this user may reach, in one statement."""
        if not keys:
            return set()
        return set(database.session().scalars(self.contacts(user).where(self._key.in_(set(keys)))))

    def reachable_each(self, wanted: Sequence[tuple[Any, Collection[Any]]]) -> list[set[Any]]:
        """:meth:`reachable` for several users, among people who are known to be there: without a
        rule, everybody who is."""
        if self.hooks.contacts is not None:
            return [self.reachable(user, keys) for user, keys in wanted]
        return [{*keys} - {self.key_of(user)} for user, keys in wanted]

    # What somebody may announce, and to whom

    def lists_of(self, user: Any) -> dict[str, Recipients]:
        """The lists of people that this user may announce to, by name; by default none."""
        if self.hooks.announcements is None:
            return {}
        found = list(self.hooks.announcements(user))
        for recipients in found:
            if not isinstance(recipients, Recipients):
                raise SetupError(
                    "The announcements hook must return flask_chat.Recipients; there is "
                    f"{type(recipients).__name__} among them."
                )
        return {recipients.name: recipients for recipients in found}

    def recipients(self, query: Any, *, but: Any) -> list[Any]:
        """The keys of those in a list who may use the chat, by name; without one person."""
        wanted = self._key.in_(self._keys_in(query, "announcements"))
        users = database.session().scalars(select(self.user_class).where(wanted)).unique()
        found = [
            (self._name(user, str(key)).casefold(), str(key), key)
            for user in users
            if (key := self.key_of(user)) != but and self.is_active(user)
        ]
        return [key for *_, key in sorted(found, key=lambda person: person[:2])]

    def contact_names(self, user: Any) -> dict[Any, str]:
        """What everybody is called whom this user may reach, by key."""
        return self._called(self.contacts(user))

    def names(self, keys: Select[tuple[Any]]) -> dict[Any, str]:
        """What everybody is called whose key this query finds, by key."""
        return self._called(select(self._key).where(self._key.in_(keys)))

    def _called(self, people: Select[Any]) -> dict[Any, str]:
        """Where names are columns only they are read: a directory may have ten thousand rows, and
        objects for all of them would cost a second."""
        columns = self._name_columns()
        if columns:
            found = database.session().execute(people.with_only_columns(self._key, *columns))
            return {
                key: (first and str(first).strip()) or _first_name(more) or f"User {key}"
                for rows in found.partitions(_AT_ONCE)
                for key, first, *more in rows
            }
        users = database.session().scalars(people.with_only_columns(self.user_class)).unique()
        return {self.key_of(user): self.person(user).name for user in users}

    def _name_columns(self) -> list[Any]:
        """The columns that hold names; empty if the first place to look is not a column."""
        columns = inspect(self.user_class).columns
        hooks = self._name_hooks()
        if not hooks or not isinstance(hooks[0], str) or hooks[0] not in columns:
            return []
        return [
            getattr(self.user_class, name)
            for name in hooks
            if isinstance(name, str) and name in columns
        ]


def model_of(user: UserModel) -> Any:
    """The host's user model, wherever it was said to be.

    :raises SetupError: if it is not there, or not there yet.
    """
    if isinstance(user, str):
        try:
            return import_string(user)
        except ImportError as problem:
            reason = getattr(problem, "exception", problem)  # Werkzeug's own fills a page
            detail = f"The model of your users, {user!r}, is not there: {reason}"
            raise SetupError(detail) from None
    return user if isinstance(user, type) or not callable(user) else user()


def _is_authenticated(user: Any) -> bool:
    """An anonymous user may be a row with an id and a name, which says so of itself."""
    return not hasattr(user, "is_authenticated") or bool(ask(user, "is_authenticated"))


def _first_name(names: Iterable[Any]) -> str:
    for name in names:
        if text := str(name or "").strip():
            return text
    return ""


def ask(row: Any, hook: Hook) -> Any:
    """The hook's answer: an attribute, a method that is called, or a callable given the row."""
    if callable(hook):
        return hook(row)
    value = getattr(row, hook)
    return value() if callable(value) else value


def _flask_login_user() -> Any:
    try:
        from flask_login import current_user
    except ImportError:
        raise MissingExtra("Flask-Login, or an `identity` hook,", "login") from None
    if not hasattr(current_app, "login_manager"):
        raise SetupError(
            "The chat cannot tell who is signed in: set up Flask-Login, or give it an `identity` "
            "hook."
        )
    return current_user
