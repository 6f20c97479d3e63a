"""``quiet``: whose rest it is now, and what waits for its end."""

from __future__ import annotations

import click

from ..services import releasing
from .group import as_json, command, dry_run, show, table

_RULES = {"rule": "Rule", "state": "State", "opens": "Opens", "reason": "Reason"}


@command("quiet")
@click.option("--release", is_flag=True, help="Send what is held no longer.")
@as_json
@dry_run
def quiet(release: bool, as_json: bool, dry_run: bool) -> None:
    """List the quiet hours, whether they are open, and how many messages wait."""
    sent = releasing.review() if release and not dry_run else 0
    found = {**releasing.describe(), "sent": sent}

    def text() -> None:
        rows = [{**rule, "state": "open" if rule["open"] else "closed"} for rule in found["rules"]]
        table(rows, _RULES)
        click.echo(
            f"{found['waiting']} waiting, {found['refused']} refused; "
            f"the next is due {found['next'] or 'at no known time'}."
        )
        if release:
            click.echo(f"Sent {sent}.")

    show(found, as_json=as_json, text=text)
