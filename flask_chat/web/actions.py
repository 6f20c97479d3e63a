"""Actions over REST: the host's own buttons in the conversation of a record."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import Identity
from ..services import actions
from .blueprint import api


@api("/conversations/<conversation>/actions", "GET", gives={"actions": [schemas.ACTION]})
def list_actions(identity: Identity, conversation: int) -> Any:
    """What one may do to the record of a conversation now."""
    return {"actions": actions.list_actions(identity, conversation)}


@api(
    "/actions",
    "GET",
    query=schemas.SUBJECT_REFERENCE,
    gives={"actions": [schemas.ACTION]},
)
def list_actions_on(identity: Identity, kind: str, id: str) -> Any:
    """What one may do to a record now, whether somebody has written about it or not."""
    return {"actions": actions.list_actions_on(identity, kind=kind, record=id)}


@api(
    "/conversations/<conversation>/actions/<action>",
    "POST",
    takes=schemas.RUN_ACTION,
    gives={"actions": [schemas.ACTION]},
    creates=True,
    rate="messages",
)
def run_action(identity: Identity, conversation: int, action: str, **request: Any) -> Any:
    """Do it: 201, or 200 if this client_id had done it already. Gives what one may do next."""
    done = actions.run_action(identity, conversation, action, **request)
    return {"actions": done.actions}, 201 if done.created else 200
