"""One of a thousand stops reading, and the others talk on: who notices, and what is kept.

First all read, for a while and in the same process, so that what the others wait with a stuck one
among them has something to be compared with.
"""

from __future__ import annotations

from typing import Any

from ..crowd import Client, Crowd, now
from ..school import GROUPS
from ..servers import Running, Server, Stretch, serving
from . import Effort, milliseconds

MEMBERS = 1000
SIZE = 32 * 1024  # more than the kernel's buffers hold, together
PER_SECOND = 4
EARLY, LATE = 0.25, 0.6  # before the buffers are full, and long after
CALM = 0.5  # how long all read, beside how long one does not
WAIT_SECONDS, WAKE_SECONDS = 5, 3


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return 12 + effort.slow_seconds * (1 + CALM) + WAKE_SECONDS


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    members = min(MEMBERS, max(size for size in effort.groups))
    with serving(server) as running, running.crowd() as crowd:
        clients = crowd.open_all(range(1, members))
        stuck = crowd.open(members, receive_buffer=4096)
        while not stuck.greeted:
            crowd.turn(1)
        calm = Room(crowd, clients, stuck)
        calm.talk(effort.slow_seconds * CALM)
        return _room(running, crowd, clients, stuck, effort.slow_seconds) | {
            "calm_p50_ms": milliseconds(calm.each, 0.5),
            "calm_p99_ms": milliseconds(calm.each, 0.99),
        }


def _room(
    running: Running, crowd: Crowd, clients: list[Client], stuck: Client, seconds: float
) -> dict[str, Any]:
    room, dropped = Room(crowd, clients, stuck), crowd.dropped
    memory = running.memory_kib()
    crowd.stop_reading(stuck)
    stretch, begun = Stretch(running), now()
    total = room.talk(seconds)
    stretch.end()
    grown = running.memory_kib() - memory
    early = [took for at, took in room.took if at - begun < seconds * EARLY]
    late = [took for at, took in room.took if at - begun > seconds * LATE]
    dropped = crowd.dropped - dropped
    crowd.read_on(stuck)
    crowd.listen(WAKE_SECONDS)
    return {
        "stuck_p50_ms": milliseconds(room.each, 0.5),
        "stuck_p99_ms": milliseconds(room.each, 0.99),
        "early_p50_ms": milliseconds(early, 0.5),
        "early_p99_ms": milliseconds(early, 0.99),
        "late_p50_ms": milliseconds(late, 0.5),
        "late_p99_ms": milliseconds(late, 0.99),
        "unfinished": len(room.left),
        "messages": total,
        "grown_mib": round(grown / 1024, 1),
        "others_dropped": dropped,
        "stuck_is_told": bool(stuck.ended),
        "others": round(stretch.others, 3),
    }


class Room:
    """The group, and how long the last of those who read had to wait for each message."""

    def __init__(self, crowd: Crowd, clients: list[Client], stuck: Client) -> None:
        self._crowd, self._clients, self._stuck = crowd, clients, stuck
        self.left: dict[int, int] = {}
        self.took: list[tuple[float, float]] = []
        #: How long each of the others waited for each message.
        self.each: list[float] = []
        self._begun: dict[int, float] = {}
        crowd.heard = self._heard

    def talk(self, seconds: float) -> int:
        """Messages by the clock for so long, and the wait for the last; how many there were."""
        begun, total = now(), int(seconds * PER_SECOND)
        for said in range(total):
            while (left := begun + said / PER_SECOND - now()) > 0:
                self._crowd.turn(left)
            self.say()
        deadline = now() + WAIT_SECONDS
        while self.left and now() < deadline:
            self._crowd.turn(0.05)
        for number, missing in self.left.items():  # who still waits has waited so long at least
            self.each += [now() - self._begun[number]] * missing
        return total

    def say(self) -> None:
        conversation = GROUPS[len(self._clients) + 1]
        number, left = self._crowd.say(self._clients[0], conversation, SIZE)
        self.left[number], self._begun[number] = len(self._clients) - 1, left

    def _heard(self, client: Client, number: int) -> None:
        if number not in self.left or client in (self._stuck, self._clients[0]):
            return
        self.each.append(now() - self._begun[number])
        self.left[number] -= 1
        if not self.left[number]:
            del self.left[number]
            begun = self._begun.pop(number)
            self.took.append((begun, now() - begun))
