"""The people and conversations that every server holds, and the databases they are in.

People 1 to 10 000. Conversation p, for p from 1 to 100, is people 2p-1 and 2p; groups of 10, 100,
1000 and 5000 people (from person 1 on) are in ``GROUPS``.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import flask

HOST = Path(__file__).with_name("host.py")
PEOPLE, PAIRS = 10_000, 100
GROUPS = {100: 1001, 1000: 1002, 5000: 1003, 10: 1004}
RIVALS_TABLES = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, token TEXT NOT NULL UNIQUE);
CREATE TABLE membership (
    conversation INTEGER NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (conversation, person)
);
CREATE INDEX membership_person ON membership (person);
CREATE TABLE message (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL,
    author INTEGER NOT NULL REFERENCES person, text TEXT NOT NULL, sent_at TIMESTAMP NOT NULL
);
CREATE INDEX message_history ON message (conversation, id);
"""


def conversations() -> dict[int, list[int]]:
    """Who is in which."""
    pairs = {pair: [2 * pair - 1, 2 * pair] for pair in range(1, PAIRS + 1)}
    return pairs | {key: list(range(1, size + 1)) for size, key in GROUPS.items()}


def cookies() -> list[str]:
    """A session cookie for each person, as if they had signed in at our host."""
    app = flask.Flask("host")
    app.secret_key = "bench"
    sign = app.session_interface.get_signing_serializer(app).dumps  # type: ignore[union-attr]
    mark = {"_fresh": True, "_id": "f" * 128}
    return [f"session={sign(mark | {'_user_id': str(n)})}" for n in range(1, PEOPLE + 1)]


def for_rivals(folder: Path) -> Path:
    """A fresh file with the rivals' tables."""
    return _copied(_rivals_template(folder), folder / "rivals.db")


def for_us(folder: Path, root: Path) -> str:
    """The URL of a fresh SQLite file of our host, with the tables of this checkout."""
    return f"sqlite:///{_copied(_our_template(folder, root), folder / 'ours.db')}"


@functools.cache
def _rivals_template(folder: Path) -> Path:
    file = _gone(folder / "rivals.template")
    connection = sqlite3.connect(file)
    connection.executescript(RIVALS_TABLES)
    people = [(n, f"Person {n}", f"token-{n}") for n in range(1, PEOPLE + 1)]
    connection.executemany("INSERT INTO person VALUES (?, ?, ?)", people)
    members = [(key, who) for key, people in conversations().items() for who in people]
    connection.executemany("INSERT INTO membership VALUES (?, ?)", members)
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    return file


@functools.cache
def _our_template(folder: Path, root: Path) -> Path:
    file = _gone(folder / f"ours-{root.name}.template")
    fill(f"sqlite:///{file}", root)
    return file


def fill(url: str, root: Path) -> None:
    """Make the tables of our host in an empty database and put everybody in."""
    subprocess.run(
        [sys.executable, str(HOST), "fill"], check=True, text=True, stdout=subprocess.DEVNULL,
        input=json.dumps({"people": PEOPLE, "conversations": conversations()}),
        env={**os.environ, "BENCH_DB": url, "PYTHONPATH": str(root)},
    )  # fmt: skip


def _copied(template: Path, file: Path) -> Path:
    shutil.copyfile(template, _gone(file))
    return file


def _gone(file: Path) -> Path:
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    return file
