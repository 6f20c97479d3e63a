"""The curves: how cost grows with sockets, members, messages per second, and history.

Run by the rivals' environment, which has matplotlib (``make bench`` does).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "flask_chat"  # the same figures, the same bytes

from matplotlib import pyplot as plt  # noqa: E402

from . import results  # noqa: E402
from .servers import BY_NAME  # noqa: E402
from .table import SERVERS  # noqa: E402

FOLDER = Path(__file__).parents[1] / "docs" / "images"
COLOURS = {
    "flask_chat": "#0b6e4f", "flask_chat_pg": "#3f8efc", "ws": "#d1495b", "socketio": "#edae49",
    "naive": "#8d99ae", "socketio_flask": "#7b5ea7", "fastapi": "#00798c", "channels": "#6b4226",
    "bare": "#bbbbbb",
}  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """Curves of one figure."""

    name: str
    title: str
    scenario: str
    figures: dict[str, str]  # what is drawn: the figure, and what to call it ('' for the server)
    along: str
    servers: Sequence[str] = tuple(SERVERS)
    is_logarithmic: bool = True


READS = {
    "sync, knowing nothing: the first 50: p95": "first sync",
    "sync, nothing has changed: p95": "sync, nothing new",
    "history, a page in the middle: p95": "a page of history",
    "people, by a part of the name: p95": "people search",
}
PLOTS = [
    Plot("sockets", "Memory of an idle socket, KiB", "idle", {"kib": ""}, "open sockets"),
    Plot("members", "Processor time of a delivery, µs", "fanout", {"cpu_us": ""},
         "members of the group", [*SERVERS, "bare"]),
    Plot("last-member", "The last member has the message after, ms (p50)", "fanout",
         {"last_p50_ms": ""}, "members of the group"),
    Plot("message", "Processor time of a direct message, ms", "dm", {"cpu_ms": ""},
         "messages per second", [*SERVERS, "flask_chat_pg"]),
    Plot("latency", "A direct message arrives after, ms (p99)", "dm", {"p99_ms": ""},
         "messages per second", [*SERVERS, "flask_chat_pg"]),
    Plot("history-sqlite", "Reads on SQLite, ms (p95)", "reads", READS,
         "messages stored", ["flask_chat"]),
    Plot("history-postgresql", "Reads on PostgreSQL, ms (p95)", "reads", READS,
         "messages stored", ["flask_chat_pg"]),
]  # fmt: skip


def draw(plot: Plot, measured: Path, folder: Path) -> None:
    """One SVG; none, where nothing was measured that could be drawn."""
    found = results.Scenario.read(plot.scenario, measured)
    curves = [
        (server, label, points)
        for server in plot.servers
        for name, label in plot.figures.items()
        if (points := found.curve(server, name))
    ]
    if not curves:
        return
    figure, axes = plt.subplots(figsize=(7, 4.2))
    for curve in curves:
        _curve(axes, *curve)
    axes.set_title(plot.title, loc="left", fontsize=11, fontweight="bold")
    axes.set_xlabel(plot.along)
    axes.set_xscale("log")
    if plot.is_logarithmic:
        axes.set_yscale("log")
    axes.grid(alpha=0.25, which="both", linewidth=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    metadata = {"Date": None, "Creator": None}
    file = folder / f"performance-{plot.name}.svg"
    figure.savefig(file, bbox_inches="tight", metadata=metadata)
    plt.close(figure)
    print(f"drawn: {file}")


def _curve(axes, server, label, points):  # type: ignore[no-untyped-def]
    is_ours = server.startswith("flask_chat")
    across, up = zip(*points, strict=True)
    axes.plot(
        across, up, marker="o", markersize=4 if is_ours else 3, linewidth=2.4 if is_ours else 1.2,
        color=None if label else COLOURS[server], label=label or BY_NAME[server].label,
        zorder=3 if is_ours else 2,
    )  # fmt: skip


def main() -> None:
    """All of them."""
    ask = argparse.ArgumentParser(prog="python -m benchmarks.plots", description=__doc__)
    ask.add_argument("--results", type=Path, default=results.FOLDER, metavar="folder")
    ask.add_argument("--to", type=Path, default=FOLDER, metavar="folder")
    chosen = ask.parse_args()
    for plot in PLOTS:
        draw(plot, chosen.results, chosen.to)


if __name__ == "__main__":
    main()
