"""A view for tests only: what a server's inside looks like, seen from outside."""

from __future__ import annotations

import atexit
import gc
import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, jsonify, request
from sqlalchemy import event
from sqlalchemy.engine import Engine

from flask_chat.current import EXTENSION
from tests.support.served import lossy


def settings() -> dict[str, Any]:
    """What the test wants set."""
    found: dict[str, Any] = json.loads(os.environ.get("HOST_SETTINGS", "{}"))
    return found


_statements = Counter[str]()


@event.listens_for(Engine, "before_cursor_execute")
def _count(*_: Any) -> None:
    if has_request_context() and request.path.startswith("/chat/"):
        _statements["chat"] += 1


def attach(app: Flask, db: Any) -> None:
    """Add ``/inside``, which asks nobody who they are and nothing of the database; and a bus that
    loses, where the environment wants one."""
    if seed := app.config.get("LOSSY_BUS") or os.environ.get("LOSSY_BUS"):
        lossy.attach(app, seed)
    atexit.register(_close_the_pool, app, db)

    @app.get("/inside")
    def inside() -> Any:
        pool = db.engine.pool
        return jsonify(
            pid=os.getpid(),
            checkedout=pool.checkedout() if hasattr(pool, "checkedout") else None,
            sockets=len(app.extensions[EXTENSION].sockets.hub),
            opened=app.extensions[EXTENSION].counts.read()["sockets_opened"],
            statements=_statements["chat"],
            greenlets=_greenlets(),
            threads=threading.active_count(),
            resident_kb=_resident_kb(),
        )


def _close_the_pool(app: Flask, db: Any) -> None:
    """psycopg complains of connections that a process leaves open in its pool when it ends; what
    it says of one that was never given back is worth hearing."""
    with app.app_context():
        db.engine.dispose()


def _greenlets() -> int:
    from greenlet import greenlet

    return sum(isinstance(found, greenlet) and not found.dead for found in gc.get_objects())


def _resident_kb() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0])
