"""The directory over REST."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import Identity
from ..services import people
from .blueprint import api


@api(
    "/people",
    "GET",
    query=schemas.PEOPLE_QUERY,
    gives={"people": [schemas.PERSON], "next": str | None},
)
def list_people(identity: Identity, **query: Any) -> Any:
    """The people one may write to, by name."""
    return people.list_people(identity, **query)
