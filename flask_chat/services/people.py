"""People: the directory of whom somebody may write to, and how authors and members are shown."""

from __future__ import annotations

import base64
import binascii
import heapq
import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any, TypedDict

from ..current import Identity, chat
from ..database import reading
from ..errors import Invalid, Unauthorized
from ..host import Person
from ..schemas import PERSON

# As static/state/folding.js has them: in other scripts such marks are letters.
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l"})


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
    words, place = _folded(q).split(), _read_cursor(after)
    names = chat.host.contact_names(acting_user(identity))
    folded = ((_folded(name), str(key), key) for key, name in names)
    found = (at for at in folded if all(word in at[0] for word in words))
    places = heapq.nsmallest(limit + 1, (at for at in found if place is None or at[:2] > place))
    page = places[:limit]
    shown = chat.host.load([key for *_, key in page], only_active=True)
    return {
        "people": [PERSON.write(shown[key]) for *_, key in page if key in shown],
        "next": _cursor(page[-1][:2]) if len(places) > limit else None,
    }


def _folded(text: str) -> str:
    """A name without case, accents, vowel signs of Arabic and Hebrew, and forms of letters."""
    if text.isascii():
        return text.casefold()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return plain.translate(_LETTERS)


def _cursor(place: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[str, str] | None:
    if cursor is None:
        return None
    try:
        name, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError, binascii.Error):
        raise Invalid(fields={"after": ["Is not a cursor of this list."]}) from None
    return str(name), str(key)
