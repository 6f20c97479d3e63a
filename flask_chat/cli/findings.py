"""What the doctor finds: a level, a sentence, and what to do."""

from __future__ import annotations

from typing import NamedTuple

OK, WARN, FAIL = "ok", "warn", "fail"


class Finding(NamedTuple):
    """One line of the doctor's.

    :param name: what was looked at.
    :param found: how it is.
    :param do: what would make it better; empty where nothing has to be done.
    """

    name: str
    level: str
    found: str
    do: str = ""


def ok(name: str, found: str) -> Finding:
    """As it should be."""
    return Finding(name, OK, found)


def warn(name: str, found: str, do: str) -> Finding:
    """Works, but not as well as it could, or not for everybody."""
    return Finding(name, WARN, found, do)


def fail(name: str, found: str, do: str) -> Finding:
    """Does not work."""
    return Finding(name, FAIL, found, do)
