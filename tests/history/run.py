"""One run: people write and read while things break; then everything must be there.

What breaks, when, and who writes where is drawn from a seed. Processes and threads take their own
time, so a seed repeats the plan of a run, not its every interleaving.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.history import cluster
from tests.history.cluster import Cluster
from tests.history.people import Reader, Record, Visitor, Writer
from tests.simulation.model import Frame
from tests.support.clients import Browser, hang_up_all

WRITERS, READERS = 4, 3
SETTLE_SECONDS = 45


@dataclass
class Report:
    """What a run has come to.

    :ivar problems: empty, if all is well.
    """

    seed: str
    seconds: float
    messages: int = 0
    repeated: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    resyncs: int = 0
    connections: int = 0
    worst_delay: float = 0.0
    worst_case: str = ""
    usual_delay: float = 0.0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        faults = ", ".join(f"{count} {name}" for name, count in sorted(self.faults.items()))
        lines = [
            f"{self.seconds:.0f} s, {self.messages} messages acknowledged; {faults or 'no fault'}",
            f"readers: {self.connections} connections, {self.resyncs} resyncs; seen after "
            f"{self.usual_delay * 1000:.0f} ms usually, {self.worst_delay:.1f} s at worst",
            f"the worst: {self.worst_case}",
            f"seed {self.seed}",
        ]
        return "\n".join([*lines, *(f"PROBLEM: {problem}" for problem in self.problems)])


def run(
    folder: Path, *, seconds: float, seed: str, workers: int = 3, pause: float = 0.15,
    breaks: bool = True, lossy: bool = False,
) -> Report:  # fmt: skip
    """Let people talk for so long while things break, then look whether all is there.

    :param pause: between two messages of one writer, about.
    :param breaks: whether anything is broken at all.
    :param lossy: whether the bus drops, doubles, delays and reorders one entry in ten.
    """
    with (
        cluster.running(folder, workers=workers, lossy=seed if lossy else "") as site,
        ExitStack() as left_open,
    ):
        left_open.callback(hang_up_all)
        play = _Play(site, seed, pause)
        play.begin()
        begun = time.monotonic()
        play.last(seconds, breaks)
        faults = Counter(name for _, name in play.broken)
        report = Report(seed, time.monotonic() - begun, faults=faults)
        play.settle(report)
        _judge(play, report, begun)
        return report


class _Play:
    """Who takes part in one run."""

    def __init__(self, site: Cluster, seed: str, pause: float) -> None:
        self._site = site
        self._choice = random.Random(seed)
        self.record = Record()
        self.broken: list[tuple[float, str]] = []  # when (monotonic), and what
        names = range(1, WRITERS + READERS + 1)
        people = [Browser(site.server).sign_in(str(name)) for name in names]
        *self._people, self._guest = people
        owner = people[0]
        all_of_us = owner.group("All of us", *people[1:])
        without_guest = owner.group("Without the guest", *people[1:-1])
        self.changing = owner.group("The guest comes and goes", *people[1:])
        self.secret = without_guest
        rooms = [all_of_us, without_guest, self.changing]
        self.writers = [Writer(one, rooms, self.record, seed, pause) for one in people[:WRITERS]]
        self.readers = [Reader(one, self.record) for one in people[WRITERS - 1 : -1]]
        self.readers.append(Reader(self._guest, self.record, keeps_frames=True))
        self.visitor = Visitor(owner, self.changing, self._guest.id, self.record)

    def begin(self) -> None:
        for actor in (*self.readers, *self.writers, self.visitor):
            actor.start()

    def last(self, seconds: float, breaks: bool) -> None:
        """Break something every few seconds; end with everything standing."""
        end = time.monotonic() + seconds
        faults = [self._site.kill_worker, self._site.kill_redis, self._site.cut_database]
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, self._choice.uniform(0.5, 2.0)))
            if breaks:
                self.broken.append((time.monotonic(), self._choice.choice(faults)(self._choice)))
                time.sleep(self._choice.uniform(0, 1))
                self._site.start_redis()
        for actor in (*self.writers, self.visitor):
            actor.end()

    def settle(self, report: Report) -> None:
        """Nobody writes any more: every reader comes to see everything, by itself."""
        deadline = time.monotonic() + SETTLE_SECONDS
        differing = self.readers
        while differing and time.monotonic() < deadline:
            time.sleep(0.5)
            differing = [one for one in differing if one.view() != self._fresh(one)]
        for one in differing:
            report.problems.append(f"{one.name} does not see everything: {self._what(one)}")
        for one in self.readers:
            one.end()
        self._check_stored(report)
        report.resyncs = sum(one.resyncs for one in self.readers)
        report.connections = sum(one.connections for one in self.readers)

    def _fresh(self, reader: Reader) -> dict[str, Any]:
        fresh = Reader(reader.browser, Record())
        fresh.sync()
        return fresh.view()

    def _what(self, reader: Reader) -> str:
        seen, there = reader.view(), self._fresh(reader)
        found = []
        for key in seen.keys() | there.keys():
            one, other = seen.get(key) or {}, there.get(key) or {}
            parts = [part for part in {**one, **other} if one.get(part) != other.get(part)]
            if parts:
                counts = len(one.get("messages", [])), len(other.get("messages", []))
                state = reader.conversations.get(key)
                at = (state.last, state.reached, state.is_behind) if state else None
                found.append(f"{key}: {parts}, messages {counts}, at {at}")
        return "; ".join(found)

    def _check_stored(self, report: Report) -> None:
        """Acknowledged means there, once; the numbers have no gap."""
        writer = Reader(self._people[0], Record())
        writer.sync()
        stored: Counter[str] = Counter()
        for key, conversation in writer.conversations.items():
            seqs = sorted(conversation.rows)
            if seqs != list(range(1, len(seqs) + 1)):
                report.problems.append(f"conversation {key} has a gap in its numbers")
            stored.update(row["client_id"] for row in conversation.rows.values())
        for sent in self.record.sent:
            if sent.acknowledged is not None and stored[sent.client_id] != 1:
                times = stored[sent.client_id]
                report.problems.append(f"{sent.client_id} was acknowledged, is there {times} times")
        self._check_leaks(report)

    def _check_leaks(self, report: Report) -> None:
        """The guest hears nothing of what others say without them."""
        for moment, _, frame in self.record.heard:
            if frame.get("conversation") == self.secret:
                report.problems.append(f"the guest heard of a foreign conversation: {frame}")
            if frame["type"] == "message.posted" and self._was_away(frame):
                report.problems.append(f"the guest heard, while away, at {moment}: {frame}")

    def _was_away(self, frame: Frame) -> bool:
        """Whether this message was surely stored while the guest was out."""
        mark = frame["data"]["client_id"]
        sent = next(one for one in self.record.sent if one.client_id == mark)
        if frame["conversation"] != self.changing or sent.acknowledged is None:
            return False
        return any(
            away.left < sent.begun and sent.acknowledged < away.returning
            for away in self.record.absences
        )

    def could_be_seen(self, reader: str, conversation: str, acknowledged: float) -> float:
        """Since when a reader could have seen a message: the guest not while they were out."""
        if (reader, conversation) != (self._guest.id, self.changing):
            return acknowledged
        ends = [
            away.returned
            for away in self.record.absences
            if away.leaving < acknowledged < away.returned
        ]
        return max(ends, default=acknowledged)


def _judge(play: _Play, report: Report, begun: float) -> None:
    """Add what can be counted."""
    record = play.record
    report.problems += record.problems
    report.messages = sum(sent.acknowledged is not None for sent in record.sent)
    acknowledged = {sent.client_id: sent.acknowledged for sent in record.sent}
    # Of whoever had a socket; one that has none cannot be told.
    delays = sorted(
        (
            max(0.0, seen - max(play.could_be_seen(reader, room, moment), greeted)),
            seen,
            reader,
            room,
            mark,
        )
        for (reader, room, mark), (seen, greeted) in record.seen.items()
        if (moment := acknowledged.get(mark)) is not None
    )
    if not delays:
        return
    report.usual_delay, report.worst_delay = delays[len(delays) // 2][0], delays[-1][0]
    delay, seen, reader, room, mark = delays[-1]
    meanwhile = Counter(name for at, name in play.broken if seen - delay - 2 < at < seen)
    report.worst_case = (
        f"{mark} in {room} at reader {reader}, {seen - begun:.1f} s into the run; from two seconds "
        f"before it on: {', '.join(f'{n} {name}' for name, n in sorted(meanwhile.items())) or '-'}"
    )
