"""What is measured, a module for each: ``measure(server, effort)``, and ``seconds(effort)`` says
roughly how long that takes.

It starts the server itself, once or several times, and returns figures: names that end in their
unit, or a list of such dictionaries where something grows. A figure that could not be had because
the server failed is a text under ``failed``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Effort:
    """How much is done for one figure.

    :param repetitions: of everything; the table has the medians.
    :param patience: seconds that are waited for a quiet machine before each.
    :param rates: messages per second that are tried, until one is too many.
    """

    repetitions: int = 3
    patience: float = 20
    handshakes: int = 1000
    storm: int = 5000
    sockets: tuple[int, ...] = (1000, 4000, 9800)
    idle_seconds: float = 31  # every rival's heartbeat comes at least once
    rates: tuple[int, ...] = (100, 500, 1000, 2000, 4000, 8000, 12000)
    step_seconds: float = 3
    refinements: int = 3
    groups: tuple[int, ...] = (10, 100, 1000, 5000)
    group_seconds: float = 2.5
    slow_seconds: float = 24
    churn_per_second: int = 200
    churn_seconds: float = 15
    messages: tuple[int, ...] = (10_000, 100_000, 1_000_000)


FULL = Effort()
QUICK = replace(
    FULL, repetitions=1, patience=2, handshakes=500, storm=1000, sockets=(1000, 4000),
    idle_seconds=10, step_seconds=2, refinements=1, groups=(10, 100, 1000), group_seconds=2,
    slow_seconds=15, churn_seconds=5, messages=(10_000, 100_000),
)  # fmt: skip
#: As little as shows that all of it still works.
SMOKE = replace(
    QUICK, handshakes=20, storm=20, sockets=(20,), idle_seconds=0.5, rates=(100,),
    step_seconds=0.5, groups=(10,), group_seconds=0.3, slow_seconds=3, churn_per_second=20,
    churn_seconds=1, messages=(2_000,),
)  # fmt: skip


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def milliseconds(values: Sequence[float], share: float) -> float | None:
    """The same, of seconds."""
    found = percentile(values, share)
    return None if found is None else round(found * 1e3, 3)
