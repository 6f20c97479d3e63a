"""Hosts whose tables are kept by Flask-Migrate or Flask-Alembic: their history never hears of the
chat, before it is there, while it is, and once it has gone."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.hosts.removal import take_out, visit
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
