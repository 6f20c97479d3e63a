"""Visits: a page is opened and left a second later, half of the time without a word."""

from __future__ import annotations

import random
from collections import deque
from typing import Any

from ..crowd import Client, Crowd, now
from ..school import PEOPLE
from ..servers import Server, Stretch, serving
from . import Effort, milliseconds

HOLD_SECONDS = 1.0
SETTLE_SECONDS = 5.0


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return 6 + min(5, effort.churn_seconds) + effort.churn_seconds + 1.5 * SETTLE_SECONDS


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    chance = random.Random(1)  # the same visits every time
    with serving(server) as running, running.crowd() as crowd:
        visits(crowd, chance, effort.churn_per_second / 2, min(5, effort.churn_seconds))
        crowd.listen(SETTLE_SECONDS / 2)
        memory, files = running.memory_kib(), running.descriptors()
        stretch = Stretch(running)
        took, failed = visits(crowd, chance, effort.churn_per_second, effort.churn_seconds)
        stretch.end()
        crowd.listen(SETTLE_SECONDS)
        return {
            "cpu_ms": round(stretch.server / max(1, len(took)) * 1e3, 4),
            "p50_ms": milliseconds(took, 0.5),
            "p99_ms": milliseconds(took, 0.99),
            "failed": failed,
            "grown_mib": round((running.memory_kib() - memory) / 1024, 1),
            "grown_descriptors": running.descriptors() - files,
            "others": round(stretch.others, 3),
        }


def visits(
    crowd: Crowd, chance: random.Random, per_second: float, seconds: float
) -> tuple[list[float], int]:
    """So many visits a second for so long; how long each opening took, and how many failed."""
    took: list[float] = []
    inside: deque[tuple[float, Client]] = deque()
    total, begun, come, failed = int(per_second * seconds), now(), 0, 0
    while come < total or inside or len(took) + failed < total:
        while come < min(total, int((now() - begun) * per_second) + 1):
            crowd.open(chance.randint(1, PEOPLE))
            come += 1
        while inside and inside[0][0] <= now():
            crowd.leave(inside.popleft()[1], politely=len(inside) % 2 == 0)
        next_visit = begun + come / per_second if come < total else now() + 1
        next_end = inside[0][0] if inside else now() + 1
        for client in crowd.turn(min(next_visit, next_end) - now()):
            if client.ended:
                failed += 1
            else:
                took.append(client.greeted - client.begun)
                inside.append((now() + HOLD_SECONDS, client))
        if now() - begun > seconds + 30:
            break
    return took, total - len(took)
