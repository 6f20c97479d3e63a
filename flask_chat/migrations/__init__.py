"""Our tables' versions: Alembic, with a script folder and a version table of our own.

The host's history is never touched, and ours never appears in it: a branch in the host's would
chain its next revision onto ours, and break when the chat is taken out again.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, inspect

VERSION_TABLE = "chat_version"
_FOLDER = Path(__file__).resolve().parent


def upgrade(connection: Connection, user_key: Column[Any]) -> list[str]:
    """Bring the tables to the newest version; harmless when repeated.

    Tables that the host's own ``create_all`` has made are taken over as they are.

    :returns: the versions that were applied, oldest first.
    """
    config = _config(connection, user_key)
    before = current(connection)
    if before is None and inspect(connection).has_table("chat_conversation"):
        command.stamp(config, "head")
        return []
    command.upgrade(config, "head")
    return [version for version in _history(config) if not _is_up_to(config, version, before)]


def current(connection: Connection) -> str | None:
    """The version the tables have, ``None`` before the first."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def newest() -> str:
    """The version this release brings."""
    return str(ScriptDirectory(str(_FOLDER)).get_current_head())


def _history(config: Config) -> list[str]:
    script = ScriptDirectory.from_config(config)
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _is_up_to(config: Config, version: str, reached: str | None) -> bool:
    if reached is None:
        return False
    history = _history(config)
    return history.index(version) <= history.index(reached)


def _config(connection: Connection, user_key: Column[Any]) -> Config:
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, user_key=user_key)
    return config
