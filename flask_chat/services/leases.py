"""Leases: a job that one process at a time may do.

``memory://`` reaches the sockets of one process only. The process that holds the lease serves
them; any other answers its sockets with 501 and its clients poll. Taken at the first socket, and
taken over at once from a process that is dead.
"""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import insert, select, update

from .. import database
from ..current import chat
from ..database import writing
from ..models.columns import utcnow

SOCKETS = "sockets"
RECONCILER = "reconciler"

#: A holder on another machine that was not seen for this long is taken for dead.
_SILENT = timedelta(seconds=30)


@writing
def take(name: str) -> bool:
    """Take or keep the lease; ``False`` if a living process holds it."""
    table = chat.models.Lease.__table__
    row = database.first(
        select(table, utcnow().label("now")).where(table.c.name == name).with_for_update()
    )
    mine = me(os.getpid())
    if row is None:
        database.execute(insert(table).values(name=name, holder=mine, seen_at=utcnow()))
        return True
    silent = row.now - row.seen_at > _SILENT
    # One that is stopped in the middle of things lives and looks for nobody; the sockets that it
    # holds are its own all the same.
    is_given_up = silent and name != SOCKETS
    if row.holder != mine and not is_given_up and _is_alive(row.holder, silent=silent):
        return False
    database.execute(
        update(table).where(table.c.name == name).values(holder=mine, seen_at=utcnow())
    )
    return True


@cache
def me(pid: int) -> str:
    """This process: machine and boot, number, and when it began (numbers are used again)."""
    return f"{_machine()}:{pid}:{_started(pid)}"


def _is_alive(holder: str, *, silent: bool) -> bool:
    machine, pid, started = holder.rsplit(":", 2)
    if machine != _machine():
        return not silent
    return _started(int(pid)) == started


def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        boot = ""
    return f"{socket.gethostname()}:{boot}"


def _started(pid: int) -> str:
    """When the process began, in ticks since the boot; "" for one that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() or not _exists(pid) else "?"
    fields = stat.rpartition(")")[2].split()
    # A zombie holds nothing any more.
    return "" if fields[0] == "Z" else fields[19]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
