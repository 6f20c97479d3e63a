"""Asks the processes that hold sockets, through an order in the database."""

from __future__ import annotations

import time
from typing import Any

from ..current import chat
from ..services import orders


def ask(verb: str, *, patience_seconds: float) -> list[Any]:
    """What each process that serves sockets answers; empty if none does within the patience."""
    order = orders.give(verb)
    begun = time.monotonic()
    beat = chat.config.reconcile_seconds
    # One process answers at its next beat; where there may be several, all of them within two.
    enough = begun if chat.config.bus_url.startswith("memory:") else begun + 2 * beat
    while not (answers := orders.answers_to(order)) or time.monotonic() < enough:
        if time.monotonic() > begun + patience_seconds + 2 * beat:
            return []
        time.sleep(0.05)
    return answers
