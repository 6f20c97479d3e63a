"""``supervision``: who is in other people's conversations by a rule of the host's."""

from __future__ import annotations

from typing import Any

import click

from ..services import supervision as rules
from .group import as_json, command, show, table

_RULES = {"rule": "Rule", "conversations": "Conversations", "reason": "Reason"}
_PEOPLE = {"conversation": "Conversation", "user": "Id", "name": "Name"}


@command("supervision")
@click.argument("rule", required=False)
@as_json
def supervision(rule: str | None, as_json: bool) -> None:
    """List the rules of supervision, or who is in which conversation by RULE."""
    found: Any = rules.count() if rule is None else rules.list_watched(rule)
    columns = _RULES if rule is None else _PEOPLE
    show(found, as_json=as_json, text=lambda: table(found, columns))
