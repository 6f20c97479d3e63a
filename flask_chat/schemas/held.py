"""Messages on the wire that wait for the end of somebody's quiet hours."""

from __future__ import annotations

from marshmallow import fields

from .base import Input, Output
from .fields import Moment, PublicId


class HeldSchema(Output):
    """A held message as its author sees it, and nobody else.

    ``state``: ``waiting``, ``refused`` (``code`` and ``reason`` say why) or ``cancelled``.
    ``due_at``: when it is delivered; null where nobody has said when the hours end.
    """

    id = PublicId(required=True)
    conversation = PublicId(required=True, attribute="conversation_id")
    client_id = fields.String(required=True)
    body = fields.String(required=True)
    reply_to = PublicId(allow_none=True, attribute="reply_to_id")
    state = fields.String(required=True)
    reason = fields.String(required=True)
    code = fields.String(allow_none=True)
    due_at = Moment(allow_none=True)
    may_send = fields.Boolean(required=True)
    created_at = Moment(required=True)


class QuietSchema(Output):
    """What would hold back a message that is written now."""

    until = Moment(allow_none=True)
    reason = fields.String(required=True)
    may_send = fields.Boolean(required=True)


class HeldFrame(Input):
    """Which held message of which conversation a socket command is about."""

    conversation = PublicId(required=True)
    held = PublicId(required=True)
