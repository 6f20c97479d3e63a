"""Our tables come and go where the host has put its people: in a schema, in a bind of their own,
beside tables with a prefix. Hosts whose tables are kept by Flask-Migrate or Flask-Alembic never
hear of the chat in their history, before it is there, while it is, and once it has gone."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.hosts.removal import take_out, visit
from tests.hosts.roll import EVERY
from tests.support.servers import ROOT

MIGRATE = """
from tests.hosts.apps.injected import app
def run(*words):
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, (words, done.output, done.exception)
"""
ALEMBIC = """
from tests.hosts.apps.script_only import alembic, app, db, fill
def proposes():
    with app.app_context():
        return [found[0] for found in alembic.compare_metadata()]
"""

THERE_AND_BACK = """
import json
from sqlalchemy import inspect
with app.app_context():
    fill()
    engine = db.engines[User.__table__.metadata.info.get("bind_key")]

def chat(*words):
    done = app.test_cli_runner().invoke(args=["chat", *words, "--json"])
    assert done.exit_code == 0, (words, done.output, done.exception)
    return json.loads(done.output)

def ours():
    found = set()
    for each in [engine] if engine.dialect.name == "postgresql" else app_engines():
        inspector = inspect(each)
        for schema in inspector.get_schema_names():
            names = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
            found |= {(each, schema) for name in names if name.startswith("chat_")}
    return found

def app_engines():
    with app.app_context():
        return list(db.engines.values())

def execute(written):
    connection = engine.raw_connection()
    if engine.dialect.name == "sqlite":
        connection.executescript(written)
    else:
        connection.driver_connection.autocommit = True
        connection.cursor().execute(written)
        connection.driver_connection.autocommit = False
    connection.close()

for make, remove in (
    (lambda: chat("init-db"), lambda: chat("db", "downgrade", "base", "--yes")),
    (lambda: chat("db", "upgrade"), lambda: execute(chat("db", "sql", "--to", "base")["sql"])),
    (
        lambda: execute(chat("db", "sql", "--from", "base")["sql"]),
        lambda: chat("db", "downgrade", "base", "--yes"),
    ),
):
    make()
    assert chat("db", "check")["differences"] == []
    assert ours() == {(engine, place)}, ours()
    remove()
    assert ours() == set(), ours()
"""


@pytest.mark.parametrize(
    ("name", "model", "place"),
    [
        pytest.param("schema", "User", "school", marks=pytest.mark.postgres),
        ("guid_bind", "User", "main"),
        ("methods", "Person", "main"),
    ],
)
def test_our_tables_come_and_go_where_the_people_are(tmp_path, request, name, model, place):
    database = ""
    if EVERY[name].postgres:
        postgres = request.getfixturevalue("postgres_server")
        database = postgres.url(postgres.create())
    visit(
        tmp_path,
        f"from tests.hosts.apps.{name} import {model} as User, app, db, fill",
        f"place = {place!r}",
        THERE_AND_BACK,
        path=str(ROOT),
        database=database,
    )


def tables(folder):
    with closing(sqlite3.connect(folder / "x.db")) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in found if not name.startswith("sqlite_")}


def test_flask_migrate_hears_nothing_of_the_chat(tmp_path):
    before = take_out(tmp_path / "before")
    visit(
        tmp_path,
        MIGRATE,
        "run('db', 'init')",
        "run('db', 'migrate')",  # before our tables are there
        "run('db', 'upgrade')",
        "run('chat', 'init-db')",
        path=str(ROOT),
    )
    visit(tmp_path, MIGRATE, "run('db', 'check')", path=str(ROOT))  # fails if it would propose any
    (first,) = (tmp_path / "migrations" / "versions").glob("*.py")
    assert "chat" not in first.read_text()
    assert "chat_message" in tables(tmp_path)

    visit(tmp_path, MIGRATE, "run('chat', 'db', 'downgrade', 'base', '--yes')", path=str(ROOT))
    alone = "assert 'flask_chat' not in sys.modules"
    visit(tmp_path, MIGRATE, "run('db', 'check')", alone, path=before)
    assert tables(tmp_path) == {"user", "alembic_version"}


def test_flask_alembic_hears_nothing_of_the_chat(tmp_path):
    before = take_out(tmp_path / "before")
    visit(
        tmp_path,
        ALEMBIC,
        "with app.app_context(): alembic.mkdir()",
        "assert proposes() == ['add_table'], proposes()",
        "with app.app_context(): db.metadata.tables['user'].create(db.engine)",
        "assert proposes() == []",
        "app.test_cli_runner().invoke(args=['chat', 'init-db'])",
        "assert proposes() == []",
        "app.test_cli_runner().invoke(args=['chat', 'db', 'downgrade', 'base', '--yes'])",
        path=str(ROOT),
    )
    visit(tmp_path, ALEMBIC, "assert proposes() == [], proposes()", path=before)
    assert tables(tmp_path) == {"user"}
