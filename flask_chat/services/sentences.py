"""What the chat itself says in a conversation, to each reader in their language.

Stored is what has happened and who took part; beside it, as the message's words, the English, for
whatever reads the table. What was stored before there was that, and what the host says, is read as
it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .. import language

#: By what has happened. ``by`` is the administrator where nobody is named.
TEXTS = {
    "opened": "{by} has written to the office.",
    "reopened_by_writing": "{by} has written again: reopened.",
    "woken_by_writing": "{by} has written: back in the queue.",
    "begun": "{by} has begun this conversation.",
    "answered": "{by} has answered and taken it.",
    "claimed": "{by} has taken it.",
    "assigned": "{by} has given it to {to}.",
    "returned": "{by} has put it back into the queue.",
    "transferred": "{by} has handed it over from {former} to {office}.",
    "snoozed": "{by} has put it off until {until}.",
    "closed": "{by} has closed it.",
    "reopened": "{by} has reopened it.",
    "woken": "The time has come: back in the queue.",
    "released": "{by} has left the office: back in the queue.",
    "administrator": "The administrator",
}


class Sentence(NamedTuple):
    """A sentence in English, and what it was made of.

    :ivar told: ``code``, one of :data:`TEXTS`, and what is ``named``: names, and moments in ISO
        format on the wall of the office.
    """

    body: str
    told: dict[str, Any]


def sentence(code: str, **named: str | datetime | None) -> Sentence:
    """What is to be said about what has happened.

    :param named: what the places of its text stand for.
    """
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in named.items()
    }
    body = TEXTS[code].format_map(_words(plain, TEXTS["administrator"]))
    return Sentence(body, {"code": code, "named": plain})


def spoken(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stored message, its words in the language of this request where they are ours."""
    told = row["told"]
    if told is None or told["code"] not in TEXTS or language.chosen() == language.ENGLISH:
        return row
    words = _words(told["named"], language.say(TEXTS["administrator"]))
    return {**row, "body": language.say(TEXTS[told["code"]], words)}


def all_texts() -> dict[str, str]:
    """The texts in the language of this request, for who fills them in."""
    return {code: language.say(text) for code, text in TEXTS.items()}


def _words(named: Mapping[str, str | None], administrator: str) -> dict[str, str]:
    return {
        name: administrator if value is None else _wall(value) if name == "until" else value
        for name, value in named.items()
    }


def _wall(moment: str) -> str:
    at = datetime.fromisoformat(moment)
    return f"{at:%Y-%m-%d, %H:%M}" + (" UTC" if at.tzinfo is UTC else "")
