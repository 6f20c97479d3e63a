"""Offices over REST: which there are, their queues, and what their staff do with an inquiry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .. import schemas
from ..current import Identity
from ..services import handling, inboxes, queues, sentences
from .blueprint import api

_INQUIRY = {"inquiry": schemas.INQUIRY}


@api("/inboxes", "GET", gives={"inboxes": [schemas.INBOX], "sentences": dict[str, str]})
def list_inboxes(identity: Identity) -> Any:
    """The offices one may write to or works in, and the words for what messages have `said`.

    Those are in the language of the request, by the code.
    """
    return {"inboxes": inboxes.list_inboxes(identity), "sentences": sentences.all_texts()}


@api(
    "/inboxes/<inbox>/queue",
    "GET",
    query=schemas.QUEUE_QUERY,
    gives={"inquiries": [schemas.QUEUED], "next": int | None, "counts": schemas.COUNTS},
)
def list_queue(identity: Identity, inbox: str, **page: Any) -> Any:
    """A page of the queue of an office that one works in."""
    return queues.list_queue(identity, inbox, **page)


@api(
    "/inboxes/<inbox>/people",
    "GET",
    query=schemas.PEOPLE_QUERY,
    gives={"people": [schemas.PERSON], "next": str | None},
)
def list_writers(identity: Identity, inbox: str, **query: Any) -> Any:
    """The people an office that one works in may write to, by name."""
    return inboxes.list_writers(identity, inbox, **query)


@api("/conversations/<conversation>/inquiry", "GET", gives=_INQUIRY)
def get_inquiry(identity: Identity, conversation: int) -> Any:
    """How an inquiry stands, for the staff."""
    return {"inquiry": queues.get_inquiry(identity, conversation)}


@api("/conversations/<conversation>/replies", "GET", gives={"replies": [schemas.PREPARED]})
def list_replies(identity: Identity, conversation: int) -> Any:
    """The office's prepared replies as they would be sent to this writer."""
    return {"replies": queues.list_replies(identity, conversation)}


@api("/conversations/<conversation>/claim", "POST", gives=_INQUIRY, rate="messages")
def claim_inquiry(identity: Identity, conversation: int) -> Any:
    """Take an inquiry that nobody has; 409 if somebody else has it."""
    return {"inquiry": handling.claim(identity, conversation)}


@api(
    "/conversations/<conversation>/assignee",
    "PUT",
    takes=schemas.ASSIGN_INQUIRY,
    gives=_INQUIRY,
    rate="messages",
)
def assign_inquiry(identity: Identity, conversation: int, user: str | None) -> Any:
    """Give an inquiry to a colleague, or with null back to the queue."""
    return {"inquiry": handling.assign(identity, conversation, user)}


@api(
    "/conversations/<conversation>/inbox",
    "PUT",
    takes=schemas.TRANSFER_INQUIRY,
    gives=_INQUIRY,
    rate="messages",
)
def transfer_inquiry(identity: Identity, conversation: int, inbox: str) -> Any:
    """Hand an inquiry over to another office."""
    return {"inquiry": handling.transfer(identity, conversation, inbox)}


@api(
    "/conversations/<conversation>/snooze",
    "PUT",
    takes=schemas.SNOOZE_INQUIRY,
    gives=_INQUIRY,
    rate="messages",
)
def snooze_inquiry(identity: Identity, conversation: int, until: datetime | None) -> Any:
    """Put an inquiry off until a moment; with null, no longer."""
    return {"inquiry": handling.snooze(identity, conversation, until)}


@api(
    "/conversations/<conversation>/closed",
    "PUT",
    takes=schemas.CLOSE_INQUIRY,
    gives=_INQUIRY,
    rate="messages",
)
def close_inquiry(identity: Identity, conversation: int, closed: bool) -> Any:
    """Close an inquiry, or open it again."""
    return {"inquiry": handling.set_closed(identity, conversation, closed=closed)}
