"""What a page asks for when it is opened, as the history grows: ``benchmarks/reads.py``, thrice.

In a process of its own, for it imports the package; the crowd must not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..processes import machine_seconds
from ..servers import POSTGRES, Server
from . import Effort

PROGRAM = Path(__file__).parents[1] / "reads.py"
#: The least of everything that the program can fill a school with.
SMALL = ("--people", "200", "--conversations", "100", "--crowd", "50")


def seconds(effort: Effort) -> float:
    """How long one server takes, on the whole."""
    return sum(30 + messages * 40e-6 for messages in effort.messages)


def measure(server: Server, effort: Effort) -> dict[str, Any]:
    kind = "postgresql" if server.database == POSTGRES else "sqlite"
    steps, before = [], machine_seconds()
    for messages in effort.messages:
        command = [
            "taskset",
            "-c",
            "0",
            sys.executable,
            str(PROGRAM),
            "--json",
            "--databases",
            kind,
        ]
        command += ["--messages", str(messages), *(SMALL if messages < 10_000 else ())]
        done = subprocess.run(command, capture_output=True, text=True)
        if not done.stdout:
            raise RuntimeError(done.stderr[-300:])
        steps.append({"messages": messages, **_figures(json.loads(done.stdout)[kind])})
    return {"steps": steps, "machine_s": round(machine_seconds() - before, 1)}


def _figures(found: dict[str, dict[str, Any]]) -> dict[str, float]:
    """One flat dictionary: ``history, newest page: p95`` and so on."""
    return {
        f"{name}: {figure}": round(values[figure], 3)
        for name, values in found.items()
        for figure in ("p50", "p95", "cpu", "statements")
    }
