"""Members over REST."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import Identity
from ..services import members
from .blueprint import api


@api(
    "/conversations/<conversation>/members",
    "GET",
    query=schemas.MEMBERS_QUERY,
    gives={"members": [schemas.MEMBER], "next": str | None},
)
def list_members(identity: Identity, conversation: int, **query: Any) -> Any:
    """Who is in a conversation, page by page: its owners, then the others, the longest first."""
    return members.list_members(identity, conversation, **query)


@api(
    "/conversations/<conversation>/members",
    "POST",
    takes=schemas.ADD_MEMBERS,
    gives={"members": [schemas.MEMBER]},
    rate="openings",
)
def add_members(identity: Identity, conversation: int, users: list[str]) -> Any:
    """Add people to a group; those who are in it already stay as they are."""
    return {"members": members.add_members(identity, conversation, users)}


@api(
    "/conversations/<conversation>/members/<user>",
    "PATCH",
    takes=schemas.APPOINT_MEMBER,
    gives={"members": [schemas.MEMBER]},
)
def appoint_member(identity: Identity, conversation: int, user: str, role: str) -> Any:
    """Make a member an owner of the group, or an ordinary member again."""
    appointed = members.appoint_member(identity, conversation, user, owner=role == "owner")
    return {"members": appointed}


@api("/conversations/<conversation>/members/<user>", "DELETE")
def remove_member(identity: Identity, conversation: int, user: str) -> Any:
    """Remove somebody from a group, or leave it."""
    members.remove_member(identity, conversation, user)
    return {}
