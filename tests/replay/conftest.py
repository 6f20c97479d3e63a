"""One Node for all cases, and a host app each."""

from tests.support.fixtures import sqlite_files, sqlite_host

__all__ = ["sqlite_files", "sqlite_host"]
