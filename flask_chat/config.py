"""Every setting of the chat: name, default, check, and what it means in one line.

Ground floor, and the only reader of ``app.config``. The table in the docs is generated from
``SETTINGS``; a setting that is not here does not exist. Values are read once, in ``init_app``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from types import SimpleNamespace
from typing import Any

from limits import parse_many

from .errors import SetupError

PREFIX = "CHAT_"

#: What the column of the titles holds.
TITLE_COLUMN = 200


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``CHAT_*`` key.

    :param check: turns the host's value into ours, or raises ``ValueError`` with the reason.
    :param unit: for the docs: seconds, bytes, code points ...
    """

    name: str
    default: Any
    check: Callable[[Any], Any]
    meaning: str
    unit: str = ""

    @property
    def attribute(self) -> str:
        return self.name.removeprefix(PREFIX).lower()


def _positive(value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number above zero")
    if not isfinite(value) or value <= 0:
        raise ValueError("must be a number above zero")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("must be a whole number above zero")
    return value


def _title_length(value: Any) -> int:
    if _count(value) > TITLE_COLUMN:
        raise ValueError(f"must be at most {TITLE_COLUMN}, the width of its column")
    return int(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be True or False")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a text")
    return value


def _optional(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else check(value)


def _prefix(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith("/") or value.endswith("/"):
        raise ValueError("must start with a slash and not end with one, as in '/chat'")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", value):
        raise ValueError("must be a name of letters, digits, hyphens and underscores")
    return value


def _origins(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, Iterable):
        raise ValueError("must be a list of origins such as 'https://school.example'")
    origins = frozenset(value)
    for origin in origins:
        scheme, separator, rest = str(origin).partition("://")
        if not separator or scheme not in ("http", "https") or not rest or "/" in rest:
            raise ValueError(f"{origin!r} is not an origin such as 'https://school.example'")
    return frozenset(str(origin).lower() for origin in origins)


def _rate(value: Any) -> str:
    try:
        parse_many(value)
    except (TypeError, ValueError):
        raise ValueError("must be a rate such as '20 per 10 seconds; 100 per minute'") from None
    return str(value)


SETTINGS: tuple[Setting, ...] = (
    Setting("CHAT_URL_PREFIX", "/chat", _prefix, "where the blueprint is mounted"),
    Setting("CHAT_BLUEPRINT", "chat", _name, "what the blueprint is called, for `url_for`"),
    Setting("CHAT_COMMAND", "chat", _name, "what the group of commands is called: flask chat"),
    Setting("CHAT_BUS_URL", "memory://", _text, "how events reach the other workers"),
    Setting("CHAT_INJECT", False, _flag,
            "add the widget to every full HTML page of people who are signed in"),
    Setting("CHAT_LOGIN_URL", None, _optional(_text),
            "where 'sign in again' leads; by default Flask-Login's login view"),
    Setting("CHAT_TRANSLATIONS", None, _optional(_text),
            "folder with languages of your own, from the app's root path; see languages.md"),
    Setting("CHAT_ORIGINS", (), _origins,
            "origins that may open the socket and write, beside the request's own"),
    Setting("CHAT_ALLOW_MISSING_ORIGIN", False, _flag,
            "let clients that send no Origin header (scripts, never browsers) open the socket"),
    Setting("CHAT_CSRF_HEADER", "X-CSRFToken", _text,
            "the header in which the widget sends the host's CSRF token"),
    Setting("CHAT_BODY_LIMIT", 4000, _count, "longest message", "code points"),
    Setting("CHAT_TITLE_LIMIT", TITLE_COLUMN, _title_length,
            "longest title of a group", "code points"),
    Setting("CHAT_MEMBERS_LIMIT", 5000, _count, "most members of one group", "people"),
    Setting("CHAT_CONTACTS_IN_GROUPS", False, _flag,
            "ask `contacts` in groups too: who may write to none of the others writes nothing"),
    Setting("CHAT_ANNOUNCE_ABOVE", 50, _count,
            "who announces to more people than this is asked to confirm their number", "people"),
    Setting("CHAT_EDIT_SECONDS", 900, _positive,
            "how long after sending an author may edit a message", "seconds"),
    Setting("CHAT_DELETE_SECONDS", None, _optional(_positive),
            "how long after sending an author may delete a message; None for always", "seconds"),
    Setting("CHAT_TYPING", True, _flag, "show who is typing"),
    Setting("CHAT_PRESENCE", True, _flag, "show who is online"),
    Setting("CHAT_READ_RECEIPTS", True, _flag, "show others how far somebody has read"),
    Setting("CHAT_RATE_MESSAGES", "30 per 10 seconds; 200 per minute", _rate,
            "messages (posted, edited, deleted) of one person"),
    Setting("CHAT_RATE_REQUESTS", "200 per 10 seconds", _rate, "REST requests of one person"),
    Setting("CHAT_RATE_OPENINGS", "30 per minute", _rate,
            "conversations opened and members added by one person"),
    Setting("CHAT_RATE_FRAMES", "200 per 10 seconds", _rate, "frames from one socket"),
    Setting("CHAT_FRAME_LIMIT", 16 * 1024, _count,
            "largest frame from a client that is read; answered `too_large` above", "bytes"),
    Setting("CHAT_FRAME_CEILING", 64 * 1024, _count,
            "frame from a client that ends the socket with 1009", "bytes"),
    Setting("CHAT_SOCKETS_PER_USER", 20, _count, "open sockets of one person", "sockets"),
    Setting("CHAT_SOCKETS_PER_ADDRESS", 2000, _count,
            "open sockets from one address (a whole school may share one)", "sockets"),
    Setting("CHAT_SOCKETS_PER_WORKER", 4000, _count, "open sockets of one process", "sockets"),
    Setting("CHAT_HANDSHAKES", 64, _count,
            "handshakes under way at once in one process; others wait for their turn, up to 10 s"),
    Setting("CHAT_SOCKET_MAX_AGE", 900, _positive,
            "a socket is asked to sign in anew, by a new handshake, after this time", "seconds"),
    Setting("CHAT_HEARTBEAT_SECONDS", 25, _positive,
            "time between heartbeats; a silent peer is closed after two", "seconds"),
    Setting("CHAT_SEND_SECONDS", 10, _positive,
            "a peer that takes no byte for this long is cut off", "seconds"),
    Setting("CHAT_HELLO_SECONDS", 10, _positive,
            "time a client without cookies has to present its ticket", "seconds"),
    Setting("CHAT_TICKET_SECONDS", 60, _positive, "how long a ticket is good for", "seconds"),
    Setting("CHAT_OUTBOX_FRAMES", 256, _count, "frames kept for one slow socket", "frames"),
    Setting("CHAT_OUTBOX_BYTES", 1024 * 1024, _count, "bytes kept for one slow socket", "bytes"),
    Setting("CHAT_DRAIN_SECONDS", 5, _positive,
            "time within which a stopping process says goodbye to its sockets", "seconds"),
    Setting("CHAT_SWEEP_SECONDS", 60, _positive,
            "time between checks that the people behind open sockets are still active", "seconds"),
    Setting("CHAT_RECONCILE_SECONDS", 1, _positive,
            "time between looks for what other processes (CLI, cron) have written", "seconds"),
    Setting("CHAT_METRICS_TOKEN", None, _optional(_text),
            "who may read /metrics: those who send it as a bearer token; None for nobody"),
    Setting("CHAT_PRESENCE_GRACE_SECONDS", 10, _positive,
            "somebody whose last socket closed counts as online this much longer", "seconds"),
)  # fmt: skip


class Config(SimpleNamespace):
    """The checked settings as attributes: ``CHAT_BODY_LIMIT`` is ``config.body_limit``.

    :ivar given: the names of those the host has set.
    """

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"there is no setting {PREFIX}{name.upper()}")


def read(values: Mapping[str, Any]) -> Config:
    """Check the host's ``CHAT_*`` values.

    :raises SetupError: for a value that does not fit, or a ``CHAT_*`` key that does not exist.
    """
    known = {setting.name for setting in SETTINGS}
    for key in values:
        if key.startswith(PREFIX) and key not in known:
            close = get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]}?" if close else "is it meant for something else?"
            raise SetupError(f"{key} is not a setting of the chat; {hint}")
    checked = {}
    for setting in SETTINGS:
        try:
            checked[setting.attribute] = setting.check(values.get(setting.name, setting.default))
        except ValueError as reason:
            raise SetupError(f"{setting.name} {reason}.") from None
    return Config(given=frozenset(known & set(values)), **checked)
