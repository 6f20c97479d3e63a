"""Every host of the matrix, and what has to be known to visit it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

APPS = Path(__file__).parent / "apps"


@dataclass(frozen=True)
class Kept:
    """One host.

    :param files: where its lines are.
    :param people: the public ids of Ana and Ben, where they can be known.
    :param chat: the path of its chat.
    :param csrf: whether what changes anything needs a token.
    :param login: whether the host has Flask-Login, and so tells of sign-outs by itself.
    """

    name: str
    app: str = "app"
    files: tuple[str, ...] = ()
    people: tuple[str, ...] = ("1", "2")
    chat: str = "/chat"
    csrf: bool = False
    tells: bool = False
    threads: bool = False
    postgres: bool = False

    @property
    def module(self) -> str:
        return f"tests.hosts.apps.{self.name}:{self.app}"

    def sources(self) -> list[Path]:
        return [APPS / f"{name}.py" for name in self.files or (self.name,)]


EVERY = {
    host.name: host
    for host in (
        Kept("module_level", tells=True),
        Kept(
            "late_factory", app="create_app", files=("late_factory", "late_models"), people=(),
            csrf=True, tells=True,
        ),
        Kept(
            "methods", people=("01HZX3" + "A" * 20, "01HZX3" + "B" * 20), tells=True,
        ),
        Kept("guid_bind", people=()),
        Kept("schema", people=("ana+x@škola.example", "ben+x@škola.example"), postgres=True),
        Kept("own_csrf", csrf=True),
        Kept("strict_policy", csrf=True, tells=True),
        Kept("server_sessions", tells=True),
        Kept("two_models", tells=True),
        Kept("below_a_path", chat="/talk"),
        Kept("two_apps"),
        Kept("gatekeeper"),
        Kept("beside_socketio", threads=True),
        Kept("injected", tells=True),
        Kept("script_only", csrf=True, tells=True),
    )
}  # fmt: skip
