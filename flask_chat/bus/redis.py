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
* its own waiting entries overflowed: then it tells the others;
* an entry cannot be read, because another version wrote it.

Whoever may write to the stream may speak to every browser: protect Redis by its ACL, a prefix
per app, and TLS.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
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
_PLACE_SECONDS = 1.0  # what the first socket of a process waits for its place in the stream
_LAST_SECONDS = 1.0  # what a process that ends gives to what still waits


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
        self._near = MemoryBus()
        self._lock = threading.Condition()  # guards all below
        self._waiting: deque[Item] = deque()
        self._has_overflowed = False
        self._is_sending = False
        self._is_stopped = False
        self._is_up = True
        # Known once this process speaks or listens, never before: a server may fork after the
        # app was made. Threads do not follow, and two of one name would not hear each other.
        self._process = ""
        self._sender_of = 0  # the process (pid) whose thread sends
        self._reader_of = 0
        self._reader = _Reader(self)

    def publish(self, entries: Sequence[Item]) -> None:
        self._near.publish(entries)
        with self._lock:
            self._waiting.extend(entries)
            while len(self._waiting) > _WAITING:
                self._waiting.popleft()
                self._has_overflowed = True
            if self._sender_of != os.getpid():
                self._sender_of = self._name_process()
                atexit.register(self._send_the_last)
                _start(self._send_on)
            self._lock.notify_all()

    def subscribe(self, receiver: Receiver) -> None:
        self._near.subscribe(receiver)

    def start(self) -> None:
        with self._lock:
            if self._reader_of == os.getpid():
                return
            self._reader_of = self._name_process()
        _start(self._reader.read_stream)
        _start(self._reader.listen)
        self._reader.wait_for_place()

    def stop(self) -> None:
        with self._lock:
            self._is_stopped = True
            self._lock.notify_all()
        self._near.stop()

    @property
    def is_up(self) -> bool:
        """Whether Redis answered when it was last asked."""
        return self._is_up

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is to be sent or received any more."""
        return self._is_stopped

    def tell_up(self, is_up: bool, why: str = "") -> None:
        """Redis has answered, or has not; the log hears of the change only."""
        if is_up == self._is_up:
            return
        self._is_up = is_up
        if is_up:
            log.warning("Redis answers again")
        else:
            log.warning("Redis does not answer (%s); what is published waits for it", why)

    def _name_process(self) -> int:
        if os.getpid() not in (self._sender_of, self._reader_of):
            self._process = secrets.token_hex(8)
        return os.getpid()

    # Sending

    def _send_on(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._waiting or self._is_stopped)
                if self._is_stopped:
                    return
                batch = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
                self._is_sending = True
            is_sent = self._try_send(batch)
            with self._lock:
                if not is_sent:
                    # What may be dropped is stale by the time Redis is back.
                    self._waiting.extendleft(reversed([i for i in batch if _is_durable(i)]))
                self._is_sending = False
                self._lock.notify_all()
            if not is_sent:
                time.sleep(_PAUSE_SECONDS)

    def _send_the_last(self) -> None:
        """What waits leaves with the process: a command may end before its thread had a turn."""
        with self._lock:
            self._lock.wait_for(
                lambda: not (self._waiting or self._is_sending) or self._is_stopped, _LAST_SECONDS
            )

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
            self.tell_up(False, type(problem).__name__)
            return False
        self.tell_up(True)
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
        self._is_late = False  # whether there may have been sockets before there was a place
        self._has_tried = threading.Event()

    def wait_for_place(self) -> None:
        """Until the place is taken, or a while: a Redis that is away keeps nobody out."""
        self._has_tried.wait(_PLACE_SECONDS)
        if not self._epoch:
            self._is_late = True

    def read_stream(self) -> None:
        while not self._bus.is_stopped:
            self._try(self._take_place, self._read_on)

    def listen(self) -> None:
        while not self._bus.is_stopped:
            self._try(lambda: None, self._hear)

    def _try(self, prepare: Callable[[], None], act: Callable[[], None]) -> None:
        from redis.exceptions import RedisError

        try:
            prepare()
            while not self._bus.is_stopped:
                act()
        except (RedisError, OSError) as problem:
            self._bus.tell_up(False, type(problem).__name__)
            self._has_tried.set()
            time.sleep(_PAUSE_SECONDS)
        except Exception:
            log.exception("what came from Redis could not be read")
            time.sleep(_PAUSE_SECONDS)

    def _take_place(self) -> None:
        """Where to read on: behind the newest entry at the first time, then where we were."""
        epoch = self._bus.epoch()
        if epoch != self._epoch:
            self._start_over(epoch)
        self._has_tried.set()

    def _start_over(self, epoch: str) -> None:
        had_place = bool(self._epoch)
        self._last, self._trimmed, _ = self._describe()
        self._epoch = epoch
        if had_place or self._is_late:
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
        self._bus.tell_up(True)
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
        """The newest id, how many entries were ever trimmed, and the oldest id that is left (of an
        empty stream: the newest there was)."""
        from redis.exceptions import ResponseError

        try:
            about: Any = self._client.xinfo_stream(self._bus._stream)
        except ResponseError:  # no stream yet
            return "0-0", 0, "0-0"
        newest, length = _text(about["last-generated-id"]), int(about["length"])
        oldest = _text(about["recorded-first-entry-id"]) if length else newest
        return newest, int(about["entries-added"]) - length, oldest

    def _foreign(self, entries: Iterable[Any]) -> list[Item]:
        own = self._bus._process.encode()
        return [
            _load_or_resync(fields)
            for _, fields in entries
            if fields.get(b"process") != own and _text(fields.get(b"epoch")) == self._epoch
        ]

    def _hear(self) -> None:
        with self._client.pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
            subscription.subscribe(self._bus._channel)
            while not self._bus.is_stopped:
                heard: Any = subscription.get_message(timeout=_BLOCK_MS / 1000)
                if heard is not None:
                    process, item = json.loads(heard["data"])
                    if process != self._bus._process:
                        self._bus.receive([_load(item)])


def _start(act: Callable[[], None]) -> None:
    threading.Thread(target=act, name="flask-chat-redis", daemon=True).start()


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


def _load_or_resync(fields: Any) -> Item:
    """What an entry holds; one that cannot be read is a gap, and is not passed over in silence."""
    try:
        return _load(fields[b"item"])
    except (KeyError, TypeError, ValueError):
        log.exception("An entry from Redis could not be read: everybody loads anew")
        return Control("resync")


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
