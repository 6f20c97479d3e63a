"""Copies of the hosts without the chat, and processes that live among them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

from tests.hosts.roll import APPS

_PREFACE = """\
import importlib, os, sys
from pathlib import Path

def visit(name, app, fills):
    host = importlib.import_module(name)
    app = host.create_app() if app == "create_app" else getattr(host, app)
    app = getattr(host, "apps", [app])[0]
    if fills:
        with app.app_context():
            host.fill()
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert client.get("/login").status_code == 200
    for file in Path(".").glob("x.db*"):
        file.unlink()
    print(name.rpartition(".")[2])
"""


def lines_of(file: Path) -> list[str]:
    """The code of a host without what it says of itself."""
    text = file.read_text(encoding="utf-8")
    description = ast.parse(text).body[0].end_lineno
    return text.splitlines(keepends=True)[description:]


def is_ours(line: str) -> bool:
    """Whether it is there for the chat."""
    return "chat" in line.lower() and "of the host" not in line


def take_out(folder: Path) -> str:
    """Put every host into this folder, as it was before the chat came; where Python finds them."""
    apps = folder / "tests" / "hosts" / "apps"
    apps.mkdir(parents=True)
    for file in APPS.glob("*.py"):
        lines = [_without(line) for line in lines_of(file)]
        (apps / file.name).write_text("".join(lines), encoding="utf-8")
    return str(folder)


def _without(line: str) -> str:
    for call in ("{{ chat_widget() }}", "[[ chat_widget() ]]"):
        line = line.replace(call, "")  # in a template only the one expression goes
    return "" if is_ours(line) else line


def visit(folder: Path, *statements: str, path: str, database: str = "") -> str:
    """Run these in a process that begins in this folder; what it printed.

    :param path: where Python finds the hosts.
    :param database: where their rows are, if not in a file of this folder.
    """
    where = database or f"sqlite:///{folder}/x.db"
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join([_PREFACE, *statements])],
        cwd=folder,
        env={
            **os.environ,
            "DATABASE_URL": where,
            "PYTHONPATH": path,
        },
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
