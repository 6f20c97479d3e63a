"""People: the directory of whom somebody may write to, and how authors and members are shown."""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from collections.abc import Collection, Mapping
from typing import Any, TypedDict

from ..current import Identity, chat
from ..database import reading
from ..errors import Invalid, Unauthorized
from ..host import Person
from ..schemas import PERSON


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

    :param q: part of a name, in any case and script.
    :param after: the ``next`` of the page before.
    """
    wanted, place = q.strip().casefold(), _read_cursor(after)
    names = chat.host.contact_names(acting_user(identity))
    folded = ((name.casefold(), str(key), key) for key, name in names)
    places = heapq.nsmallest(
        limit + 1,
        (at for at in folded if wanted in at[0] and (place is None or at[:2] > place)),
    )
    page = places[:limit]
    shown = chat.host.load([key for *_, key in page], only_active=True)
    return {
        "people": [PERSON.write(shown[key]) for *_, key in page if key in shown],
        "next": _cursor(page[-1][:2]) if len(places) > limit else None,
    }


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
