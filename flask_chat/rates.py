"""How often somebody may do something. Ground floor.

A person's limits hold over all processes where they share a Redis (``CHAT_BUS_URL``), else in
each. What concerns one socket is counted beside it, in a :class:`Window`. A Redis that is away or
slow delays nobody: for a while each process counts for itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from limits import RateLimitItem, parse_many

from . import redis_client
from .config import Config
from .errors import RateLimited

log = logging.getLogger("flask_chat.rates")

_SWEPT_FROM = 1000  # windows; fewer are not worth looking through
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
        self._here = {kind: Windows(_pairs(items)) for kind, items in self._items.items()}
        self._frames = _pairs(parse_many(config.rate_frames))

    def hit(self, kind: str, who: str) -> None:
        """Count one.

        :raises RateLimited: if it was one too many; says after how many seconds to go on.
        """
        if self._shared is None or not self._shared.hit(self._items[kind], kind, who):
            self._here[kind].hit(who)

    def window(self) -> Window:
        """The limits on the frames of one socket."""
        return Window(self._frames)


def _pairs(items: Iterable[RateLimitItem]) -> list[tuple[int, float]]:
    return [(item.amount, float(item.get_expiry())) for item in items]


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

    @property
    def is_over(self) -> bool:
        """Whether nothing that was counted matters any more."""
        return self._until is None or self._clock() >= max(self._until)

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


class Windows:
    """A window for each person, in this process.

    The storage that comes with ``limits`` starts a timer for every hit, and that looks through
    everybody's: most of what a message cost.
    """

    def __init__(
        self, limits: Sequence[tuple[int, float]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, Window] = {}
        self._most = _SWEPT_FROM

    def __len__(self) -> int:
        return len(self._windows)

    def hit(self, who: str) -> None:
        with self._lock:
            if who not in self._windows:
                self._sweep()
                self._windows[who] = Window(self._limits, self._clock)
            self._windows[who].hit()

    def _sweep(self) -> None:
        if len(self._windows) < self._most:
            return
        self._windows = {who: found for who, found in self._windows.items() if not found.is_over}
        self._most = max(_SWEPT_FROM, 2 * len(self._windows))


class _SharedWindows:
    """Fixed windows in Redis, which begin with the first hit."""

    def __init__(self, url: str) -> None:
        self._client, self._prefix = redis_client.connect(url, timeout=redis_client.BRIEF_SECONDS)
        self._ask_at = 0.0

    def hit(self, items: Iterable[RateLimitItem], kind: str, who: str) -> bool:
        """Count one; whether Redis has done so.

        :raises RateLimited: if it was one too many.
        """
        from redis.exceptions import RedisError

        if time.monotonic() < self._ask_at:
            return False
        try:
            for item in items:
                key = f"{self._prefix}:rates:{item.key_for(kind, who)}"
                full: Any = self._client.eval(_HIT, 1, key, item.amount, item.get_expiry() * 1000)
                if int(full):
                    raise RateLimited(seconds=max(0.1, int(full) / 1000))
        except (RedisError, OSError) as problem:
            self._ask_at = time.monotonic() + _AWAY_SECONDS
            log.warning("Redis counts nothing (%s); this process does", type(problem).__name__)
            return False
        return True
