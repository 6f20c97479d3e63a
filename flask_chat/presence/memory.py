"""The presence of a single process: leases in a dictionary, and one timer for all who left."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .base import Announce, Presence

if TYPE_CHECKING:
    from ..config import Config

Schedule = Callable[[float, Callable[[], None]], None]

log = logging.getLogger("flask_chat.presence")


def connect(url: str, config: Config, announce: Announce) -> Presence:
    """A presence for ``memory://``."""
    return MemoryPresence(config, announce)


def call_later(seconds: float, call: Callable[[], None]) -> None:
    """Call from a thread of its own, once the seconds have passed; never keeps a process alive."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


class MemoryPresence(Presence):
    """See the module.

    :param clock: monotonic seconds.
    :param schedule: calls something after some seconds; at most one call is pending at a time.
    """

    def __init__(
        self,
        config: Config,
        announce: Announce,
        *,
        clock: Callable[[], float] = time.monotonic,
        schedule: Schedule = call_later,
    ) -> None:
        self._grace_seconds = float(config.presence_grace_seconds)
        self._announce = announce
        self._clock = clock
        self._schedule = schedule
        self._lock = threading.Lock()  # guards all below; never held while announcing
        self._leases: dict[str, set[str]] = {}
        self._leaving: dict[str, float] = {}  # until when, soonest first
        self._is_scheduled = False
        self._news: deque[tuple[str, bool]] = deque()
        self._is_announcing = False
        self._is_stopped = False

    def arrived(self, connection_id: str, user: str) -> None:
        with self._lock:
            was_online = user in self._leases or user in self._leaving
            self._leaving.pop(user, None)
            self._leases.setdefault(user, set()).add(connection_id)
            if not was_online:
                self._news.append((user, True))
        self._tell()

    def left(self, connection_id: str, user: str) -> None:
        with self._lock:
            leases = self._leases.get(user)
            if leases is None or connection_id not in leases:
                return
            leases.remove(connection_id)
            if leases:
                return
            del self._leases[user]
            self._leaving[user] = self._clock() + self._grace_seconds
            delay = self._next_delay()
        if delay is not None:
            self._schedule(delay, self._expire)

    def online(self, users: Iterable[str]) -> set[str]:
        with self._lock:
            return {user for user in users if user in self._leases or user in self._leaving}

    def start(self) -> None:
        with self._lock:
            self._is_stopped = False

    def stop(self) -> None:
        with self._lock:
            self._is_stopped = True
            self._leases.clear()
            self._leaving.clear()
            self._news.clear()

    def _expire(self) -> None:
        with self._lock:
            self._is_scheduled = False
            now = self._clock()
            for user in [user for user, until in self._leaving.items() if until <= now]:
                del self._leaving[user]
                self._news.append((user, False))
            delay = self._next_delay()
        if delay is not None:
            self._schedule(delay, self._expire)
        self._tell()

    def _next_delay(self) -> float | None:
        # Called with the lock held; the grace is the same for all, so the first is the soonest.
        if self._is_scheduled or not self._leaving:
            return None
        self._is_scheduled = True
        return max(0.0, next(iter(self._leaving.values())) - self._clock())

    def _tell(self) -> None:
        # One at a time: "online" must not overtake the "offline" before it.
        while (news := self._next_news()) is not None:
            user, is_online = news
            try:
                self._announce(user, is_online)
            except Exception:  # presence may be lost; whoever came or went may not
                log.exception("The presence of user %s could not be announced", user)
            with self._lock:
                self._is_announcing = False

    def _next_news(self) -> tuple[str, bool] | None:
        with self._lock:
            if self._is_announcing or not self._news or self._is_stopped:
                return None
            self._is_announcing = True
            return self._news.popleft()
