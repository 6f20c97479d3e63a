"""Messages on the wire, in and out."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from .base import Input, Output
from .fields import Moment, PublicId, Whole, WrittenText
from .person import PersonSchema

CLIENT_ID = Regexp(
    r"[A-Za-z0-9._~:-]{8,64}\Z",
    error="Must be 8 to 64 characters out of letters, digits and . _ ~ : -",
)


class SaidSchema(Schema):
    """What has happened: the code of a text, and what its places stand for."""

    code = fields.String(required=True)
    named = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True), required=True)


class MessageSchema(Output):
    """A message as everybody sees it; nothing in it depends on who reads."""

    id = PublicId(required=True)
    conversation = PublicId(required=True, attribute="conversation_id")
    seq = fields.Integer(required=True)
    change = fields.Integer(required=True)
    kind = fields.String(required=True)
    author = fields.Nested(PersonSchema, allow_none=True)
    body = fields.String(required=True)
    client_id = fields.String(allow_none=True)
    created_at = Moment(required=True)
    edited_at = Moment(allow_none=True)
    deleted = fields.Boolean(required=True)
    reply_to = PublicId(allow_none=True, attribute="reply_to_id")
    # What has happened, where the chat itself says it: `body` put into a language.
    said = fields.Nested(SaidSchema)
    # The title of the office in whose name it was sent.
    office = fields.String()


class PostMessage(Input):
    body = WrittenText(required=True, setting="body_limit")
    client_id = fields.String(required=True, validate=CLIENT_ID)
    reply_to = PublicId(load_default=None, allow_none=True)


class PostFrame(PostMessage):
    """The same over a socket, where the path does not say which conversation."""

    conversation = PublicId(required=True)


class EditMessage(Input):
    body = WrittenText(required=True, setting="body_limit")


class HistoryQuery(Input):
    """At most one of ``before``, ``after`` and ``around``: a ``seq``."""

    before = fields.Integer(load_default=None, validate=Range(0, 2**53))
    after = fields.Integer(load_default=None, validate=Range(0, 2**53))
    around = fields.Integer(load_default=None, validate=Range(0, 2**53))
    limit = fields.Integer(load_default=50, validate=Range(1, 200))


class ChangesQuery(Input):
    after = fields.Integer(required=True, validate=Range(0, 2**53))
    limit = fields.Integer(load_default=200, validate=Range(10, 500))


class MarkRead(Input):
    seq = Whole(required=True, validate=Range(0, 2**53))


class MessageFrame(Input):
    """Which message of which conversation a socket command is about."""

    conversation = PublicId(required=True)
    message = PublicId(required=True)


class ConversationFrame(Input):
    """Which conversation a socket command is about."""

    conversation = PublicId(required=True)


class Ticket(Input):
    ticket = fields.String(required=True, validate=Length(min=1, max=1000))
