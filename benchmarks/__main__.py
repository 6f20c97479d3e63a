"""Measure servers side by side: ``python -m benchmarks``, or ``make bench``.

What is found goes to ``results/``, a file for each scenario, and into ``docs/performance.md`` and
``docs/scaling.md``, which are written from these files alone. A server that is measured anew
forgets what was there of it, unless with ``--more``.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from . import processes, results
from .scenarios import FULL, QUICK, SMOKE, Effort
from .servers import ALL, BY_NAME, Server, checkout

EFFORTS = {"full": FULL, "quick": QUICK, "smoke": SMOKE}
OURS = ["flask_chat"]
RIVALS = ["naive", "socketio_flask", "fastapi", "channels", "ws", "socketio"]
#: Which servers show what there is to see in a scenario, unless others are named.
SERVERS = {
    "connect": [*OURS, *RIVALS, "flask_chat_gunicorn"],
    "storm": [*OURS, *RIVALS],
    "idle": [*OURS, *RIVALS],
    "dm": [*OURS, *RIVALS, "flask_chat_pg"],
    "fanout": [*OURS, *RIVALS, "bare"],
    "slow": [*OURS, *RIVALS],
    "churn": [*OURS, *RIVALS],
    "reads": ["flask_chat", "flask_chat_pg"],
    "workers": [
        "flask_chat", "flask_chat_2", "flask_chat_pg", "flask_chat_pg_2", "flask_chat_pg_4",
        "socketio_flask", "socketio_flask_2", "channels", "channels_2",
    ],
}  # fmt: skip
#: Whatever takes longer than this has failed: no scenario needs half of it.
GIVE_UP_SECONDS = 900


class Stopped(Exception):
    """A measurement that took too long."""


def main() -> int:
    """Read the options, measure, keep what was found."""
    chosen = options().parse_args()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    processes.pin(1)
    effort = EFFORTS[chosen.effort]
    turns = chosen.repetitions or effort.repetitions
    patience = effort.patience if chosen.patience is None else chosen.patience
    plan = {scenario: asked_for(scenario, chosen) for scenario in chosen.scenarios}
    progress = Progress(plan, effort, turns)
    for scenario, servers in plan.items():
        forgotten = () if chosen.more else [server.name for server in servers]
        found = results.Scenario.anew(scenario, chosen.results, forgotten)
        for server in servers * turns:
            with progress.shown(scenario, server), limited():
                found.add(server, measured(scenario, server, effort, patience))
    return 0


def asked_for(scenario: str, chosen: argparse.Namespace) -> list[Server]:
    """The servers that a scenario is measured of; those that are not installed are named once."""
    servers = [BY_NAME[name] for name in chosen.servers or SERVERS[scenario]]
    servers += [checkout(root) for root in chosen.checkout]
    for server in servers:
        if not server.is_installed:
            print(f"{scenario:8} {server.label} is not installed and is left out", flush=True)
    return [server for server in servers if server.is_installed]


class Progress:
    """How long all of it takes, said beforehand, and how far it is."""

    def __init__(self, plan: dict[str, list[Server]], effort: Effort, turns: int) -> None:
        self._seconds = {
            name: import_module(f"{__package__}.scenarios.{name}").seconds(effort) for name in plan
        }
        self._left = sum(self._seconds[name] * len(plan[name]) * turns for name in plan)
        self._total, self._done = sum(len(servers) for servers in plan.values()) * turns, 0
        minutes = max(1, round(self._left / 60))
        print(f"{self._total} measurements, some {minutes} minutes, until {self._until()}; longer "
              "where something else takes the processors", flush=True)  # fmt: skip

    @contextmanager
    def shown(self, scenario: str, server: Server) -> Iterator[None]:
        """One measurement."""
        self._done += 1
        place = f"{self._done}/{self._total} until {self._until()}"
        print(f"{place:18} {scenario:8} {server.name:20}", end=" ", flush=True)
        yield
        self._left -= self._seconds[scenario]

    def _until(self) -> str:
        return f"{datetime.now() + timedelta(seconds=self._left):%H:%M}"


def options() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    ask = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="servers:\n" + "\n".join(f"  {each.name:20} {each.label}" for each in ALL),
    )  # fmt: skip
    ask.add_argument("scenarios", nargs="*", default=list(SERVERS), metavar="scenario",
                     help=", ".join(SERVERS) + "; all of them by default")  # fmt: skip
    ask.add_argument("--effort", choices=EFFORTS, default="full")
    ask.add_argument("--servers", nargs="+", choices=BY_NAME, metavar="server")
    ask.add_argument("--checkout", type=Path, action="append", default=[], metavar="folder",
                     help="also measure the package in this folder")  # fmt: skip
    ask.add_argument("--repetitions", type=int)
    ask.add_argument("--more", action="store_true", help="add to what was measured before")
    ask.add_argument("--results", type=Path, default=results.FOLDER, metavar="folder")
    ask.add_argument("--patience", type=float, metavar="seconds",
                     help="how long to wait for a quiet machine before each")  # fmt: skip
    return ask


def measured(scenario: str, server: Server, effort: Effort, patience: float) -> dict[str, Any]:
    """The figures of one server, or why there are none."""
    module = import_module(f"{__package__}.scenarios.{scenario}")
    processes.wait_for_quiet(patience)
    begun = time.monotonic()
    try:
        figures: dict[str, Any] = module.measure(server, effort)
    except (ConnectionError, RuntimeError, Stopped) as error:
        figures = {"failed": " ".join(str(error).split())[-300:]}
    print(f"{time.monotonic() - begun:5.0f} s  {brief(figures)}", flush=True)
    return figures


@contextmanager
def limited() -> Iterator[None]:
    """End a measurement that nothing else ends; what it has started is ended on the way out.

    :raises Stopped: in the middle of it.
    """

    def give_up(*_: Any) -> None:
        raise Stopped(f"not done after {GIVE_UP_SECONDS // 60} minutes")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(GIVE_UP_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def brief(figures: dict[str, Any]) -> str:
    """One line of them, the last of each list."""
    flat = {key: value[-1] if isinstance(value, list) else value for key, value in figures.items()}
    return " ".join(f"{key}={value}" for key, value in flat.items())[:400]


if __name__ == "__main__":
    sys.exit(main())
