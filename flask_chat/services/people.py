"""People: the directory of whom somebody may write to, and how authors and members are shown."""

from __future__ import annotations

import base64
import heapq
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import Select

from ..current import Identity, chat
from ..database import reading
from ..errors import Invalid, Unauthorized
from ..host import Person
from ..schemas import PERSON

# As static/state/folding.js has them: in other scripts such marks are letters.
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")


class Directory(TypedDict):
    people: list[dict[str, Any]]
    next: str | None


def acting_user(identity: Identity) -> Any:
    """The host's user who is acting.

    :raises Unauthorized: if they were deleted or deactivated since they signed in.
    """
    user = chat.host.active_user(identity)
    if user is None:
        raise Unauthorized()
    return user


def persons(keys: Collection[Any]) -> Mapping[Any, Person]:
    """How these people are shown; those the host has deleted are left out."""
    return chat.host.load({key for key in keys if key is not None})


@reading
def myself(identity: Identity) -> dict[str, Any]:
    """The person who is signed in, as others see them.

    :raises Unauthorized: if they may no longer sign in.
    """
    person: dict[str, Any] = PERSON.dump(chat.host.person(acting_user(identity)))
    return person


@reading
def names_of(users: Collection[str]) -> dict[str, str]:
    """What the people with these public ids are called; for an administrator's eyes."""
    found = persons([chat.host.parse_key(user) for user in users])
    return {person.id: person.name for person in found.values()}


@reading
def list_people(identity: Identity, *, q: str, after: str | None, limit: int) -> Directory:
    """A page of the people this person may write to, by name; inactive ones are left out.

    :param q: words that are all in the name, in any order, case and script, with accents or
        without.
    :param after: the ``next`` of the page before.
    """
    return page_of(chat.host.contact_names(acting_user(identity)), q=q, after=after, limit=limit)


def page_of(names: Mapping[Any, str], *, q: str, after: str | None, limit: int) -> Directory:
    """A page of these people, as :func:`list_people` gives it.

    :param names: what they are called, by key.
    """
    place = _read_place(after)
    found = _called(q, names)
    all_places = ((name, str(key), key) for name, key in found)
    behind = all_places if place is None else (at for at in all_places if at[:2] > place)
    places = heapq.nsmallest(limit + 1, behind)
    page = places[:limit]
    shown = chat.host.load([key for *_, key in page], only_active=True)
    return {
        "people": [PERSON.write(shown[key]) for *_, key in page if key in shown],
        "next": write_cursor(page[-1][:2]) if len(places) > limit else None,
    }


def called(q: str, keys: Select[tuple[Any]]) -> set[Any]:
    """Those of these people (a query for their keys) whose names have all these words."""
    return {key for _, key in _called(q, chat.host.names(keys))}


def _called(q: str, people: Mapping[Any, str]) -> Iterable[tuple[str, Any]]:
    """Folded name and key of those whose names have all the words of ``q``."""
    found: Iterable[tuple[str, Any]] = zip(_all_folded([*people.values()]), people, strict=True)
    for word in _folded(q).split():
        found = [(name, key) for name, key in found if word in name]
    return found


def _all_folded(names: Sequence[str]) -> list[str]:
    """Folded as one text: ten thousand, one after the other, take four times as long."""
    folded = _folded("\n".join(names)).split("\n")
    return folded if len(folded) == len(names) else [_folded(name) for name in names]


def _folded(text: str) -> str:
    """A name without case, accents, vowel signs of Arabic and Hebrew, and forms of letters."""
    if text.isascii():
        return text.casefold()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return plain.replace("ø", "o").replace("ł", "l")


def write_cursor(place: Sequence[Any]) -> str:
    """Where a page ends, as opaque text."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def read_cursor(cursor: str) -> Any:
    """What :func:`write_cursor` was given.

    :raises ValueError: if it is none of ours.
    """
    return json.loads(base64.urlsafe_b64decode(cursor.encode()))


def _read_place(cursor: str | None) -> tuple[str, str] | None:
    if cursor is None:
        return None
    try:
        name, key = read_cursor(cursor)
    except (ValueError, TypeError):
        raise Invalid(fields={"after": ["Is not a cursor of this list."]}) from None
    return str(name), str(key)
