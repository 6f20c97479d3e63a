"""The bus of several processes: Redis Streams, read by each process for itself.

``redis://host:6379/0?prefix=school`` (``rediss://`` for TLS); Redis 7 or newer. Durable entries
and orders go through one stream, which every process reads from its own place: no consumer
groups, nothing to acknowledge, nobody else's position to lose. What may be dropped (typing,
presence) goes through Pub/Sub and is gone if nobody listens.

``publish`` hands its entries to the own process at once and to Redis later, from one thread that
sends whatever has gathered in one go. So an answer never waits for Redis, and a Redis that is
away delays nobody: what could not be sent waits, within bounds, and clients put entries of two
processes in order by their change numbers.

A process knows that it missed something, and then says ``resync``, when

* the epoch in Redis is another one: Redis was emptied, or replaced;
* entries behind its own place were trimmed away, because it slept;
* its own waiting entries overflowed: then it tells the others.

Whoever may write to the stream may speak to every browser: protect Redis by its ACL, a prefix
per app, and TLS.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .. import redis_client
from ..events import Audience, Control, Entry
from .base import Bus, Item, Receiver
from .memory import MemoryBus

if TYPE_CHECKING:
    from redis import Redis

    from ..config import Config

log = logging.getLogger("flask_chat.bus")

_KEPT = 100_000  # entries in the stream, about; a reader further behind is told to resync
_WAITING = 10_000  # entries a process keeps for a Redis that is away
_AT_ONCE = 500
_BLOCK_MS = 2000  # below the client's time-out: a reader that waits is no reader that hangs
_PAUSE_SECONDS = 1.0  # before Redis is asked again after it has failed


def connect(url: str, config: Config) -> Bus:
    """The bus behind a ``redis://`` URL.

    :raises MissingExtra: if redis-py is not installed.
    :raises SetupError: if the URL has a prefix that is not a plain word.
    """
    return RedisBus(*redis_client.connect(url))


class RedisBus(Bus):
    """See the module."""

    def __init__(self, client: Redis, prefix: str) -> None:
        self._client = client
        self._stream = f"{prefix}:events"
        self._epoch_key = f"{prefix}:epoch"
        self._channel = f"{prefix}:passing"
        self._process = secrets.token_hex(8)
        self._near = MemoryBus()
        self._lock = threading.Condition()  # guards _waiting, _has_overflowed, _is_running
        self._waiting: deque[Item] = deque()
        self._has_overflowed = False
        self._is_running = False
        self._reader = _Reader(self)

    def publish(self, entries: Sequence[Item]) -> None:
        self._near.publish(entries)
        with self._lock:
            self._waiting.extend(entries)
            while len(self._waiting) > _WAITING:
                self._waiting.popleft()
                self._has_overflowed = True
            self._run()
            self._lock.notify()

    def subscribe(self, receiver: Receiver) -> None:
        self._near.subscribe(receiver)

    def start(self) -> None:
        with self._lock:
            self._run()

    def stop(self) -> None:
        with self._lock:
            self._is_running = False
            self._lock.notify_all()
        self._near.stop()

    @property
    def is_up(self) -> bool:
        """Whether Redis answered when it was last asked."""
        return self._reader.is_up

    def _run(self) -> None:
        # Not in __init__: a server may fork after the app was made, and threads do not follow.
        if self._is_running:
            return
        self._is_running = True
        threads = (self._send_on, self._reader.read_stream, self._reader.listen)
        for thread in threads:
            threading.Thread(target=thread, name="flask-chat-redis", daemon=True).start()

    # Sending

    def _send_on(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._waiting or not self._is_running)
                if not self._is_running:
                    return
                batch = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
            if not self._try_send(batch):
                with self._lock:
                    # What may be dropped is stale by the time Redis is back.
                    self._waiting.extendleft(reversed([i for i in batch if _is_durable(i)]))
                time.sleep(_PAUSE_SECONDS)

    def _try_send(self, batch: Sequence[Item]) -> bool:
        from redis.exceptions import RedisError

        overflowed, self._has_overflowed = self._has_overflowed, False
        items = [*([Control("resync")] if overflowed else []), *batch]
        try:
            epoch = self.epoch()
            with self._client.pipeline(transaction=False) as pipeline:
                for item in items:
                    fields: dict[Any, Any] = {
                        "epoch": epoch,
                        "process": self._process,
                        "item": _dump(item),
                    }
                    if _is_durable(item):
                        pipeline.xadd(self._stream, fields, maxlen=_KEPT, approximate=True)
                    else:
                        pipeline.publish(self._channel, json.dumps([self._process, _dump(item)]))
                pipeline.execute()
        except (RedisError, OSError) as problem:
            self._has_overflowed |= overflowed
            log.warning("Redis takes nothing (%s); %d wait", type(problem).__name__, len(items))
            return False
        return True

    # Asked by the reader

    def epoch(self) -> str:
        """The epoch in Redis; a new one if there is none."""
        self._client.set(self._epoch_key, secrets.token_hex(8), nx=True)
        return _text(self._client.get(self._epoch_key))

    def receive(self, items: Iterable[Item]) -> None:
        """Hand on what others have published."""
        self._near.publish(list(items))


class _Reader:
    """Reads what other processes publish; keeps the place it has reached."""

    def __init__(self, bus: RedisBus) -> None:
        self._bus = bus
        self._client = bus._client
        self._epoch = ""
        self._last = "0-0"
        self._trimmed = 0
        self._was_down = False
        self.is_up = False

    def read_stream(self) -> None:
        while self._bus._is_running:
            self._try(self._read_on, self._take_place)

    def listen(self) -> None:
        while self._bus._is_running:
            self._try(self._hear)

    def _try(self, *steps: Any) -> None:
        from redis.exceptions import RedisError

        act, *prepare = steps
        try:
            for step in prepare:
                step()
            while self._bus._is_running:
                act()
        except (RedisError, OSError) as problem:
            self.is_up, self._was_down = False, True
            log.warning("Redis does not answer (%s)", type(problem).__name__)
            time.sleep(_PAUSE_SECONDS)
        except Exception:
            log.exception("an entry from Redis could not be read")
            time.sleep(_PAUSE_SECONDS)

    def _take_place(self) -> None:
        """Where to read on: behind the newest entry at the first time, then where we were."""
        epoch = self._bus.epoch()
        if epoch != self._epoch:
            self._start_over(epoch)
        self.is_up = True

    def _start_over(self, epoch: str) -> None:
        had_place = bool(self._epoch) or self._was_down
        self._epoch = epoch
        last, self._trimmed, _ = self._describe()
        self._last = last
        if had_place:
            log.warning("Redis has a new epoch: everybody loads anew")
            self._bus.receive([Control("resync")])

    def _read_on(self) -> None:
        before = self._last
        found: Any = self._client.xread(
            {self._bus._stream: self._last}, count=_AT_ONCE, block=_BLOCK_MS
        )
        epoch = _text(self._client.get(self._bus._epoch_key))
        if epoch != self._epoch:
            self._start_over(epoch or self._bus.epoch())
            return
        entries = found[0][1] if isinstance(found, list) and found else _entries_of(found)
        if entries:
            self._last = _text(entries[-1][0])
            self._bus.receive(self._foreign(entries))
        self._look_for_a_gap(before)

    def _look_for_a_gap(self, before: str) -> None:
        """Entries behind our place that were trimmed before we read them are gone for us."""
        _, trimmed, first = self._describe()
        if trimmed > self._trimmed and _place(first) > _place(before):
            log.warning("Redis has trimmed what this process had not read: everybody loads anew")
            self._bus.receive([Control("resync")])
        self._trimmed = trimmed

    def _describe(self) -> tuple[str, int, str]:
        """The newest id, how many entries were ever trimmed, and the oldest id that is left."""
        from redis.exceptions import ResponseError

        try:
            about: Any = self._client.xinfo_stream(self._bus._stream)
        except ResponseError:  # no stream yet
            return "0-0", 0, "0-0"
        trimmed = int(about["entries-added"]) - int(about["length"])
        return (
            _text(about["last-generated-id"]),
            trimmed,
            _text(about["recorded-first-entry-id"]),
        )

    def _foreign(self, entries: Iterable[Any]) -> list[Item]:
        own = self._bus._process.encode()
        return [
            _load(fields[b"item"])
            for _, fields in entries
            if fields[b"process"] != own and _text(fields[b"epoch"]) == self._epoch
        ]

    def _hear(self) -> None:
        with self._client.pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
            subscription.subscribe(self._bus._channel)
            while self._bus._is_running:
                heard: Any = subscription.get_message(timeout=_BLOCK_MS / 1000)
                if heard is not None:
                    process, item = json.loads(heard["data"])
                    if process != self._bus._process:
                        self._bus.receive([_load(item)])


def _is_durable(item: Item) -> bool:
    return isinstance(item, Control) or item.key is None


def _dump(item: Item) -> str:
    if isinstance(item, Control):
        return json.dumps({"verb": item.verb, "user": item.user})
    return json.dumps(
        {
            "people": item.audience.people,
            "watching": item.audience.watching,
            "frame": item.frame.decode(),
            "key": item.key,
            "head": item.head,
        },
        ensure_ascii=False,
    )


def _load(text: str | bytes) -> Item:
    item = json.loads(text)
    if "verb" in item:
        return Control(item["verb"], item["user"])
    head = item["head"]
    return Entry(
        Audience(tuple(item["people"]), item["watching"]),
        item["frame"].encode(),
        item["key"],
        (head[0], head[1]) if head else None,
    )


def _entries_of(found: Any) -> list[Any]:
    """The entries in redis-py's answer under RESP3, where it is a dictionary."""
    if not found:
        return []
    (batches,) = found.values()
    return [entry for batch in batches for entry in batch]


def _place(entry_id: str) -> tuple[int, int]:
    moment, _, number = entry_id.partition("-")
    return int(moment), int(number or 0)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value or "")
