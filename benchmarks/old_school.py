#!/usr/bin/env python3
"""A school that has talked for years, made in a minute: the same rows every time.

    python benchmarks/old_school.py URL [--messages 1000000] [--people 10000] [--conversations 2000]

Person 1 is the registrar: in a direct conversation with nearly everybody, in a few groups, and in
one of five thousand people that holds a fifth of all messages. Everybody else has a direct
conversation with a neighbour. Of the registrar's conversations one in four has something unread,
one in forty more than anybody counts. Rows lie in the order of their time, as they would have
been written, so one conversation's are spread over the whole table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flask
from flask_login import LoginManager, UserMixin
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, event, insert, text

from flask_chat import Chat
from flask_chat.current import chat

REGISTRAR = 1
BEGAN = datetime(2020, 9, 1)
UNLIMITED = "1000000 per second"
GROUPS = 40  # of the registrar's, of thirty people each, beside the large one
WORDS = (
    "See you at four, by the gate. The form is signed, the bus is late, and the choir sings. " * 4
)


@dataclass(frozen=True)
class Size:
    """How much there is.

    :param conversations: of the registrar's.
    :param crowd: members of the largest group.
    """

    messages: int = 1_000_000
    people: int = 10_000
    conversations: int = 2_000
    crowd: int = 5_000


FULL = Size()


def school(url: str) -> flask.Flask:
    """An ordinary host with Flask-Login, its tables and the chat's, and nobody in it."""
    app = flask.Flask("school")
    app.config.update(
        SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=url, CHAT_RATE_REQUESTS=UNLIMITED,
        CHAT_RATE_OPENINGS=UNLIMITED, CHAT_RATE_MESSAGES=UNLIMITED,
    )  # fmt: skip
    db = SQLAlchemy(app)
    login = LoginManager(app)
    login.session_protection = None

    class User(db.Model, UserMixin):
        id = db.Column(db.Integer, primary_key=True)
        name = db.Column(db.String(80), nullable=False)

    login.user_loader(lambda key: db.session.get(User, int(key)))
    Chat().init_app(app, db, User)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _write_ahead)
        db.create_all()
    made = app.test_cli_runner().invoke(args=["chat", "init-db"])
    if made.exit_code:
        raise RuntimeError(made.output)
    return app


def fill(app: flask.Flask, size: Size = FULL) -> None:
    """Put everybody and everything in; into empty tables."""
    with app.app_context():
        db, models = chat.db, chat.models
        with db.engine.begin() as connection:
            is_postgres = connection.dialect.name == "postgresql"
            if is_postgres:  # the rows are right as they are made: a million times less to look up
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            people = [{"id": n, "name": _name(n)} for n in range(1, size.people + 1)]
            connection.execute(insert(db.metadata.tables["user"]), people)
            heads, members = _conversations(size)
            connection.execute(insert(models.Conversation.__table__), heads)
            connection.execute(insert(models.Member.__table__), members)
            for statement in _TABLES:
                connection.execute(text(statement))
            moment = _MOMENT[connection.dialect.name]
            connection.execute(
                text(_MESSAGES.format(moment=moment)), {"words": WORDS, "messages": size.messages}
            )
            if is_postgres:
                _continue_numbering(connection)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE" if is_postgres else "ANALYZE"))


def _name(number: int) -> str:
    first = ("Ana", "Ben", "Cem", "Dora", "Émile", "Fatima", "Goran", "Héloïse", "Ivo", "Jana")
    last = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper")
    return f"{first[number % 10]} {last[number // 10 % 10]} {number}"


def _conversations(size: Size) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    parties = list(_parties(size))
    share = size.messages // 5
    each, left = divmod(size.messages - share, len(parties) - 1)
    heads, members = [], []
    for number, people in enumerate(parties, 1):
        is_crowd = number == 1
        count = share if is_crowd else each + (number <= left + 1)
        heads.append(_head(number, len(people), count, size.messages))
        unread = _unread(number, count)
        for place, person in enumerate(people):
            read = count - unread if person == REGISTRAR else count
            members.append(_member(number, person, read, heads[-1], owner=place == 0))
    return heads, members


