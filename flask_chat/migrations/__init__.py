"""Our tables' versions: Alembic, with a script folder and a version table of our own.

The host's history is never touched, and ours never appears in it: a branch in the host's would
chain its next revision onto ours, and break when the chat is taken out again.

Where the host keeps its tables in a schema, ours are there too. The scripts do not name it: on
PostgreSQL it comes first in the search path while they run.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Table, inspect
from sqlalchemy.schema import DropTable

from ..errors import SetupError
from . import views
from .autogenerate import OPTION, tables_of
from .differences import in_words

VERSION_TABLE = "chat_version"
BASE, HEAD = "base", "head"
_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the tables: its number, what it brought, whether this database has it."""

    number: str
    brought: str
    applied: bool


def upgrade(connection: Connection, user_key: Column[Any], to: str = HEAD) -> list[str]:
    """Bring the tables up to a version; harmless when repeated.

    Tables that the host's own ``create_all`` or migrations have made are taken over as they are,
    and get the views, which neither of the two makes.

    :returns: the versions that were applied, oldest first.
    :raises SetupError: if there is no such version.
    """
    config = _config(connection, user_key)
    before = current(connection, user_key)
    if _is_newest_already(connection, user_key, before, to):
        command.stamp(config, HEAD)
        views.make_anew(connection, schema_of(connection, user_key))
        return []
    if _place(to) > _place(before):
        command.upgrade(config, to)
    return _between(before, to)


def downgrade(connection: Connection, user_key: Column[Any], to: str) -> list[str]:
    """Take the tables back to a version; back to ``base`` nothing of ours is left.

    :returns: the versions that were undone, newest first.
    :raises SetupError: if there is no such version.
    """
    config = _config(connection, user_key)
    before = reached(connection, user_key)
    if before != current(connection, user_key):
        command.stamp(config, HEAD)
    undone = behind(before, to)
    if undone:
        command.downgrade(config, to)
    if to == BASE:
        _version_table(user_key).drop(connection, checkfirst=True)
    return undone


def current(connection: Connection, user_key: Column[Any]) -> str | None:
    """The version the tables have, ``None`` before the first."""
    options = {
        "version_table": VERSION_TABLE,
        "version_table_schema": schema_of(connection, user_key),
    }
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def reached(connection: Connection, user_key: Column[Any]) -> str | None:
    """The version the tables have; tables of the host's ``create_all`` have the newest."""
    found = current(connection, user_key)
    return newest() if found is None and _has_tables(connection, user_key) else found


def has_users(connection: Connection, user_key: Column[Any]) -> bool:
    """Whether the host's own table of people is there, which our rows point to."""
    users = user_key.table
    return inspect(connection).has_table(users.name, _translated(connection, users.schema))


def newest() -> str:
    """The version this release brings."""
    return str(_scripts().get_current_head())


def ahead(reached: str | None, to: str) -> list[str]:
    """The versions that an upgrade to this one would apply, oldest first."""
    return _between(reached, to)


def behind(reached: str | None, to: str) -> list[str]:
    """The versions that a downgrade to this one would undo, newest first."""
    return _between(to, reached)[::-1]


def history(reached: str | None) -> list[Version]:
    """All versions, oldest first.

    :param reached: the version that the database has.
    """
    has = set(_between(None, reached))
    return [
        Version(script.revision, _sentence(script.doc), script.revision in has)
        for script in _oldest_first()
    ]


def differences(connection: Connection, user_key: Column[Any]) -> list[str]:
    """Where the tables in the database are not what this release takes them for, in words."""
    schema = schema_of(connection, user_key)
    ours = {name for _, name in tables_of([user_key.table.metadata])}

    def is_ours(thing: Any, name: str | None, kind: str, *rest: Any) -> bool:
        return kind != "table" or name in ours

    def is_there(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "schema" or name == schema

    options: dict[str, Any] = {
        OPTION: True,
        "compare_type": True,
        "compare_server_default": True,
        "include_object": is_ours,
        "include_name": is_there,
        "include_schemas": schema is not None,
        "version_table": "none of the host's",
    }
    context = MigrationContext.configure(connection, opts=options)
    return in_words(compare_metadata(context, user_key.table.metadata))


def sql(connection: Connection, user_key: Column[Any], begin: str | None, to: str) -> str:
    """What an upgrade or a downgrade would say to this kind of database; nothing is done.

    :param begin: the version to go from, ``None`` for an empty database.
    :raises SetupError: if there is no such version.
    """
    written = io.StringIO()
    config = _config(connection, user_key, written)
    step = command.downgrade if _place(to) < _place(begin) else command.upgrade
    step(config, f"{begin or BASE}:{to}", sql=True)
    if step is command.downgrade and to == BASE:
        gone = DropTable(_version_table(user_key), if_exists=True).compile(
            dialect=connection.dialect, schema_translate_map=_translations(connection)
        )
        written.write(f"{str(gone).strip()};\n")
    return written.getvalue()


def schema_of(connection: Connection, user_key: Column[Any]) -> str | None:
    """The schema of our tables in this database, as the host's engine translates it."""
    return _translated(connection, user_key.table.metadata.schema)


def _translated(connection: Connection, schema: str | None) -> str | None:
    found: str | None = _translations(connection).get(schema, schema)
    return found


def _translations(connection: Connection) -> dict[str | None, str | None]:
    return dict(connection.get_execution_options().get("schema_translate_map") or {})


def _is_newest_already(
    connection: Connection, user_key: Column[Any], before: str | None, to: str
) -> bool:
    if before is None:
        return _has_tables(connection, user_key)
    return before != newest() and to == HEAD and not differences(connection, user_key)


def _has_tables(connection: Connection, user_key: Column[Any]) -> bool:
    return inspect(connection).has_table("chat_conversation", schema_of(connection, user_key))


def _version_table(user_key: Column[Any]) -> Table:
    metadata = user_key.table.metadata
    schema = f"{metadata.schema}." if metadata.schema else ""
    return metadata.tables[f"{schema}{VERSION_TABLE}"]


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))


def _oldest_first() -> list[Any]:
    return list(_scripts().walk_revisions())[::-1]


def _between(lower: str | None, upper: str | None) -> list[str]:
    """The versions above one, up to another; oldest first."""
    return [script.revision for script in _oldest_first()][_place(lower) : _place(upper)]


def _place(version: str | None) -> int:
    """How many versions come before and with this one; ``None`` is an empty database."""
    numbers = [script.revision for script in _oldest_first()]
    if version in (None, BASE):
        return 0
    if version == HEAD:
        return len(numbers)
    if version not in numbers:
        raise SetupError(
            f"This release knows no version {version} of the tables; `flask chat db history` lists "
            "those it knows. Tables that a newer release has made need that release."
        )
    return numbers.index(version) + 1


def _sentence(doc: str) -> str:
    return doc.partition("\n\n")[0].strip()


def _config(
    connection: Connection, user_key: Column[Any], output: io.StringIO | None = None
) -> Config:
    config = Config(stdout=io.StringIO(), output_buffer=output)
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes.update(
        connection=connection, user_key=user_key, schema=schema_of(connection, user_key)
    )
    return config
