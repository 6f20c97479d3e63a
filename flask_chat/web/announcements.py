"""Announcements over REST: for those whom the host lets announce, and for those who read them."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import Identity, chat
from ..services import announcements
from .blueprint import api


@api("/announcements/lists", "GET", gives={"lists": [schemas.RECIPIENT_LIST], "confirm_above": int})
def list_recipient_lists(identity: Identity) -> Any:
    """The lists of people that one may announce to, and above how many one is asked to agree."""
    lists = announcements.list_recipient_lists(identity)
    return {"lists": lists, "confirm_above": chat.config.announce_above}


@api(
    "/announcements/recipients",
    "GET",
    query=schemas.RECIPIENTS_QUERY,
    gives={"recipients": int},
)
def count_recipients(identity: Identity, to: str) -> Any:
    """How many people an announcement to this list would reach now."""
    return {"recipients": announcements.count_recipients(identity, to)}


@api(
    "/announcements",
    "POST",
    takes=schemas.POST_ANNOUNCEMENT,
    gives={"conversation": schemas.HEAD, "recipients": int},
    creates=True,
    rate="openings",
)
def post_announcement(identity: Identity, **announcement: Any) -> Any:
    """Announce something: 201 if it is new, 200 if this client_id had announced it already."""
    announced = announcements.post_announcement(identity, **announcement)
    answer = {"conversation": announced.conversation, "recipients": announced.recipients}
    return answer, 201 if announced.created else 200


@api(
    "/conversations/<conversation>/recipients",
    "GET",
    query=schemas.REPORT_QUERY,
    gives={
        "to": str, "total": int, "read": int, "confirmed": int,
        "recipients": [schemas.RECIPIENT], "next": str | None,
    },
)  # fmt: skip
def list_recipients(identity: Identity, conversation: int, **page: Any) -> Any:
    """Who has read and confirmed an announcement of one's own; a page of them, by name."""
    return announcements.list_recipients(identity, conversation, **page)


@api("/conversations/<conversation>/reply", "GET", gives={"to": [schemas.PERSON]})
def reply_to(identity: Identity, conversation: int) -> Any:
    """Whom a private answer to an announcement goes to; nobody, where one may not write to them."""
    to = announcements.reply_to(identity, conversation)
    return {"to": [] if to is None else [to]}


@api("/conversations/<conversation>/confirmation", "PUT", gives=schemas.SELF)
def confirm_reading(identity: Identity, conversation: int) -> Any:
    """Confirm that one has read an announcement."""
    return announcements.confirm_reading(identity, conversation)
