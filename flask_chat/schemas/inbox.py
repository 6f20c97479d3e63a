"""Offices and what is asked of them, on the wire."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from .base import Input
from .fields import Flag, FutureMoment, Moment, PublicId
from .message import MessageSchema
from .person import PersonSchema


class InboxViewSchema(Schema):
    """The office that has a conversation now, as everybody in it sees it."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    closed = fields.Boolean(required=True)


class InquirySchema(Schema):
    """How an inquiry stands, as the staff see it."""

    conversation = PublicId(required=True, attribute="conversation_id")
    notes = PublicId(required=True, attribute="notes_id")
    inbox = fields.String(required=True)
    state = fields.String(required=True)
    writer = fields.Nested(PersonSchema, allow_none=True, required=True)
    assignee = fields.Nested(PersonSchema, allow_none=True, required=True)
    opened_at = Moment(allow_none=True, required=True)
    waiting_since = Moment(allow_none=True, required=True)
    snoozed_until = Moment(allow_none=True, required=True)
    closed_at = Moment(allow_none=True, required=True)


class QueuedSchema(InquirySchema):
    """An inquiry in a list: with what was said last, and what the list is sorted by."""

    preview = fields.Nested(MessageSchema, allow_none=True, required=True)
    sorted_by = fields.String(allow_none=True, required=True)


class CountsSchema(Schema):
    new = fields.Integer(required=True)
    mine = fields.Integer(required=True)
    others = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    closed = fields.Integer(required=True)


class InboxSchema(Schema):
    """An office, to somebody who may write to it or works there (``counts`` is then there)."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    writes = fields.Boolean(required=True)
    staff = fields.Boolean(required=True)
    open = fields.Boolean(required=True)
    orders = fields.List(fields.String(), required=True)
    counts = fields.Nested(CountsSchema, allow_none=True, required=True)


class PreparedSchema(Schema):
    """A prepared reply, filled in for one inquiry."""

    label = fields.String(required=True)
    body = fields.String(required=True)
    missing = fields.List(fields.String(), required=True)


class QueueQuery(Input):
    state = fields.String(
        load_default="new",
        validate=OneOf(["new", "mine", "others", "waiting", "closed"]),
    )
    order = fields.String(load_default=None, validate=Length(max=200))
    after = fields.Integer(load_default=0, validate=Range(0, 100_000))
    limit = fields.Integer(load_default=50, validate=Range(1, 100))


class AssignInquiry(Input):
    user = fields.String(required=True, allow_none=True)


class TransferInquiry(Input):
    inbox = fields.String(required=True, validate=Length(max=64))


class SnoozeInquiry(Input):
    until = FutureMoment(required=True, allow_none=True)


class CloseInquiry(Input):
    closed = Flag(required=True)
