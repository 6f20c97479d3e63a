"""Processes under measurement: started on one processor, watched through /proc, ended by us."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
START_SECONDS, END_SECONDS = 60, 10


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def pin(processor: int, pid: int = 0) -> None:
    """Keep a process (this one by default) on one processor, where there is more than one."""
    with contextlib.suppress(OSError):
        os.sched_setaffinity(pid, {processor})


class Process:
    """A program that serves a port, with all its children."""

    def __init__(
        self,
        command: Sequence[str],
        port: int,
        *,
        processor: int,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
    ) -> None:
        self.port = port
        self._log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                ["taskset", "-c", str(processor), *command],
                env={**os.environ, **environment}, cwd=folder,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
        self.pid = self._process.pid

    def wait_until_it_serves(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.05)
        raise RuntimeError(f"it did not start:\n{self._log.read_text(errors='replace')[-2000:]}")

    def end(self) -> None:
        """Ask it to end; take it away if it does not."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in reversed(family([self.pid])):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()


def family(pids: Iterable[int]) -> list[int]:
    """These processes and all their descendants."""
    found, waiting = [], list(pids)
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += map(int, children.read_text().split())
            found.append(pid)
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """What these processes and their descendants have spent, in user and kernel mode."""
    spent = 0
    for pid in family(pids):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def memory_kib(pids: Iterable[int]) -> float:
    """Their resident memory, in KiB."""
    pages = 0
    for pid in family(pids):
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * PAGE / 1024


def descriptors(pids: Iterable[int]) -> int:
    """How many files and sockets they have open."""
    number = 0
    for pid in family(pids):
        with contextlib.suppress(OSError):
            number += len(os.listdir(f"/proc/{pid}/fd"))
    return number


def machine_seconds() -> float:
    """What the whole machine has spent on anything."""
    with open("/proc/stat") as file:
        user, nice, system, _idle, _wait, *rest = map(int, file.readline().split()[1:9])
    return (user + nice + system + sum(rest)) / TICKS


def wait_for_quiet(seconds: float) -> None:
    """Until everything else takes less than a quarter of a processor, but not for ever."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = machine_seconds()
        time.sleep(1)
        if machine_seconds() - before < 0.25:
            return
