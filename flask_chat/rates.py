"""How often somebody may do something. Ground floor.

A person's limits hold over all processes where they share a Redis (``CHAT_BUS_URL``), else in
each. What concerns one socket is counted beside it, in a :class:`Window`. A Redis that is away or
slow delays nobody: for a while each process counts for itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from . import redis_client
from .config import Config
from .errors import RateLimited

log = logging.getLogger("flask_chat.rates")

_AWAY_SECONDS = 5.0  # a Redis that did not answer is not asked again for so long

# By Redis' clock alone: the processes' clocks differ, and one that is ahead must lock nobody out.
# KEYS: the window. ARGV: how many, milliseconds. Returns for how many milliseconds it is full.
_HIT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if count <= tonumber(ARGV[1]) then return 0 end
return math.max(1, redis.call('PTTL', KEYS[1]))
"""


class Rates:
    """The limits by kind (``messages``, ``requests`` ...) and who."""

    def __init__(self, config: Config) -> None:
        is_alone = config.bus_url.startswith("memory:")
        self._shared = None if is_alone else _SharedWindows(config.bus_url)
        self._items: dict[str, list[RateLimitItem]] = {
            kind: list(parse_many(getattr(config, f"rate_{kind}")))
            for kind in ("messages", "requests", "openings")
        }
        self._frames = [(i.amount, float(i.get_expiry())) for i in parse_many(config.rate_frames)]

    @cached_property
    def _limiter(self) -> MovingWindowRateLimiter:
        # Not in __init__: its storage starts a timer, and a server may fork after that.
        return MovingWindowRateLimiter(MemoryStorage())

    def hit(self, kind: str, who: str) -> None:
        """Count one.

        :raises RateLimited: if it was one too many; says after how many seconds to go on.
        """
        for item in self._items[kind]:
            seconds = self._full_for(item, kind, who)
            if seconds:
                raise RateLimited(seconds=max(0.1, seconds))

    def window(self) -> Window:
        """The limits on the frames of one socket."""
        return Window(self._frames)

    def _full_for(self, item: RateLimitItem, kind: str, who: str) -> float:
        if self._shared is not None:
            seconds = self._shared.hit(item, kind, who)
            if seconds is not None:
                return seconds
        if self._limiter.hit(item, kind, who):
            return 0.0
        reset, _ = self._limiter.get_window_stats(item, kind, who)
        return max(0.1, reset - time.time())


class Window:
    """Fixed windows that begin with the first hit, for one who counts alone.

    An idle socket has one too, so it is small, and empty until there is something to count.

    :param limits: how many, within how many seconds; shared by all.
    """

    __slots__ = ("_clock", "_counts", "_limits", "_until")

    _counts: list[int]

    def __init__(
        self, limits: Sequence[tuple[int, float]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._until: list[float] | None = None

    def hit(self) -> None:
        """Count one.

        :raises RateLimited: if it was one too many; says after how many seconds to go on.
        """
        now = self._clock()
        if self._until is None:
            self._counts, self._until = [0] * len(self._limits), [now] * len(self._limits)
        for place, (most, seconds) in enumerate(self._limits):
            if now >= self._until[place]:
                self._counts[place], self._until[place] = 0, now + seconds
            self._counts[place] += 1
            if self._counts[place] > most:
                raise RateLimited(seconds=max(0.1, self._until[place] - now))


class _SharedWindows:
    """Fixed windows in Redis, which begin with the first hit."""

    def __init__(self, url: str) -> None:
        self._client, self._prefix = redis_client.connect(url, timeout=redis_client.BRIEF_SECONDS)
        self._ask_at = 0.0

    def hit(self, item: RateLimitItem, kind: str, who: str) -> float | None:
        """For how many seconds it is full; ``None`` if Redis does not say."""
        from redis.exceptions import RedisError

        if time.monotonic() < self._ask_at:
            return None
        key = f"{self._prefix}:rates:{item.key_for(kind, who)}"
        try:
            full: Any = self._client.eval(_HIT, 1, key, item.amount, item.get_expiry() * 1000)
        except (RedisError, OSError) as problem:
            self._ask_at = time.monotonic() + _AWAY_SECONDS
            log.warning("Redis counts nothing (%s); this process does", type(problem).__name__)
            return None
        return int(full) / 1000
