"""``purge`` and ``recount``: remove what is old, check the counters."""

from __future__ import annotations

import click

from ..services import maintenance
from .group import as_json, command, dry_run, progress, show, table


@command("purge")
@click.option(
    "--older-than",
    "days",
    type=click.FloatRange(min=0, min_open=True),
    required=True,
    metavar="DAYS",
    help="Remove messages that are older than this many days.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@dry_run
def purge(days: float, yes: bool, as_json: bool, dry_run: bool) -> None:
    """Remove old messages for good. May be stopped and run again at any point."""
    count = maintenance.count_older(days)
    if dry_run or not count:
        found = {"found": count, "removed": 0}
        show(found, as_json=as_json, text=lambda: _say_found(count, days))
        return
    if not yes:
        click.confirm(f"Remove {count} messages for good?", abort=True, err=True)
    with progress("Removing messages", length=count, hidden=as_json) as bar:
        removed = maintenance.purge(days, told=bar.update)
    done = {"found": count, "removed": removed}
    show(done, as_json=as_json, text=lambda: click.echo(f"Removed {removed} messages."))


def _say_found(count: int, days: float) -> None:
    click.echo(f"{count} messages are older than {days:g} days.")


@command("recount")
@click.option("--check", is_flag=True, help="Only look; exit code 1 if anything is wrong.")
@as_json
@dry_run
def recount(check: bool, as_json: bool, dry_run: bool) -> None:
    """Compare all counters with the messages, and repair them."""
    findings = maintenance.find_miscounts()
    only_look = check or dry_run
    if not only_look:
        wrong = {int(finding["conversation"]) for finding in findings}
        is_quiet = as_json or not wrong
        with progress("Repairing", iterable=sorted(wrong), hidden=is_quiet) as conversations:
            for conversation in conversations:
                maintenance.recount(conversation)
    left = findings if only_look else maintenance.find_miscounts()

    def text() -> None:
        if findings:
            table(findings, {"conversation": "Conversation", "problem": "Problem"})
        click.echo(
            "All counters agree with the messages."
            if not left
            else f"{len(left)} problems {'found' if only_look else 'left'}."
        )

    show({"found": findings, "left": left}, as_json=as_json, text=text)
    if left and check:
        raise SystemExit(1)