def _parties(size: Size) -> Iterator[list[int]]:
    """Who is in each conversation: the crowd's, the registrar's others, the neighbours'."""
    yield list(range(1, min(size.crowd, size.people) + 1))
    for group in range(min(GROUPS, size.conversations - 1)):
        yield [REGISTRAR, *(2 + (group * 37 + n * 11) % (size.people - 1) for n in range(30))]
    for other in range(size.conversations - GROUPS - 1):
        yield [REGISTRAR, 2 + other % (size.people - 1)]
    for one in range(2, size.people, 2):
        yield [one, one + 1]


def _unread(number: int, count: int) -> int:
    if number % 40 == 1:
        return min(count, 150)
    return min(count, number % 13) if number % 4 == 0 else 0


def _head(number: int, people: int, count: int, of: int) -> dict[str, Any]:
    written = BEGAN + timedelta(minutes=of + number)
    return {
        "id": number, "kind": "group" if people > 2 else "direct",
        "title": f"Class {number}" if people > 2 else None, "last_seq": count,
        "last_change": count + 1, "first_seq": 1, "change": 1, "created_at": BEGAN,
        "updated_at": written,
    }  # fmt: skip


def _member(
    conversation: int, person: int, read: int, head: dict[str, Any], *, owner: bool
) -> dict[str, Any]:
    return {
        "conversation_id": conversation, "user_id": person, "owner": owner, "joined_at": BEGAN,
        "since_seq": 1, "change": 1, "touched_at": head["updated_at"], "read_seq": read,
        "muted": False, "archived": False,
    }  # fmt: skip


# Everybody speaks in turn; a conversation's messages are spread evenly over all the time there was.
_TABLES = (
    "CREATE TEMPORARY TABLE series (n INTEGER PRIMARY KEY)",
    """
    INSERT INTO series WITH RECURSIVE series(n) AS (
        SELECT 1 UNION ALL SELECT n + 1 FROM series
        WHERE n < (SELECT max(last_seq) FROM chat_conversation)
    ) SELECT n FROM series
    """,
    """
    CREATE TEMPORARY TABLE speaker (
        conversation_id INTEGER, place INTEGER, many INTEGER, user_id INTEGER,
        PRIMARY KEY (conversation_id, place)
    )
    """,
    """
    INSERT INTO speaker SELECT conversation_id,
        row_number() OVER (PARTITION BY conversation_id ORDER BY user_id) - 1,
        count(*) OVER (PARTITION BY conversation_id), user_id
    FROM chat_member
    """,
)
_MESSAGES = """
INSERT INTO chat_message (conversation_id, seq, change, kind, author_id, body, client_id, digest,
                          created_at)
SELECT heads.id, series.n, series.n + 1, 'user', speaker.user_id,
    substr(CAST(:words AS text), 1 + series.n % 80, 20 + series.n * 7 % 160),
    'old-' || heads.id || '-' || series.n,
    'd5c1b1f7a0a84b3c9e5f1d2a7c6b8e90d5c1b1f7a0a84b3c9e5f1d2a7c6b8e90', {moment}
FROM chat_conversation AS heads
JOIN series ON series.n <= heads.last_seq
JOIN (SELECT DISTINCT conversation_id, many FROM speaker) AS talk
    ON talk.conversation_id = heads.id
JOIN speaker ON speaker.conversation_id = heads.id AND speaker.place = series.n % talk.many
ORDER BY CAST(series.n AS float) / heads.last_seq, heads.id
"""
_MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', heads.created_at, "
    "(:messages * CAST(series.n AS float) / heads.last_seq) || ' minutes')",
    "postgresql": "heads.created_at + interval '1 minute' "
    "* (:messages * CAST(series.n AS float) / heads.last_seq)",
}


def _continue_numbering(connection: Connection) -> None:
    for table in ("chat_conversation", '"user"'):
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                f"(SELECT max(id) FROM {table}))"
            )
        )


def _write_ahead(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def main() -> None:
    """Fill the database that is named."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("url")
    for name in ("messages", "people", "conversations", "crowd"):
        options.add_argument(f"--{name}", type=int, default=getattr(Size, name))
    chosen = vars(options.parse_args())
    fill(school(chosen.pop("url")), Size(**chosen))


if __name__ == "__main__":
    main()
