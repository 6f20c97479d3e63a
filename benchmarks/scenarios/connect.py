"""Opening sockets, twenty at a time: the handshake, who is this, and the first frame."""

from __future__ import annotations

from typing import Any

from ..crowd import AT_ONCE, Crowd
from ..servers import Running, Server, Stretch, serving
from . import Effort, milliseconds

WARM = range(9001, 9101)


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return 8 + effort.handshakes * 0.003


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    with serving(server) as running, running.crowd() as crowd:
        for client in crowd.open_all(WARM):
            crowd.leave(client)
        crowd.listen(0.5)
        figures = _handshakes(running, crowd, effort.handshakes)
        if server.is_ours:
            figures["page_cpu_ms"] = _pages(running, crowd, effort.handshakes)
        return figures


def _handshakes(running: Running, crowd: Crowd, count: int) -> dict[str, Any]:
    stretch = Stretch(running)
    clients = crowd.open_all(range(1, count + 1))
    stretch.end()
    took = [client.greeted - client.begun for client in clients]
    return {
        "per_second": round(count / stretch.seconds),
        "p50_ms": milliseconds(took, 0.5),
        "p99_ms": milliseconds(took, 0.99),
        "cpu_ms": round(stretch.server / count * 1e3, 4),
        "others": round(stretch.others, 3),
    }


def _pages(running: Running, crowd: Crowd, count: int) -> float:
    """What Flask's share is: a page of the host's that only says who is signed in."""
    stretch = Stretch(running)
    asked, under_way = 0, 0
    while asked < count or under_way:
        while asked < count and under_way < AT_ONCE:
            crowd.ask(asked % 9000 + 1, "/whoami")
            asked, under_way = asked + 1, under_way + 1
        under_way -= len(crowd.turn(1))
    return round(stretch.end().server / count * 1e3, 4)
