"""What was measured, kept as JSON: a file for each scenario, with versions, machine and commit."""

from __future__ import annotations

import json
import statistics
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import versions
from .servers import Server

FOLDER = Path(__file__).parent / "results"
#: More of a processor than this spent by others, and a run is left out where there are better ones.
QUIET = 0.25


@dataclass
class Scenario:
    """All runs of one scenario."""

    name: str
    folder: Path
    runs: list[dict[str, Any]]

    @classmethod
    def anew(cls, name: str, folder: Path, servers: Collection[str]) -> Scenario:
        """What was found before, without what was found of these servers."""
        runs = cls.read(name, folder).runs
        return cls(name, folder, [run for run in runs if run["server"] not in servers])

    @classmethod
    def read(cls, name: str, folder: Path = FOLDER) -> Scenario:
        """What was found before; nothing, if it was never measured."""
        return cls(name, folder, kept(name, folder).get("runs", []))

    def add(self, server: Server, figures: dict[str, Any]) -> None:
        """Keep it at once: a run that is broken off later is not lost."""
        at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
        commit = versions.commit(server.root) if server.root else None
        self.runs.append({"server": server.name, "at": at, "commit": commit, **figures})
        self.folder.mkdir(parents=True, exist_ok=True)
        known = {"machine": versions.machine(), "versions": versions.all_of_them()}
        lines = json.dumps(known | {"runs": self.runs}, indent=1)
        (self.folder / f"{self.name}.json").write_text(lines + "\n")

    @property
    def servers(self) -> list[str]:
        return list(dict.fromkeys(run["server"] for run in self.runs))

    def of(self, server: str) -> list[dict[str, Any]]:
        """The runs of a server that gave figures, without those that others disturbed."""
        runs = [
            run
            for run in self.runs
            if run["server"] == server and not isinstance(run.get("failed"), str)
        ]
        return [run for run in runs if run.get("others", 0) <= QUIET] or runs

    def figure(self, server: str, name: str) -> float | None:
        """The median of one figure; ``name@17`` is that of the step whose first figure is 17, and
        ``one/other`` one figure of a run, divided by another of the same run."""
        return median(value(run, name) for run in self.of(server))

    def curve(self, server: str, name: str) -> list[tuple[float, float]]:
        """One figure of every step, each with the first of the step's figures."""
        steps = [step for run in self.of(server) for step in run.get("steps", ())]
        places = sorted({next(iter(step.values())) for step in steps})
        found = [(place, self.figure(server, f"{name}@{place}")) for place in places]
        return [(place, middle) for place, middle in found if middle is not None]


def kept(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The whole file of a scenario; nothing, if it was never measured."""
    file = folder / f"{name}.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}


def value(run: dict[str, Any], name: str) -> Any:
    """A figure of one run, as ``Scenario.figure`` names it."""
    above, has_two, below = name.partition("/")
    if has_two:
        one, other = value(run, above), value(run, below)
        return one / other if one is not None and other else None
    figure, _, place = name.partition("@")
    if not place:
        return run.get(figure)
    for step in run.get("steps", ()):
        if str(next(iter(step.values()))) == place:
            return step.get(figure)
    return None


def median(values: Iterable[Any]) -> float | None:
    """The median of those there are."""
    there = [float(each) for each in values if each is not None]
    return statistics.median(there) if there else None
