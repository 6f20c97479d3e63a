"""Settings: what the environment says, and what holds when it says nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

# For a laptop only. Whoever knows this key can forge the session of any person in the
# school, so a real installation sets SECRET_KEY to something long, random and its own.
DEVELOPMENT_SECRET_KEY = "alder-quay-development-only"

DEFAULT_PORT = 5000


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the app's configuration as read from ``environ``."""
    return {
        "SECRET_KEY": environ.get("SECRET_KEY") or DEVELOPMENT_SECRET_KEY,
        # A relative SQLite path is taken from the app's instance folder.
        "SQLALCHEMY_DATABASE_URI": database_url(
            environ.get("DATABASE_URL") or "sqlite:///school.db"
        ),
        "CHAT_BUS_URL": environ.get("CHAT_BUS_URL") or "memory://",
        "SESSION_COOKIE_NAME": "alderquay_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # The demo speaks plain http on localhost; behind TLS set this to 1.
        "SESSION_COOKIE_SECURE": environ.get("SESSION_COOKIE_SECURE", "0") == "1",
    }


def database_url(url: str) -> str:
    """Name psycopg 3 as the driver of a PostgreSQL address; leave every other address alone."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def port(environ: Mapping[str, str] = os.environ) -> int:
    """Return the port to listen on.

    Raises ValueError, with a sentence for people, when PORT is not a port number.
    """
    value = environ.get("PORT") or str(DEFAULT_PORT)
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise ValueError(f"PORT should be a number from 1 to 65535, but it is {value!r}.")
    return int(value)
