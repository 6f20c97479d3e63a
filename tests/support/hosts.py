"""Tiny host apps: three kinds of primary key, Flask-Login, and CSRFProtect where it is asked for.

The models of each kind are made once; every test has an app and a database of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from sqlalchemy import ForeignKey, Integer, String, Uuid, event, select, text
from sqlalchemy.orm import Mapped, mapped_column

from flask_chat import Chat, database, migrations
from flask_chat.current import Identity
from flask_chat.services import conversations, members, posting
from flask_chat.testing import ChatTest

R = TypeVar("R")

#: High enough that only the tests of the limits themselves ever meet one.
UNHURRIED = {
    "CHAT_RATE_MESSAGES": "100000 per second",
    "CHAT_RATE_REQUESTS": "100000 per second",
    "CHAT_RATE_OPENINGS": "100000 per second",
}


class Role(Enum):
    TEACHER = "Teacher"
    GUARDIAN = 2


@dataclass(frozen=True)
class Kind:
    """One kind of host: its ``db``, its ``User``, and how it makes keys."""

    name: str
    db: SQLAlchemy
    User: type[Any]
    new_key: Callable[[str], Any]


@dataclass(frozen=True)
class Person:
    """One of the host's users, as plain values."""

    key: Any
    name: str

    @property
    def id(self) -> str:
        return str(self.key)

    @property
    def identity(self) -> Identity:
        return Identity(self.id, self.key)


def _kind(name: str, column: Any, new_key: Callable[[str], Any]) -> Kind:
    db = SQLAlchemy()

    class User(UserMixin, db.Model):
        __tablename__ = "person"
        # The attribute and its column have different names, as in many an older database.
        id: Mapped[Any] = mapped_column("person_no", column, primary_key=True)
        name: Mapped[str | None] = mapped_column(String(80))
        role: Mapped[str | None] = mapped_column(String(20))
        picture: Mapped[str | None] = mapped_column(String(80))
        active: Mapped[bool] = mapped_column(default=True)
        group: Mapped[str | None] = mapped_column("class", String(20))

        @property
        def is_active(self) -> bool:
            return self.active

        def full_name(self) -> str:
            return f"{self.name} Example"

    class Note(db.Model):
        """Something of the host's own."""

        id: Mapped[int] = mapped_column(primary_key=True)
        words: Mapped[str] = mapped_column(String(80))

    class Case(db.Model):
        """A record that a conversation may be about."""

        __tablename__ = "case_file"
        id: Mapped[Any] = mapped_column("case_no", column, primary_key=True)
        title: Mapped[str] = mapped_column(String(80))
        closed: Mapped[bool] = mapped_column(default=False)
        family: Mapped[Any | None] = mapped_column(ForeignKey(User.id))

    class Assignment(db.Model):
        """Somebody of the office works on a case."""

        case_no: Mapped[Any] = mapped_column(ForeignKey(Case.id), primary_key=True)
        person_no: Mapped[Any] = mapped_column(ForeignKey(User.id), primary_key=True)

    db.Note, db.Case, db.Assignment = Note, Case, Assignment
    return Kind(name, db, User, new_key)


KINDS = {
    kind.name: kind
    for kind in (
        _kind("int", Integer, lambda name: None),
        _kind("uuid", Uuid, lambda name: uuid.uuid4()),
        _kind("text", String(120), lambda name: f"{name.lower()}@школа.example"),
    )
}


