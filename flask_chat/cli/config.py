"""``config``: every setting, its value here, and what it means."""

from __future__ import annotations

import click

from ..config import SETTINGS
from ..current import chat
from .group import as_json, command, show


@command("config")
@as_json
def config(as_json: bool) -> None:
    """Show every CHAT_* setting, its value here and its meaning."""
    rows = [
        {
            "name": setting.name,
            "value": _plain(getattr(chat.config, setting.attribute)),
            "default": _plain(setting.default),
            "set": setting.name in chat.config.given,
            "unit": setting.unit,
            "meaning": setting.meaning,
        }
        for setting in SETTINGS
    ]

    def text() -> None:
        for row in rows:
            unit = f" {row['unit']}" if row["unit"] else ""
            mark = click.style("  (set here)", fg="green") if row["set"] else ""
            click.echo(click.style(str(row["name"]), bold=True) + f" = {row['value']}{unit}{mark}")
            click.echo(f"    {row['meaning']}")

    show(rows, as_json=as_json, text=text)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset | tuple) else value
