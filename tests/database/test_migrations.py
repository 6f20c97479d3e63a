"""``init-db`` on databases of every kind and in every state a host may have left them."""

from __future__ import annotations

import json

import alembic.util
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from flask_chat import migrations
from tests.support.hosts import Host

KINDS = pytest.mark.parametrize("kind", ["int", "uuid", "text"])


@pytest.fixture
def empty(databases):
    """An app whose database has only the host's own table."""
    hosts = []

    def make(kind: str = "int", *, with_users: bool = True) -> Host:
        hosts.append(Host(databases.empty(), kind=kind))
        if with_users:
            with hosts[-1].app.app_context():
                metadata = hosts[-1].db.metadata
                own = [table for table in metadata.sorted_tables if "chat_" not in table.name]
                metadata.create_all(hosts[-1].db.engine, own)
        return hosts[-1]

    yield make
    for host in hosts:
        host.close()


def tables(host) -> set[str]:
    with host.app.app_context():
        return set(inspect(host.db.engine).get_table_names())


def init_db(host, *options: str) -> dict:
    result = host.run("init-db", "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def talk(host) -> None:
    ana, ben = host.people("Ana", "Ben")
    assert host.post(ana, host.direct(ana, ben))["seq"] == 1


def test_on_an_empty_database_the_chat_is_ready(empty):
    host = empty()
    assert init_db(host)["applied"][-1] == migrations.newest()
    talk(host)


@KINDS
def test_migrations_lead_to_what_the_models_say(empty, kind):
    host = empty(kind)
    init_db(host)
    with host.app.app_context(), host.db.engine.connect() as connection:
        assert migrations.differences(connection, host.User.__table__.c.person_no) == []
    talk(host)


def test_tables_made_by_create_all_are_taken_over(empty):
    host = empty()
    with host.app.app_context():
        host.db.create_all()
    assert init_db(host)["applied"] == []
    assert init_db(host, "--dry-run")["version"] == migrations.newest()
    talk(host)


def test_init_db_again_changes_nothing(empty):
    host = empty()
    init_db(host)
    before = host.dump()
    assert (init_db(host)["applied"], host.dump()) == ([], before)


def test_init_db_leaves_the_hosts_own_tables_alone(empty):
    host = empty()
    before = tables(host)
    init_db(host)
    assert {name for name in tables(host) - before if not name.startswith("sqlite_")} == {
        name for name in host.db.metadata.tables if name.startswith("chat_")
    }


def test_a_dry_run_makes_nothing(empty):
    host = empty()
    before = tables(host)
    assert init_db(host, "--dry-run") == {"version": None, "newest": migrations.newest()}
    assert tables(host) == before


def test_the_first_init_db_begins_an_epoch(empty):
    host = empty()
    init_db(host)
    assert len(host.rows("chat_epoch")) == 1


def db(host, *arguments: str) -> dict:
    result = host.run("db", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@KINDS
def test_one_can_go_back_version_by_version_and_on_again(empty, kind):
    host = empty(kind)
    before = tables(host)
    assert db(host, "upgrade") == {"applied": init_db_versions()}
    for version in [*init_db_versions()[:-1][::-1], "base"]:
        assert len(db(host, "downgrade", version, "--yes")["undone"]) == 1
    assert tables(host) - before - {"sqlite_sequence"} == set()
    db(host, "upgrade")
    assert db(host, "check")["differences"] == []
    talk(host)


def init_db_versions() -> list[str]:
    return [version.number for version in migrations.history(None)]


def test_going_back_takes_what_create_all_has_made_too(empty):
    host = empty()
    before = tables(host)
    with host.app.app_context():
        host.db.create_all()
    assert db(host, "downgrade", "base", "--dry-run")["undone"] == init_db_versions()[::-1]
    assert "chat_message" in tables(host)
    db(host, "downgrade", "base", "--yes")
    assert tables(host) - {"sqlite_sequence"} == before - {"sqlite_sequence"}


def test_a_check_names_what_is_not_as_it_should_be(empty):
    host = empty()
    init_db(host)
    host.execute("ALTER TABLE chat_message ADD COLUMN mood VARCHAR(9)")
    host.execute("DROP INDEX ix_chat_message_change")
    result = host.run("db", "check")
    assert result.exit_code == 1
    assert set(result.output.splitlines()) == {
        "column chat_message.mood is not of this release",
        "index ix_chat_message_change of chat_message is missing",
    }


def test_the_sql_that_is_printed_does_what_an_upgrade_does(empty):
    host = empty()
    execute(host, db(host, "sql", "--from", "base")["sql"])
    assert db(host, "current")["version"] == migrations.newest()
    assert db(host, "check")["differences"] == []
    execute(host, db(host, "sql", "--to", "base")["sql"])
    assert not {name for name in tables(host) if name.startswith("chat_")}


def execute(host, written: str) -> None:
    for statement in written.split(";"):
        if statement.strip():
            host.execute(statement.replace(":", r"\:"))


def test_a_version_that_nobody_knows_is_refused_in_a_sentence(empty):
    result = empty().run("db", "upgrade", "9999")
    assert result.exit_code == 1
    assert "no version 9999" in result.output


def test_the_hosts_autogenerate_never_sees_our_tables(empty, caplog):
    caplog.set_level("INFO", logger="alembic")
    host = empty()

    def proposals(**options) -> str:
        with host.app.app_context(), host.db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=options)
            return str(compare_metadata(context, host.db.metadata))

    assert proposals() == "[]"
    if hasattr(alembic.util, "DispatchPriority"):  # before 1.18 its log names what is left out
        assert "chat_" not in caplog.text
    assert "chat_message" in proposals(chat_tables=True)
    init_db(host)
    host.execute("ALTER TABLE chat_message ADD COLUMN mood VARCHAR(9)")
    assert proposals() == "[]"
    assert "mood" in proposals(chat_tables=True)


def test_every_foreign_key_column_has_an_index(host):
    """The host deletes its people: without one, each deletion would read all messages."""
    with host.app.app_context():
        inspector = inspect(host.db.engine)
        for table in (name for name in tables(host) if name.startswith("chat_")):
            found = [index["column_names"][0] for index in inspector.get_indexes(table)]
            found += [one["column_names"][0] for one in inspector.get_unique_constraints(table)]
            for key in inspector.get_foreign_keys(table):
                assert key["constrained_columns"][0] in found, (table, key)
