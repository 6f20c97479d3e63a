"""The presence of several processes: one lease in Redis for each person and process.

Within a process the connections are counted as in :mod:`memory`, grace included; Redis hears of
the first and the last only, from one thread, so that nobody who opens a socket waits for it.
Who asks for others' presence waits a quarter of a second at most; then they hear of this process.
Leases end by themselves when their process died without a word; whichever process looks first
announces it. After Redis was emptied they are back with the next renewal. Times are Redis' own.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .. import redis_client
from .base import Announce, Presence
from .memory import MemoryPresence

if TYPE_CHECKING:
    from ..config import Config

log = logging.getLogger("flask_chat.presence")

_LEASE_SECONDS = 75
_RENEW_SECONDS = 30.0
_SWEEP_SECONDS = 10.0
_PAUSE_SECONDS = 1.0

# KEYS: the person's leases, everybody's leases. ARGV: process, person, seconds, prefix.
_NOW = "local now = tonumber(redis.call('TIME')[1])\n"
_ARRIVE = (
    _NOW
    + """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local others = redis.call('ZCARD', KEYS[1])
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3] * 2)
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1] .. ' ' .. ARGV[2])
return others
"""
)
_LEAVE = (
    _NOW
    + """
redis.call('ZREM', KEYS[2], ARGV[1] .. ' ' .. ARGV[2])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZCARD', KEYS[1])
"""
)
# KEYS: everybody's leases. ARGV: prefix of a person's leases. Returns who is gone for good.
_SWEEP = (
    _NOW
    + """
local gone = {}
for _, lease in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, 200)) do
  redis.call('ZREM', KEYS[1], lease)
  local person = string.sub(lease, string.find(lease, ' ', 1, true) + 1)
  local own = ARGV[1] .. person
  redis.call('ZREMRANGEBYSCORE', own, '-inf', now)
  if redis.call('ZCARD', own) == 0 then gone[#gone + 1] = person end
end
return gone
"""
)
# KEYS: everybody's leases. ARGV: process, seconds, prefix, people. A lease that is gone stays so.
_HAND_OVER = (
    _NOW
    + """
for place = 4, #ARGV do
  redis.call('ZADD', ARGV[3] .. ARGV[place], 'XX', now + ARGV[2], ARGV[1])
  redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1] .. ' ' .. ARGV[place])
end
"""
)
_ONLINE = (
    _NOW
    + """
