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


def main() -> int:
    """Read the options, measure, keep what was found."""
    chosen = options().parse_args()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    processes.pin(1)
    effort = EFFORTS[chosen.effort]
    for scenario in chosen.scenarios:
        servers = [BY_NAME[name] for name in chosen.servers or SERVERS[scenario]]
        servers += [checkout(root) for root in chosen.checkout]
        forgotten = () if chosen.more else [server.name for server in servers]
        found = results.Scenario.anew(scenario, chosen.results, forgotten)
        for _ in range(chosen.repetitions or effort.repetitions):
            for server in servers:
                if server.is_installed:
                    found.add(server, measured(scenario, server, effort, chosen.patience))
    return 0


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
    ask.add_argument("--patience", type=float, default=20, metavar="seconds",
                     help="how long to wait for a quiet machine before each")  # fmt: skip
    return ask


def measured(scenario: str, server: Server, effort: Effort, patience: float) -> dict[str, Any]:
    """The figures of one server, or why there are none."""
    module = import_module(f"{__package__}.scenarios.{scenario}")
    processes.wait_for_quiet(patience)
    begun = time.monotonic()
    try:
        figures: dict[str, Any] = module.measure(server, effort)
    except (ConnectionError, RuntimeError) as error:
        figures = {"failed": str(error)[:300]}
    print(f"{scenario:8} {server.name:20} {time.monotonic() - begun:5.0f} s  {brief(figures)}",
          flush=True)  # fmt: skip
    return figures


def brief(figures: dict[str, Any]) -> str:
    """One line of them, the last of each list."""
    flat = {key: value[-1] if isinstance(value, list) else value for key, value in figures.items()}
    return " ".join(f"{key}={value}" for key, value in flat.items())[:400]


if __name__ == "__main__":
    sys.exit(main())
