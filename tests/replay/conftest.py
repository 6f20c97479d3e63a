"""The fixtures of ``tests/support``: each case runs over one of the two databases."""

from tests.support.fixtures import (
    databases,
    make_host,
    postgres_databases,
    postgres_server,
    sqlite_files,
)

__all__ = ["databases", "make_host", "postgres_databases", "postgres_server", "sqlite_files"]
