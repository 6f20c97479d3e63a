"""Past one machine, on paper: what many sockets and many messages would need.

Everything is computed from what was measured (``results/``) and from the assumptions below;
``python -m benchmarks.scaling`` prints the tables of ``docs/scaling.md``. Paper is patient: a
figure here says which part gives way first, and not what a cluster would really do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import results
from .scenarios.idle import COUNTED
from .table import markdown, number

#: How full a processor may be kept: what comes in waves needs room.
FULL = 0.6
#: Sockets that hear a message, tabs and devices together.
LISTENERS = 10
#: A socket is opened anew at least so often (``CHAT_SOCKET_MAX_AGE``).
AGE_SECONDS = 900
#: How soon all are to be back after everything was restarted at once.
BACK_SECONDS = 120
#: The most one process is given, whatever it could do (``CHAT_SOCKETS_PER_WORKER`` and memory).
SOCKETS_PER_WORKER = 20_000


@dataclass(frozen=True)
class Constants:
    """What one of each costs, in seconds of a processor; memory in KiB."""

    handshake: float
    silence: float  # of a socket, per second
    message: float  # in the process that takes it, alone on the bus, with those that come beside it
    reading: float  # an entry of the bus, in each other process
    delivery: float
    postgres: float  # per message, all its processes
    redis: float  # per message and process that reads it
    socket_kib: float

    @classmethod
    def measured(cls, folder: Path = results.FOLDER) -> Constants:
        """From the results, each the median of its runs.

        Two and four processes were given the same messages: what four spend more is what two more
        had to read.
        """
        kept = {name: results.Scenario.read(name, folder) for name in ("connect", "idle", "fanout")}
        workers = results.Scenario.read("workers", folder)
        _, kib = kept["idle"].curve("flask_chat", "kib")[-1]

        def spent(server: str, figure: str) -> float:
            return (workers.figure(server, f"{figure}@500") or math.nan) / 1e3

        two, four = spent("flask_chat_pg_2", "cpu_ms"), spent("flask_chat_pg_4", "cpu_ms")
        # Whoever takes a message at this pace has others to take with it: half of them each.
        reading = max(0.0, (four - two) / 2)
        beside = spent("flask_chat_pg", "beside_ms")
        return cls(
            handshake=(kept["connect"].figure("flask_chat", "cpu_ms") or math.nan) / 1e3,
            silence=(kept["idle"].figure("flask_chat", "cpu_ms_per_s") or math.nan) / 1e3 / COUNTED,
            message=max(spent("flask_chat_pg", "cpu_ms"), two - reading),
            reading=reading,
            delivery=(kept["fanout"].figure("flask_chat", "cpu_us@100") or math.nan) / 1e6,
            postgres=beside,
            redis=max(0.0, spent("flask_chat_pg_2", "beside_ms") - beside) / 2,
            socket_kib=kib,
        )


@dataclass(frozen=True)
class Load:
    """What is asked for: sockets that are open, messages per second."""

    sockets: int
    messages: int


LOADS = [Load(10_000, 200), Load(100_000, 2_000), Load(1_000_000, 5_000), Load(1_000_000, 50_000)]


@dataclass(frozen=True)
class Need:
    """What a load takes; ``workers`` is infinite where no number of them is enough."""

    workers: float
    reading_share: float  # of each worker's time goes to entries that others published
    postgres: float
    redis: float
    memory_gib: float
    back_seconds: float


def need(load: Load, one: Constants, *, is_addressed: bool = False) -> Need:
    """What this load takes.

    :param is_addressed: an entry is read only by the processes that have somebody to tell, and not
        by all; what ``docs/scaling.md`` proposes for the second step.
    """
    own = (
        load.sockets * (one.silence + one.handshake / AGE_SECONDS)
        + load.messages * (one.message + LISTENERS * one.delivery)
    )  # fmt: skip
    if is_addressed:
        workers = math.ceil((own + load.messages * LISTENERS * one.reading) / FULL)
        readers = min(LISTENERS, workers)
    else:
        room = FULL - load.messages * one.reading
        workers = math.ceil(own / room) if room > 0 else math.inf
        readers = workers
    by_sockets = math.ceil(load.sockets / SOCKETS_PER_WORKER)
    by_return = math.ceil(load.sockets * one.handshake / BACK_SECONDS)
    workers = max(workers, by_sockets, by_return)
    readers = min(readers, workers) if is_addressed else workers
    return Need(
        workers=workers,
        reading_share=load.messages * one.reading * (readers / workers if is_addressed else 1),
        postgres=load.messages * one.postgres / FULL,
        redis=load.messages * one.redis * readers / FULL,
        memory_gib=load.sockets * one.socket_kib / 2**20,
        back_seconds=load.sockets * one.handshake / workers,
    )


def constants() -> str:
    """The measured constants, as a table."""
    one = Constants.measured()
    rows = [
        ["a handshake", f"{one.handshake * 1e3:.2f} ms", "connect"],
        ["an idle socket", f"{one.silence * 1e6:.2f} µs per s, {one.socket_kib:.1f} KiB", "idle"],
        ["a message, in the process that takes it", f"{one.message * 1e3:.2f} ms",
         "workers, PostgreSQL, 500 per s"],
        ["its entry, in each process that reads it", f"{one.reading * 1e6:.0f} µs",
         "workers, four processes less two"],
        ["a delivery", f"{one.delivery * 1e6:.1f} µs", "fanout, group of 100"],
        ["a message, in PostgreSQL", f"{one.postgres * 1e3:.2f} ms", "workers, beside it"],
        ["its entry, in Redis, for each reader", f"{one.redis * 1e6:.0f} µs",
         "workers, two processes less one"],
    ]  # fmt: skip
    return markdown(["One of", "costs", "from"], rows)


def needs() -> str:
    """What the loads take, with the bus as it is, and with entries that are addressed."""
    one = Constants.measured()
    rows = []
    for load in LOADS:
        for is_addressed in (False, True):
            found = need(load, one, is_addressed=is_addressed)
            rows.append([
                number(load.sockets), number(load.messages),
                "addressed" if is_addressed else "one stream",
                "no number is enough" if math.isinf(found.workers) else number(found.workers),
                f"{found.reading_share:.0%}",
                _cores(found.postgres), _cores(found.redis), f"{found.memory_gib:.1f} GiB",
                "–" if math.isinf(found.workers) else f"{found.back_seconds:.0f} s",
            ])  # fmt: skip
    return markdown(
        ["Sockets", "Messages per s", "Bus", "Workers", "of each for reading", "PostgreSQL, cores",
         "Redis, cores", "Memory of the sockets", "All back after"], rows,
    )  # fmt: skip


def limits() -> str:
    """Where each part gives way, with the bus as it is."""
    one = Constants.measured()
    spent = one.message + LISTENERS * one.delivery
    rows = [
        ["one worker, direct messages only", f"{number(FULL / spent)} messages per s"],
        ["one worker, silence only", f"{number(FULL / one.silence)} sockets by processor time"],
        [
            "one stream: half of every worker reads",
            f"{number(FULL / 2 / one.reading)} messages per s",
        ],
        ["one stream: no worker can follow", f"{number(FULL / one.reading)} messages per s"],
        ["Redis on one core, 10 workers", f"{number(FULL / (10 * one.redis))} messages per s"],
        ["PostgreSQL on 16 cores", f"{number(16 * FULL / one.postgres)} messages per s"],
    ]
    return markdown(["What gives way", "at"], rows)


def _cores(value: float) -> str:
    return "–" if math.isinf(value) else number(max(value, 0.01))


TABLES: dict[str, Callable[[], str]] = {
    "scaling-constants": constants,
    "scaling-limits": limits,
    "scaling-needs": needs,
}

if __name__ == "__main__":
    print(constants(), limits(), needs(), sep="\n")
