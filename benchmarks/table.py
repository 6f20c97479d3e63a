"""The tables of what was measured; ``python -m benchmarks.table`` prints them.

Every figure is the median of its runs. The ratio behind a rival's figure is ours divided by it, so
0.5 means half as much for us, whatever is counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from . import results, scenarios
from .servers import BY_NAME

OURS = "flask_chat"
#: What ``--checkout …/before`` is kept as.
BEFORE = "flask_chat@before"
SERVERS = [OURS, "ws", "socketio", "naive", "socketio_flask", "fastapi", "channels"]
#: Where a row may be behind Node `ws` by no more than this.
EQUAL = 1.1


@dataclass(frozen=True)
class Row:
    """One line of the table.

    :param label: ``{sockets}`` in it is how many sockets were opened.
    :param figure: as ``results.Scenario.figure`` names it.
    :param target: what it should be: at most, or at least where more is better.
    """

    label: str
    scenario: str
    figure: str
    target: float | None = None
    more_is_better: bool = False

    def value(self, server: str, folder: Path) -> float | None:
        return results.Scenario.read(self.scenario, folder).figure(server, self.figure)

    def named(self, folder: Path) -> str:
        """The label, filled in."""
        many = results.Scenario.read(self.scenario, folder).figure(OURS, "sockets")
        return self.label.format(sockets=f"{many or scenarios.FULL.storm:.0f}")

    def is_met(self, value: float) -> bool:
        assert self.target is not None
        return value >= self.target if self.more_is_better else value <= self.target

    def is_behind(self, ours: float, other: float) -> bool:
        """Whether another's figure is better by more than we count as equal."""
        return other > ours * EQUAL if self.more_is_better else ours > other * EQUAL


ROWS = [
    Row("open a socket, 20 at a time: CPU ms", "connect", "cpu_ms", 0.37),
    Row("… per second", "connect", "per_second", more_is_better=True),
    Row("… p99, ms", "connect", "p99_ms"),
    Row("{sockets} come back at once: s until all are in", "storm", "all_s"),
    Row("… refused, and let in when they came again", "storm", "refused"),
    Row("… refused twice", "storm", "refused_twice", 0),
    Row("4000 idle sockets: KiB each", "idle", "kib@4000"),
    Row("9800 idle sockets", "idle", "kib@9800", 2),
    Row("… CPU ms per s for 10 000, with heartbeats", "idle", "cpu_ms_per_s", 10),
    Row("direct messages: highest rate with p99 < 100 ms, per s", "dm", "best_rate", 10_000, True),
    Row("… CPU ms per message at that rate", "dm", "cpu_ms", 0.08),
    Row("… p50 at 100 per s, ms", "dm", "p50_ms@100", 0.8),
    Row("… p99 at 100 per s, ms", "dm", "p99_ms@100", 2),
    Row("… p99 at 500 per s, ms", "dm", "p99_ms@500", 5),
    Row("group of 100: CPU us per delivery", "fanout", "cpu_us@100", 5),
    Row("group of 1000", "fanout", "cpu_us@1000", 5.5),
    Row("group of 5000", "fanout", "cpu_us@5000", 7),
    Row("the last of 1000 has it after, p50 ms", "fanout", "last_p50_ms@1000", 8.5),
    Row("the last of 5000", "fanout", "last_p50_ms@5000", 47),
    Row("one of 1000 stops reading: the last of the others has it after, p99 ms",
        "slow", "early_p99_ms"),
    Row("… and after its buffers are full", "slow", "late_p99_ms"),
    Row("… how long each of the others waits, beside how long when all read: p99", "slow",
        "stuck_p99_ms/calm_p99_ms", 1.1),
    Row("… messages that somebody else never got", "slow", "unfinished", 0),
    Row("… memory kept for it, MiB", "slow", "grown_mib"),
    Row("200 visits a second: CPU ms each", "churn", "cpu_ms", 0.6),
    Row("… p99, ms", "churn", "p99_ms", 10),
    Row("… growth over all of them, MiB", "churn", "grown_mib", 10),
]  # fmt: skip


def measured(folder: Path = results.FOLDER) -> str:
    """The table, as Markdown, without the rows that nothing was measured for."""
    head = ["", *(BY_NAME[name].label for name in SERVERS), "target"]
    return markdown(head, filter(None, (_cells(row, folder) for row in ROWS)))


