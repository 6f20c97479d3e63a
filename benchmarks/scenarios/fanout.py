"""One person writes to a group and all hear it: one message at a time, then four at once."""

from __future__ import annotations

from typing import Any

from ..crowd import Client, Crowd, now
from ..school import GROUPS
from ..servers import Running, Server, Stretch, serving
from . import Effort, milliseconds

AT_ONCE = 4
WAIT_SECONDS = 15
MOST = 300


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return sum(5 + 2 * effort.group_seconds + size * 0.002 for size in effort.groups)


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    steps = [_group(server, effort, size) for size in effort.groups]
    return {"steps": steps, "others": max(step["others"] for step in steps)}


def _group(server: Server, effort: Effort, size: int) -> dict[str, Any]:
    with serving(server) as running, running.crowd() as crowd:
        clients = crowd.open_all(range(1, size + 1))
        group = Group(running, crowd, clients)
        group.write(1, 1, most=5)
        alone = group.write(1, effort.group_seconds)
        together = group.write(AT_ONCE, effort.group_seconds, most=100_000)
    return {
        "members": size,
        "cpu_us": together["cpu_us"],
        "per_second": together["per_second"],
        "alone_cpu_us": alone["cpu_us"],
        "last_p50_ms": alone["last_p50_ms"],
        "last_p99_ms": alone["last_p99_ms"],
        "missing": alone["missing"] + together["missing"],
        "crowd_cpu": together["crowd_cpu"],
        "others": max(alone["others"], together["others"]),
    }


class Group:
    """A group whose first member writes; what they hear of themself is not counted."""

    def __init__(self, running: Running, crowd: Crowd, clients: list[Client]) -> None:
        self._running, self._crowd, self._clients = running, crowd, clients
        self._writer, self._readers = clients[0], len(clients) - 1
        self._left: dict[int, int] = {}
        self._begun: dict[int, float] = {}
        self._took: list[float] = []
        self._heard_of = 0
        crowd.heard = self._heard

    def _heard(self, client: Client, number: int) -> None:
        left = self._left.get(number)
        if left is None or client is self._writer:
            return
        self._heard_of += 1
        if left > 1:
            self._left[number] = left - 1
        else:
            del self._left[number]
            self._took.append(now() - self._begun.pop(number))

    def write(self, at_once: int, seconds: float, most: int = MOST) -> dict[str, Any]:
        """Messages for so long, so many under way at a time."""
        self._left, self._took, self._heard_of = {}, [], 0
        conversation = GROUPS[len(self._clients)]
        stretch, until, said = Stretch(self._running), now() + seconds, 0
        while now() < until and said < most:
            while len(self._left) < at_once and said < most:
                number, left = self._crowd.say(self._writer, conversation)
                self._left[number], self._begun[number] = self._readers, left
                said += 1
            if not self._wait(at_once - 1, WAIT_SECONDS):
                break
        self._wait(0, WAIT_SECONDS)
        stretch.end()
        heard = max(1, self._heard_of)
        return {
            "cpu_us": round(stretch.server / heard * 1e6, 3),
            "per_second": round(heard / stretch.seconds),
            "last_p50_ms": milliseconds(self._took, 0.5),
            "last_p99_ms": milliseconds(self._took, 0.99),
            "missing": sum(self._left.values()),
            "crowd_cpu": round(stretch.crowd / stretch.seconds, 3),
            "others": round(stretch.others, 3),
        }

    def _wait(self, most: int, seconds: float) -> bool:
        """Until no more than so many messages are under way."""
        deadline = now() + seconds
        while len(self._left) > most:
            if now() > deadline:
                return False
            self._crowd.turn(1)
        return True
