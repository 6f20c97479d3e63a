"""Direct messages at a steady pace: what a message costs one process, and several over Redis.

The processes share the first processor, so it is their processor time that can be compared, not
how many messages they could carry.
"""

from __future__ import annotations

from typing import Any

from ..school import PAIRS
from ..servers import Server, serving
from . import Effort
from .dm import TABS, Talk

#: Slow enough for every server in every number, so that all are asked the same; then, for ours,
#: faster. (Faster still, and one processor is full with any number of processes.)
RATE, FASTER = 200, 500
LONGER = 2


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return 12 + 2 * (effort.step_seconds * LONGER + 1)


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    with serving(server) as running, running.crowd() as crowd:
        users = range(1, 2 * PAIRS + 1)
        clients = crowd.open_all(user for user in users for _ in range(TABS))
        talk = Talk(running, crowd, clients)
        talk.step(50, 2)
        rates = [RATE, FASTER] if server.is_ours else [RATE]
        steps = [talk.step(rate, effort.step_seconds * LONGER) for rate in rates]
        return {"steps": steps, "others": max(step["others"] for step in steps)}
