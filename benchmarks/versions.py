"""Which versions of everything were measured, and on what machine."""

from __future__ import annotations

import functools
import json
import os
import platform
import re
import subprocess
from importlib import metadata
from pathlib import Path

from .servers import PYTHON, RIVALS, ROOT

OURS = (
    "Flask", "flask-sock", "Flask-SQLAlchemy", "SQLAlchemy", "gevent", "gunicorn", "psycopg",
    "redis",
)  # fmt: skip
THEIRS = (
    "Flask-SocketIO", "python-engineio", "simple-websocket", "fastapi", "uvicorn", "websockets",
    "Django", "channels", "channels_redis", "daphne", "SQLAlchemy", "redis",
)  # fmt: skip
ON_NODE = ("ws", "socket.io", "better-sqlite3")
LIST = """
import importlib.metadata, json, sys
print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))
"""


@functools.cache
def machine() -> str:
    """The processors, the memory, the kernel."""
    cpus = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    kernel = ".".join(platform.release().split(".")[:2])
    return (
        f"{len(cpus)} cores of {cpus[0] if cpus else 'unknown'}, {memory:.0f} GiB, Linux {kernel}"
    )


@functools.cache
def all_of_them() -> dict[str, dict[str, str]]:
    """Names and versions: ours, the rivals', the programs'."""
    return {
        "flask_chat": {name: metadata.version(name) for name in OURS},
        "rivals": _theirs() | _on_node(),
        "programs": {
            "Python": platform.python_version(),
            "Node": _said("node", "--version").removeprefix("v"),
            "Redis": _first(r"v=(\S+)", _said("redis-server", "--version")),
            "PostgreSQL": _first(r"([\d.]+)", _said("psql", "--version")),
        },
    }


def commit(root: Path) -> str:
    """The commit of a checkout, with a plus if it has been changed since."""
    named = _said("git", "-C", str(root), "rev-parse", "--short", "HEAD")
    changed = _said("git", "-C", str(root), "status", "--porcelain", "--", "flask_chat")
    return named + "+" * bool(changed)


def _theirs() -> dict[str, str]:
    if not PYTHON.exists():
        return {}
    return dict(json.loads(_said(str(PYTHON), "-c", LIST, *THEIRS)))


def _on_node() -> dict[str, str]:
    packages = {name: RIVALS / "node_modules" / name / "package.json" for name in ON_NODE}
    return {
        name: json.loads(file.read_text())["version"]
        for name, file in packages.items()
        if file.exists()
    }


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[1] if found else ""


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()
    except FileNotFoundError:
        return ""
