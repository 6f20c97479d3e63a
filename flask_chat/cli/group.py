"""The group itself, and what its commands share: one way to print, one way to fail."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from .. import database
from ..current import Identity, chat
from ..errors import ChatError, NotFound
from ..schemas.fields import moment

group = AppGroup("chat", help="Maintain the chat.")

#: Versions of the tables: ``flask chat db …``.
db_group = AppGroup("db", help="Look after the versions of the chat's tables.")
group.add_command(db_group)

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")
dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")


def command(
    name: str, *, within: click.Group = group
) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of the group: with the app, transactions of our own, and our errors as one
    sentence and exit code 1."""

    def register(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            try:
                with database.context(current_app._get_current_object()):  # type: ignore[attr-defined]
                    return function(*args, **kwargs)
            except ChatError as problem:
                raise click.ClickException(problem.detail) from None

        made: click.Command = within.command(name)(with_appcontext(run))
        return made

    return register


def identity_of(public: str) -> Identity:
    """The person with this id, to act as.

    :raises NotFound: if there is none.
    """
    key = chat.host.parse_key(public)
    if chat.host.get(key) is None:
        raise NotFound(f"There is no person with the id {public}.")
    return Identity(public, key)


def show(values: Any, *, as_json: bool, text: Callable[[], None]) -> None:
    """Print the result: JSON if asked for, else as ``text`` prints it for people."""
    if as_json:
        click.echo(json.dumps(values, default=_plain, ensure_ascii=False, indent=2))
    else:
        text()


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Print rows under headings, each column as wide as it needs to be."""
    lines = [list(columns.values())]
    lines += [[str(row.get(name, "")) for name in columns] for row in rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    for place, line in enumerate(lines):
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo(click.style(text.rstrip(), bold=place == 0))


def _plain(value: Any) -> Any:
    if hasattr(value, "astimezone"):
        return moment(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    return str(value)


def progress(label: str, *, hidden: bool, **of: Any) -> Any:
    """A bar for those who wait, beside what the command answers.

    :param of: ``length`` or ``iterable``, as ``click.progressbar`` takes them.
    """
    # Its own `hidden` came with click 8.2; Flask 3.0 is content with 8.1.
    file = io.StringIO() if hidden else sys.stderr
    return click.progressbar(label=label, file=file, **of)
