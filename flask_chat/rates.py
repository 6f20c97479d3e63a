"""How often somebody may do something. Ground floor; the counting is the ``limits`` library's."""

from __future__ import annotations

import time

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from .config import Config
from .errors import RateLimited


class Rates:
    """The limits of one process, by kind (``messages``, ``requests`` ...) and who."""

    def __init__(self, config: Config) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._items: dict[str, list[RateLimitItem]] = {
            kind: list(parse_many(getattr(config, f"rate_{kind}")))
            for kind in ("messages", "requests", "openings", "frames")
        }

    def hit(self, kind: str, who: str) -> None:
        """Count one.

        :raises RateLimited: if it was one too many; says after how many seconds to go on.
        """
        for item in self._items[kind]:
            if not self._limiter.hit(item, kind, who):
                reset, _ = self._limiter.get_window_stats(item, kind, who)
                raise RateLimited(seconds=max(0.1, reset - time.time()))
