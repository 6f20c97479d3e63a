"""The fixtures of ``tests/support``."""

from tests.support.fixtures import (
    databases,
    host,
    make_host,
    postgres_databases,
    postgres_server,
    sqlite_files,
)

__all__ = [
    "databases", "host", "make_host", "postgres_databases", "postgres_server", "sqlite_files",
]  # fmt: skip
