"""Everybody comes back at one moment, as after a restart; who is turned away comes again."""

from __future__ import annotations

from typing import Any

from ..crowd import Client, now
from ..servers import Server, Stretch, serving
from . import Effort, milliseconds

WARM = range(9001, 9101)
PATIENCE_SECONDS = 90
AGAIN_SECONDS = 1.0


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return 6 + effort.storm * 0.003


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    with serving(server) as running, running.crowd() as crowd:
        for client in crowd.open_all(WARM):
            crowd.leave(client)
        crowd.listen(0.5)
        stretch, begun = Stretch(running), now()
        tries = dict.fromkeys(range(1, effort.storm + 1), 1)
        done: list[Client] = []
        for user in tries:
            crowd.open(user)
            done += crowd.turn(0)
        took: list[float] = []
        again: list[tuple[float, Client]] = []
        while len(took) < effort.storm and now() - begun < PATIENCE_SECONDS:
            for client in done + crowd.turn(0.1):
                if client.ended:
                    again.append((now() + AGAIN_SECONDS, client))
                else:
                    took.append(client.greeted - begun)
            done = []
            while again and again[0][0] < now():
                user = again.pop(0)[1].user
                tries[user] += 1
                crowd.open(user)
        stretch.end()
        return {
            "sockets": effort.storm,
            "all_s": round(max(took, default=PATIENCE_SECONDS), 2),
            "p50_ms": milliseconds(took, 0.5),
            "cpu_ms": round(stretch.server / effort.storm * 1e3, 4),
            "never_in": effort.storm - len(took),
            "refused": sum(times > 1 for times in tries.values()),
            "refused_twice": sum(times > 2 for times in tries.values()),
            "others": round(stretch.others, 3),
        }
