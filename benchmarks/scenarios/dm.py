"""Direct messages by the clock: a hundred pairs, two tabs each, faster until it is too fast.

A message counts when the three other sockets of its pair have it. The sender never waits. A rate
is good while no message is missing and the slowest but one per cent come within 100 ms.
"""

from __future__ import annotations

from typing import Any

from ..crowd import Client, Crowd, now
from ..school import PAIRS
from ..servers import Running, Server, Stretch, serving
from . import Effort, milliseconds

TABS, LISTENERS = 2, 3
GOOD_MS = 100
LATE_SECONDS = 3
WARM_SHARE = 0.2


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return 10 + (effort.step_seconds + 1) * (3 + effort.refinements) * 1.5


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    with serving(server) as running, running.crowd() as crowd:
        users = range(1, 2 * PAIRS + 1)
        clients = crowd.open_all(user for user in users for _ in range(TABS))
        talk = Talk(running, crowd, clients)
        talk.step(50, 2)
        steps: list[dict[str, Any]] = []
        good, bad = 0, 0
        for rate in effort.rates:
            steps.append(talk.tried(rate, effort.step_seconds))
            if not is_good(steps[-1]):
                bad = rate
                break
            good = rate
        for _ in range(effort.refinements if bad and good else 0):
            if bad / good < 1.06:
                break
            between = (good + bad) // 2
            steps.append(talk.tried(between, effort.step_seconds))
            good, bad = (between, bad) if is_good(steps[-1]) else (good, between)
        best = next((step for step in steps if step["rate"] == good), {})
        return {
            "best_rate": good,
            "best_is_the_limit": bool(bad),
            "cpu_ms": best.get("cpu_ms"),
            "beside_ms": best.get("beside_ms"),
            "steps": sorted(steps, key=lambda step: step["rate"]),
            "others": max((step["others"] for step in steps), default=0),
        }


def is_good(step: dict[str, Any]) -> bool:
    return not step["missing"] and step["p99_ms"] is not None and step["p99_ms"] < GOOD_MS


class Talk:
    """What is said, and by whom it has been heard."""

    def __init__(self, running: Running, crowd: Crowd, clients: list[Client]) -> None:
        self._running, self._crowd, self._clients = running, crowd, clients
        self._sent: dict[int, tuple[Client, float]] = {}
        self._took: list[float] = []
        crowd.heard = self._heard

    def _heard(self, client: Client, number: int) -> None:
        sent = self._sent.get(number)
        if sent is not None and sent[0] is not client:
            self._took.append(now() - sent[1])

    def tried(self, rate: int, seconds: float) -> dict[str, Any]:
        """A step; once more if it was not good: something else may have had the machine."""
        step = self.step(rate, seconds)
        if not is_good(step):
            self._crowd.listen(LATE_SECONDS)
            step = self.step(rate, seconds)
        return step

    def step(self, rate: int, seconds: float) -> dict[str, Any]:
        """So many messages a second for so long."""
        self._sent, self._took = {}, []
        total, said, lag = int(rate * seconds), 0, 0.0
        stretch, begun = Stretch(self._running), now()
        while said < total:
            due = min(total, int((now() - begun) * rate) + 1)
            lag = max(lag, now() - begun - said / rate)
            for number in range(said, due):
                self._say(number)
                if not number % 16:
                    self._crowd.turn(0)
            said = due
            self._crowd.turn(begun + said / rate - now())
        deadline = now() + LATE_SECONDS
        while len(self._took) < LISTENERS * total and now() < deadline:
            self._crowd.turn(0.02)
        stretch.end()
        heard = max(1.0, len(self._took) / LISTENERS)
        took = self._took[int(len(self._took) * WARM_SHARE) :]
        return {
            "rate": rate,
            "p50_ms": milliseconds(took, 0.5),
            "p99_ms": milliseconds(took, 0.99),
            "cpu_ms": round(stretch.server / heard * 1e3, 4),
            "beside_ms": round(stretch.beside / heard * 1e3, 4),
            "missing": total - len(self._took) / LISTENERS,
            "lag_ms": round(lag * 1e3, 1),
            "crowd_cpu": round(stretch.crowd / stretch.seconds, 3),
            "others": round(stretch.others, 3),
        }

    def _say(self, number: int) -> None:
        pair, turn = number % PAIRS, number // PAIRS
        writer = self._clients[TABS * (2 * pair + turn % 2)]
        number, left = self._crowd.say(writer, pair + 1)
        self._sent[number] = writer, left
