"""One of a thousand stops reading, and the others talk on: who notices, and what is kept."""

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
WAIT_SECONDS, WAKE_SECONDS = 5, 3


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    members = min(MEMBERS, max(size for size in effort.groups))
    with serving(server) as running, running.crowd() as crowd:
        clients = crowd.open_all(range(1, members))
        stuck = crowd.open(members, receive_buffer=4096)
        while not stuck.greeted:
            crowd.turn(1)
        return _room(running, crowd, clients, stuck, effort.slow_seconds)


def _room(
    running: Running, crowd: Crowd, clients: list[Client], stuck: Client, seconds: float
) -> dict[str, Any]:
    room, dropped = Room(crowd, clients, stuck), crowd.dropped
    total = int(seconds * PER_SECOND)
    memory = running.memory_kib()
    crowd.stop_reading(stuck)
    stretch, begun = Stretch(running), now()
    for said in range(total):
        while (left := begun + said / PER_SECOND - now()) > 0:
            crowd.turn(left)
        room.say()
    deadline = now() + WAIT_SECONDS
    while room.left and now() < deadline:
        crowd.turn(0.05)
    stretch.end()
    grown = running.memory_kib() - memory
    early = [took for at, took in room.took if at - begun < seconds * EARLY]
    late = [took for at, took in room.took if at - begun > seconds * LATE]
    dropped = crowd.dropped - dropped
    crowd.read_on(stuck)
    crowd.listen(WAKE_SECONDS)
    return {
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
        self._begun: dict[int, float] = {}
        crowd.heard = self._heard

    def say(self) -> None:
        conversation = GROUPS[len(self._clients) + 1]
        number, left = self._crowd.say(self._clients[0], conversation, SIZE)
        self.left[number], self._begun[number] = len(self._clients) - 1, left

    def _heard(self, client: Client, number: int) -> None:
        if number not in self.left or client in (self._stuck, self._clients[0]):
            return
        self.left[number] -= 1
        if not self.left[number]:
            del self.left[number]
            begun = self._begun.pop(number)
            self.took.append((begun, now() - begun))
