"""A bus that cannot be trusted: of ten entries it drops, doubles, delays or reorders one.

``LOSSY_BUS=1`` in the environment puts it into every app the tests serve; the value is its seed.
``LOSSY_ONE_IN=2`` harms every second entry instead.
Whoever keeps the rules of the protocol must not notice: ``LOSSY_BUS=1 pytest -m browser tests``.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from flask_chat.bus.base import Item
from flask_chat.current import EXTENSION
from flask_chat.events import Entry

_ONE_IN = int(os.environ.get("LOSSY_ONE_IN", "10"))
_DELAY_SECONDS = 0.3


class LossyBus:
    """Stands before the app's own bus; orders, which are no entries, pass unharmed."""

    def __init__(self, bus: Any, seed: str) -> None:
        self._bus = bus
        self._choice = random.Random(seed)
        self._lock = threading.Lock()  # guards _choice and _held
        self._held: list[Item] = []

    def publish(self, items: Sequence[Item]) -> None:
        for item in items:
            with self._lock:
                harm = self._harm() if isinstance(item, Entry) else _pass_on
                passed = harm(self, item)
                held, self._held = ([], self._held) if harm is _reorder else (self._held, [])
            self._bus.publish([*passed, *held])

    def _harm(self) -> Harm:
        return self._choice.choice(_HARMS) if self._choice.random() * _ONE_IN < 1 else _pass_on

    def later(self, item: Item) -> None:
        timer = threading.Timer(_DELAY_SECONDS, self._bus.publish, [[item]])
        timer.daemon = True
        timer.start()

    def hold(self, item: Item) -> None:
        self._held.append(item)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)


Harm = Callable[[LossyBus, Item], list[Item]]


def _pass_on(bus: LossyBus, item: Item) -> list[Item]:
    return [item]


def _drop(bus: LossyBus, item: Item) -> list[Item]:
    return []


def _double(bus: LossyBus, item: Item) -> list[Item]:
    return [item, item]


def _delay(bus: LossyBus, item: Item) -> list[Item]:
    bus.later(item)
    return []


def _reorder(bus: LossyBus, item: Item) -> list[Item]:
    """Let the next one go first."""
    bus.hold(item)
    return []


_HARMS: tuple[Harm, ...] = (_drop, _double, _delay, _reorder)


def attach(app: Flask, seed: str) -> None:
    """Put such a bus before the app's own."""
    parts = app.extensions[EXTENSION]
    parts.bus = LossyBus(parts.bus, seed)
