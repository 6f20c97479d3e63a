"""The fixtures of ``tests/support``: every case runs over both databases."""

from tests.support.fixtures import (
    databases,
    make_host,
    postgres_databases,
    postgres_server,
    sqlite_files,
)

__all__ = ["databases", "make_host", "postgres_databases", "postgres_server", "sqlite_files"]
