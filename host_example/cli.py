"""The school's own commands: ``flask --app host_example seed``."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import with_appcontext

from host_example import seed


def init_app(app: Flask) -> None:
    app.cli.add_command(seed_command)


@click.command("seed")
@with_appcontext
def seed_command() -> None:
    """Create the tables and move the demo people in; does nothing the second time."""
    done = seed.ensure()
    click.echo("The demo school is ready." if done else "The demo school was there already.")
