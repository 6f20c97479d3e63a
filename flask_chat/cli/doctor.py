"""``doctor``: whether the chat can work in this app, and what to do where it cannot."""

from __future__ import annotations

import click

from .checks import CHECKS
from .findings import FAIL, WARN
from .group import as_json, command, show

_COLOURS = {FAIL: "red", WARN: "yellow"}


@command("doctor")
@as_json
def doctor(as_json: bool) -> None:
    """Examine the app, its database and its server; exit code 1 if anything cannot work.

    Asks the app itself for some of the chat's pages, in this process and without a login, so the
    host's own before_request is run.
    """
    findings = [finding for check in CHECKS for finding in check()]

    def text() -> None:
        for finding in findings:
            mark = click.style(f"{finding.level:5}", fg=_COLOURS.get(finding.level, "green"))
            click.echo(f"{mark} {finding.name:11} {finding.found}")
            if finding.do:
                click.echo(f"      {'':11} -> {finding.do}")

    show([finding._asdict() for finding in findings], as_json=as_json, text=text)
    if any(finding.level == FAIL for finding in findings):
        raise SystemExit(1)
