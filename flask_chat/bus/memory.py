"""The bus of a single process: straight on.

``memory://`` carries nothing to other processes. Whoever publishes also delivers, unless
somebody is delivering already; then that one takes the new entries along. So there is one order,
without a thread, and a receiver that publishes in turn does not get ahead of itself.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .base import Bus, Item, Receiver

if TYPE_CHECKING:
    from ..config import Config

log = logging.getLogger("flask_chat.bus")


def connect(url: str, config: Config) -> Bus:
    """A bus for ``memory://``; the rest of the URL means nothing."""
    return MemoryBus()


class MemoryBus(Bus):
    """See the module."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # guards all below; never held while delivering
        self._waiting: list[Item] = []
        self._is_delivering = False
        self._receiver: Receiver | None = None

    def publish(self, entries: Sequence[Item]) -> None:
        with self._lock:
            if self._receiver is None:
                return
            self._waiting.extend(entries)
            if self._is_delivering:
                return
            self._is_delivering = True
        self._deliver()

    def subscribe(self, receiver: Receiver) -> None:
        with self._lock:
            self._receiver = receiver

    def start(self) -> None:
        """Nothing to take: delivery needs no thread and no connection."""

    def stop(self) -> None:
        with self._lock:
            self._receiver = None
            self._waiting.clear()

    def _deliver(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_delivering = False
                    return
                items, self._waiting = self._waiting, []
                receiver = self._receiver
            if receiver is None:
                continue
            try:
                receiver(items)
            except Exception:  # the publisher has committed: it must not hear of this
                names = ", ".join(_name(item) for item in items)
                log.exception("A receiver failed; this process may have lost %s", names)


def _name(item: Item) -> str:
    # Ids only: a frame holds what people wrote.
    return f"entry {getattr(item, 'head', None)}" if hasattr(item, "frame") else f"order {item}"