class Host:
    """One app with a chat, and what a test does with it."""

    def __init__(
        self,
        url: str,
        *,
        kind: str = "int",
        csrf: bool = False,
        hooks: dict[str, Any] | None = None,
        before: Callable[[Flask], None] | None = None,
        **settings: Any,
    ) -> None:
        self.kind = KINDS[kind]
        self.db, self.User = self.kind.db, self.kind.User
        self.app = app = Flask("host")
        app.config.from_mapping(
            SECRET_KEY="not a secret", TESTING=False, SQLALCHEMY_DATABASE_URI=url
        )
        app.config.from_mapping(UNHURRIED)
        app.config.from_mapping(settings)
        if before is not None:
            before(app)
        self.db.init_app(app)
        _signs_in(app, self.db, self.User)
        if csrf:
            CSRFProtect(app)
        self.chat = Chat(**(hooks or {}))
        self.chat.init_app(app, self.db, self.User)
        self.talk = ChatTest(app)

    def create_all(self) -> None:
        """All tables, the host's and the chat's."""
        with self.app.app_context():
            self.db.create_all()
            with self.db.engine.begin() as connection:
                migrations.upgrade(connection, self.User.__table__.c.person_no)
        result = self.app.test_cli_runner().invoke(args=["chat", "init-db"])
        assert result.exit_code == 0, result.output

    def close(self) -> None:
        with self.app.app_context():
            for engine in self.db.engines.values():
                engine.dispose()

    # People

    def person(self, name: str, **values: Any) -> Person:
        with self.app.app_context():
            user = self.User(id=self.kind.new_key(name), name=name, **values)
            self.db.session.add(user)
            self.db.session.commit()
            return Person(user.id, name)

    def people(self, *names: str) -> list[Person]:
        return [self.person(name) for name in names]

    def user(self, person: Person) -> Any:
        """The host's object; inside an app context of the test's own."""
        return self.db.session.get(self.User, person.key)

    # The verbs, each in a transaction of its own

    def do(self, verb: Callable[..., R], *args: Any, **options: Any) -> R:
        with database.context(self.app):
            return verb(*args, **options)

    def direct(self, one: Person, other: Person) -> int:
        opened = self.do(conversations.open_direct, one.identity, other.id)
        return int(opened.conversation["id"])

    def group(self, owner: Person, *others: Person, title: str = "Class 4b") -> int:
        opened = self.do(
            conversations.create_group,
            owner.identity,
            title=title,
            users=[other.id for other in others],
        )
        return int(opened.conversation["id"])

    def post(
        self, author: Person | None, conversation: int, body: str = "Hello", **options: Any
    ) -> dict[str, Any]:
        who = author.identity if author else None
        posted = self.do(posting.post_message, who, conversation, body=body, **options)
        return posted.message

    def add(self, actor: Person, conversation: int, *others: Person) -> None:
        self.do(members.add_members, actor.identity, conversation, [one.id for one in others])

    def remove(self, actor: Person, conversation: int, other: Person) -> None:
        self.do(members.remove_member, actor.identity, conversation, other.id)

    # What is stored

    def rows(self, table: str, where: str = "true", order: str = "1") -> list[dict[str, Any]]:
        with self.app.app_context(), self.db.engine.connect() as connection:
            found = connection.execute(
                text(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}")
            )
            return [dict(row._mapping) for row in found]

    def age(self, seconds: float, **where: Any) -> None:
        """Let the messages be that much older, by the database's clock."""
        with self.app.app_context():
            dialect = self.db.engine.dialect.name
        earlier = {
            "sqlite": f"datetime(created_at, '-{seconds} seconds') || '.000000'",
            "postgresql": f"created_at - interval '{seconds} seconds'",
        }[dialect]
        chosen = " AND ".join(["true", *(f"{name} = :{name}" for name in where)])
        self.execute(f"UPDATE chat_message SET created_at = {earlier} WHERE {chosen}", **where)

    def execute(self, statement: str, **values: Any) -> None:
        with self.app.app_context(), self.db.engine.begin() as connection:
            connection.execute(text(statement), values)

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Everything the chat has stored."""
        tables = [name for name in self.db.metadata.tables if name.startswith("chat_")]
        return {name: self.rows(name) for name in sorted(tables) if name != "chat_version"}

    @contextmanager
    def statements(self) -> Iterable[list[str]]:
        """The statements that run meanwhile."""
        seen: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            seen.append(statement)

        with self.app.app_context():
            engine = self.db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    # The doors

    def client(self, person: Person | None = None) -> FlaskClient:
        """A browser, signed in as this person."""
        client = self.app.test_client()
        if person is not None:
            with client.session_transaction() as session:
                session.update(_user_id=person.id, _fresh=True)
        return client

    def run(self, *args: str, **options: Any) -> Any:
        """``flask chat …``"""
        return self.app.test_cli_runner().invoke(args=["chat", *args], **options)


def _signs_in(app: Flask, db: SQLAlchemy, user_class: type[Any]) -> None:
    manager = LoginManager(app)

    @manager.user_loader
    def load(public: str) -> Any:
        return next(
            (user for user in db.session.scalars(select(user_class)) if str(user.id) == public),
            None,
        )

    @app.get("/token")
    def token() -> str:
        return generate_csrf()

    @app.get("/in/<public>")
    def sign_in(public: str) -> str:
        login_user(load(public))
        return "in"

    @app.get("/out")
    def sign_out() -> str:
        logout_user()
        return "out"
