"""Sockets that say nothing: what each takes of memory, and what their heartbeats cost."""

from __future__ import annotations

import resource
from typing import Any

from ..servers import Server, Stretch, serving
from . import Effort

SETTLE_SECONDS = 3
#: Some servers hold two descriptors for each socket, and a process may have only so many.
SPARE_DESCRIPTORS = 300
#: How many sockets the heartbeats are counted for, whether so many are open or fewer.
COUNTED = 10_000


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return (
        6 + effort.sockets[-1] * 0.002 + SETTLE_SECONDS * len(effort.sockets) + effort.idle_seconds
    )


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    with serving(server) as running, running.crowd() as crowd:
        for client in crowd.open_all(range(9901, 9921)):
            crowd.leave(client)
        crowd.listen(1)
        empty, steps, had = running.memory_kib(), [], 0
        room = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_DESCRIPTORS
        for count in effort.sockets:
            if steps and steps[-1]["descriptors"] * count > room:
                break
            crowd.open_all(range(had + 1, count + 1))
            had = count
            crowd.listen(SETTLE_SECONDS)
            steps.append({
                "sockets": count,
                "kib": round((running.memory_kib() - empty) / count, 2),
                "descriptors": round(running.descriptors() / count, 2),
            })  # fmt: skip
        stretch = Stretch(running)
        crowd.listen(effort.idle_seconds)
        stretch.end()
        return {
            "cpu_ms_per_s": round(stretch.server / stretch.seconds * 1e3 * COUNTED / had, 2),
            "dropped": crowd.dropped,
            "steps": steps,
            "others": round(stretch.others, 3),
        }
