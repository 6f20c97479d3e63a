"""One client's life, recorded: what it loaded, what it was sent, what it would load now."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask_chat.events import Entry
from tests.support.hosts import Host, Person

ROOT = Path(__file__).parents[2]
RUNNER = Path(__file__).with_name("replay.js")


class Node:
    """Runs the widget's modules, for as long as the tests last."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(RUNNER)], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def replay(self, life: dict[str, Any]) -> dict[str, Any]:
        """What the client shows at the end: ``lived``, ``fresh``, and what it ``asked`` for."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(life) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "node has ended; its complaint stands above"
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(10)


def record(host: Host, person: Person, act: Callable[[], Any]) -> dict[str, Any]:
    """Let a client of this person live through something, on paper.

    :returns: what :meth:`Node.replay` takes.
    """
    boot, before = _answer(host, person, "GET", "/session"), _answers(host, person)
    with host.talk.events() as carried:
        act()
    return {
        "boot": boot,
        "before": before,
        "frames": list(_heard_by(person, carried)),
        "after": _answers(host, person),
    }


def _heard_by(person: Person, entries: Iterable[Entry]) -> Iterable[dict[str, Any]]:
    for entry in entries:
        if person.id in entry.audience.people:
            yield json.loads(entry.frame)


def _answers(host: Host, person: Person) -> dict[str, Any]:
    """Whatever the server would say to this person now."""
    sync = _answer(host, person, "POST", "/sync", {"known": {}, "limit": 200})
    paths: dict[str, Any] = {}
    for head in sync["conversations"]:
        path = f"/conversations/{head['id']}"
        paths[path] = {"conversation": head}
        for below in ("/members", "/messages?limit=100", "/changes?after=0&limit=500"):
            paths[(path + below).partition("?")[0]] = _answer(host, person, "GET", path + below)
    return {"sync": sync, "epoch": sync["epoch"], "paths": paths}


def _answer(host: Host, person: Person, method: str, path: str, values: Any = None) -> Any:
    return host.client(person).open(f"/chat/api{path}", method=method, json=values).get_json()
