"""Verbs in situations: what a client lives through, and what it has to ask for besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SYNC = ("POST /sync",)
HEAD = ("GET /conversations/ID",)
CHANGES = ("GET /conversations/ID/changes",)


@dataclass(frozen=True)
class Case:
    """One verb in one situation.

    :param verb: ``module.function`` below ``services/``.
    :param asks: what the client has to ask for, because a frame cannot say it all.
    :param to: through whose eyes.
    """

    verb: str
    name: str
    act: Callable[[Any], Any]
    asks: tuple[str, ...] = ()
    to: str = "ben"

    def __str__(self) -> str:
        return f"{self.verb}-{self.name}"


CASES: list[Case] = []


def case(verb: str, *, asks: tuple[str, ...] = (), to: str = "ben") -> Any:
    def note(act: Callable[[Any], Any]) -> Callable[[Any], Any]:
        CASES.append(Case(verb, act.__name__, act, asks, to))
        return act

    return note
