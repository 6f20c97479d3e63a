"""A Redis client that never waits long. Ground floor; bus, presence and rates share it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit, urlunsplit

from .errors import MissingExtra, SetupError

if TYPE_CHECKING:
    from redis import Redis

TIMEOUT_SECONDS = 3.0
#: Where somebody waits for the answer, and there is another way without Redis.
BRIEF_SECONDS = 0.25
CONNECT_SECONDS = 1.0


def connect(url: str, *, timeout: float | None = None) -> tuple[Redis, str]:
    """A client that never waits long, and the prefix of our keys.

    :param timeout: seconds; by default what a thread of our own may wait.

    :raises MissingExtra: if redis-py is not installed.
    """
    try:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError:
        raise MissingExtra("redis", "redis") from None
    parts = urlsplit(url)
    prefix = parse_qs(parts.query).get("prefix", ["chat"])[0]
    if not prefix.replace("-", "").replace("_", "").isalnum():
        raise SetupError("The prefix in CHAT_BUS_URL must be letters, digits, - and _ only.")
    client = Redis.from_url(
        urlunsplit(parts._replace(query="")),
        socket_timeout=timeout or TIMEOUT_SECONDS,
        socket_connect_timeout=min(timeout or TIMEOUT_SECONDS, CONNECT_SECONDS),
        socket_keepalive=True,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 0),
    )
    return client, prefix