def _cells(row: Row, folder: Path) -> list[str]:
    values = {server: row.value(server, folder) for server in SERVERS}
    if not any(value is not None for value in values.values()):
        return []
    ours = values[OURS]
    cells = [row.named(folder)]
    for server, value in values.items():
        if value is None:
            cells.append("–")
        elif server == OURS or ours is None:
            cells.append(f"**{number(value)}**")
        else:
            cells.append(number(value) + ratio(ours, value))
    return [*cells, _target(row, ours)]


def _target(row: Row, ours: float | None) -> str:
    if row.target is None:
        return ""
    wanted = f"{'≥' if row.more_is_better else '≤'} {number(row.target)}"
    return wanted if ours is None else f"{wanted} {'✓' if row.is_met(ours) else '✗'}"


def ratio(ours: float, other: float) -> str:
    """Ours, divided by another's."""
    return f" ({ours / other:.2f})" if other > 0 and ours > 0 else ""


def compared(folder: Path = results.FOLDER) -> str:
    """Ours beside an older checkout of ours, where both were measured."""
    rows = []
    for row in ROWS:
        before, after = row.value(BEFORE, folder), row.value(OURS, folder)
        if before is not None and after is not None:
            rows.append(
                [row.label, number(before), number(after), ratio(after, before).strip(" ()")]
            )
    return markdown(["", "before", "after", "ratio"], rows)


def variants(folder: Path = results.FOLDER) -> str:
    """Our own servers beside each other: several processes, PostgreSQL."""
    workers = results.Scenario.read("workers", folder)
    rows = []
    for server in workers.servers:
        alone = server.removesuffix("_2").removesuffix("_4")
        cells = [BY_NAME[server].label]
        for rate in (200, 500):
            spent = workers.figure(server, f"cpu_ms@{rate}")
            base = workers.figure(alone, f"cpu_ms@{rate}")
            beside = workers.figure(server, f"beside_ms@{rate}")
            cells += [_or_dash(spent), _or_dash(spent and base and spent / base), _or_dash(beside)]
        rows.append(cells)
    head = ["", *("CPU ms per message, 200 per s", "to one process", "beside it"),
            *("at 500 per s", "to one process", "beside it")]  # fmt: skip
    return markdown(head, rows)


def reads(folder: Path = results.FOLDER) -> str:
    """The p95 of what a page asks for, at the largest history, beside what it may take."""
    found = results.Scenario.read("reads", folder)
    steps = [step for run in found.runs for step in run.get("steps", ())]
    newest = max((step["messages"] for step in steps), default=0)
    keys = dict.fromkeys(key for step in steps for key in step)
    names = [key.removesuffix(": p95") for key in keys if key.endswith(": p95")]
    rows = []
    for name in names:
        cells = [name]
        for server in ("flask_chat", "flask_chat_pg"):
            for figure in ("p50", "p95", "cpu"):
                cells.append(_or_dash(found.figure(server, f"{name}: {figure}@{newest}")))
        cells.append(_or_dash(found.figure("flask_chat", f"{name}: statements@{newest}")))
        rows.append(cells)
    head = ["", *(f"{kind} {figure}" for kind in ("SQLite", "PostgreSQL")
                  for figure in ("p50", "p95", "CPU")), "statements"]  # fmt: skip
    return markdown(head, rows)


def versions_measured(folder: Path = results.FOLDER) -> str:
    """The machine and the versions of everything."""
    kept = results.kept("connect", folder)
    lines = [f"- Machine: {kept['machine']}."]
    for group, of in kept["versions"].items():
        lines.append(
            f"- {group}: " + ", ".join(f"{name} {version}" for name, version in of.items())
        )
    return "\n".join(lines) + "\n"


def runs_counted(folder: Path = results.FOLDER) -> str:
    """How often each was measured, when, and which of our commits."""
    rows = []
    for file in sorted(folder.glob("*.json")):
        runs = results.Scenario.read(file.stem, folder).runs
        commits = dict.fromkeys(run["commit"] for run in runs if run["commit"])
        ours = sum(run["server"] == OURS for run in runs)
        rows.append([file.stem, str(ours), runs[0]["at"], runs[-1]["at"], ", ".join(commits)])
    return markdown(["scenario", "runs of ours", "first", "last (UTC)", "commits"], rows)


def number(value: float) -> str:
    """Three digits that count."""
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"


def _or_dash(value: float | None) -> str:
    return "–" if value is None else number(value)


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


TABLES: dict[str, Callable[[], str]] = {
    "measured": measured,
    "measured-before": compared,
    "measured-variants": variants,
    "measured-reads": reads,
    "measured-versions": versions_measured,
    "measured-runs": runs_counted,
}

if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else results.FOLDER
    print(measured(place), variants(place), reads(place), sep="\n")
