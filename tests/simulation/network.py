"""A bus between simulated workers that loses, doubles, delays and reorders when told to.

What a worker publishes reaches its own sockets at once, as with Redis; for the others it waits
here until the test lets it arrive. Nothing happens by itself, so a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_chat.bus import Bus
from flask_chat.bus.base import Item, Receiver
from flask_chat.events import Entry


class SimulatedBus(Bus):
    """One worker's end.

    :ivar is_cut: the worker dies between commit and publish: nothing leaves, to nobody.
    :ivar waiting: what others have published and this worker has not received yet.
    """

    def __init__(self, near: Bus, witness: Callable[[Entry], None]) -> None:
        self._near = near
        self._witness = witness
        self.others: list[SimulatedBus] = []
        self.waiting: list[Item] = []
        self.is_cut = False

    def publish(self, entries: Sequence[Item]) -> None:
        for item in entries:
            if isinstance(item, Entry):
                self._witness(item)
        if self.is_cut:
            return
        self._near.publish(entries)
        for other in self.others:
            other.waiting.extend(entries)

    def subscribe(self, receiver: Receiver) -> None:
        self._near.subscribe(receiver)

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        self.waiting.clear()

    # What the test decides

    def arrive(self, place: int = 0, *, times: int = 1) -> None:
        """Let one of those that wait arrive, first or not, once or twice."""
        if self.waiting:
            item = self.waiting.pop(place % len(self.waiting))
            self._near.publish([item] * times)

    def drop(self, place: int) -> None:
        """Lose one of those that wait, without a word."""
        if self.waiting:
            del self.waiting[place % len(self.waiting)]

    def arrive_all(self) -> None:
        """Let all that wait arrive, in order."""
        items, self.waiting = self.waiting, []
        self._near.publish(items)