local found = {}
for place, key in ipairs(KEYS) do found[place] = redis.call('ZCOUNT', key, now, '+inf') end
return found
"""
)


def connect(url: str, config: Config, announce: Announce) -> Presence:
    """The presence behind a ``redis://`` URL.

    :raises MissingExtra: if redis-py is not installed.
    """
    return RedisPresence(url, config, announce)


class RedisPresence(Presence):
    """See the module."""

    def __init__(self, url: str, config: Config, announce: Announce) -> None:
        self._grace_seconds = float(config.presence_grace_seconds)
        self._client, self._prefix = redis_client.connect(url)
        self._asked, _ = redis_client.connect(url, timeout=redis_client.BRIEF_SECONDS)
        self._announce = announce
        self._near = MemoryPresence(config, self._changed_here)
        self._here: set[str] = set()  # the worker's alone
        self._lock = threading.Condition()  # guards all below
        self._changes: deque[tuple[str, bool]] = deque()
        # Both known once somebody is here: a server may fork after the app was made, and two
        # processes of one name would take each other's leases away.
        self._process = ""
        self._worker_of = 0  # the process (pid) whose thread tells Redis
        self._is_stopped = False
        self._is_up = True

    def arrived(self, connection_id: str, user: str) -> None:
        self._near.arrived(connection_id, user)

    def left(self, connection_id: str, user: str) -> None:
        self._near.left(connection_id, user)

    def online(self, users: Iterable[str]) -> set[str]:
        wanted = list(users)
        here = self._near.online(wanted)
        if not wanted or not self._is_up:
            return here
        try:
            keys = [self._own(user) for user in wanted]
            counts: Any = self._asked.eval(_ONLINE, len(keys), *keys)
        except _problems() as problem:
            self._tell_up(False, type(problem).__name__)
            return here
        return here | {user for user, count in zip(wanted, counts, strict=True) if count}

    def start(self) -> None:
        self._near.start()

    def stop(self) -> None:
        with self._lock:
            was_stopped, self._is_stopped = self._is_stopped, True
            self._lock.notify()
        self._near.stop()
        if not was_stopped and self._here:
            self._hand_over()

    def _hand_over(self) -> None:
        """Leave everybody as long as it takes to come back elsewhere, and no longer: nobody is
        to be seen coming and going because a process is replaced."""
        people = list(self._here)
        seconds = math.ceil(self._grace_seconds)
        with contextlib.suppress(*_problems()):  # else the leases end by themselves
            for start in range(0, len(people), 1000):
                some = people[start : start + 1000]
                self._run(_HAND_OVER, [self._all], self._process, seconds, self._own(""), *some)

    def _changed_here(self, user: str, is_online: bool) -> None:
        with self._lock:
            self._changes.append((user, is_online))
            if self._worker_of != os.getpid():
                self._worker_of, self._process = os.getpid(), secrets.token_hex(8)
                threading.Thread(target=self._work, name="flask-chat-presence", daemon=True).start()
            self._lock.notify()

    def _work(self) -> None:
        renew_at = time.monotonic() + _RENEW_SECONDS
        sweep_at = time.monotonic() + _SWEEP_SECONDS
        while not self._is_stopped:
            changes = self._next_changes(until=min(renew_at, sweep_at))
            try:
                self._tell_redis(changes)
                if time.monotonic() >= renew_at:
                    self._renew()
                    renew_at = time.monotonic() + _RENEW_SECONDS
                if time.monotonic() >= sweep_at:
                    self._sweep()
                    sweep_at = time.monotonic() + _SWEEP_SECONDS
                self._tell_up(True)
            except _problems() as problem:
                self._tell_up(False, type(problem).__name__)
                time.sleep(_PAUSE_SECONDS)
                renew_at = time.monotonic()  # all leases, once it is back
            except Exception:
                log.exception("presence could not be announced")

    def _next_changes(self, until: float) -> list[tuple[str, bool]]:
        with self._lock:
            seconds = max(0.0, until - time.monotonic())
            self._lock.wait_for(lambda: self._changes or self._is_stopped, seconds)
            changes = list(self._changes)
            self._changes.clear()
        # Before anything that may fail: what Redis was not told of is told when it is back.
        for user, is_online in changes:
            (self._here.add if is_online else self._here.discard)(user)
        return changes

    def _tell_redis(self, changes: Iterable[tuple[str, bool]]) -> None:
        for user, is_online in changes:
            if is_online:
                self._arrive(user)
            elif not self._run(_LEAVE, self._keys(user), self._process, user):
                self._announce(user, False)

    def _tell_up(self, is_up: bool, why: str = "") -> None:
        if is_up != self._is_up:
            self._is_up = is_up
            log.warning(
                "Redis %s", "takes presence again" if is_up else f"takes no presence ({why})"
            )

    def _renew(self) -> None:
        for user in list(self._here):
            self._arrive(user)

    def _sweep(self) -> None:
        for gone in self._run(_SWEEP, [self._all], self._own("")):
            self._announce(gone.decode(), False)

    def _arrive(self, user: str) -> None:
        if not self._run(_ARRIVE, self._keys(user), self._process, user, _LEASE_SECONDS):
            self._announce(user, True)

    def _run(self, script: str, keys: list[str], *arguments: Any) -> Any:
        return self._client.eval(script, len(keys), *keys, *arguments)

    def _keys(self, user: str) -> list[str]:
        return [self._own(user), self._all]

    def _own(self, user: str) -> str:
        return f"{self._prefix}:online:{user}"

    @property
    def _all(self) -> str:
        return f"{self._prefix}:leases"


def _problems() -> tuple[type[Exception], ...]:
    from redis.exceptions import RedisError

    return (RedisError, OSError)
