"""Conversations on the wire, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from .announcement import AnnouncementSchema
from .base import Input, Output
from .fields import Flag, Known, Moment, PublicId, WrittenText
from .inbox import InboxViewSchema, InquirySchema
from .message import MessageSchema
from .person import MemberSchema

_KINDS = ["direct", "group", "self", "subject", "inbox"]


class SubjectDetailSchema(Schema):
    label = fields.String(required=True)
    value = fields.String(required=True)


class SubjectSchema(Schema):
    """The host record that a conversation is about, as it is now."""

    kind = fields.String(required=True)
    id = fields.String(required=True)
    title = fields.String(required=True)
    link = fields.String(allow_none=True)
    details = fields.List(fields.Nested(SubjectDetailSchema), required=True)
    closed = fields.Boolean(required=True)


class ConversationRowSchema(Output):
    """What stands in a conversation's own row, and how many are in it."""

    id = PublicId(required=True)
    kind = fields.String(required=True)
    title = fields.String(allow_none=True)
    members_count = fields.Integer(required=True)
    last_seq = fields.Integer(required=True)
    last_change = fields.Integer(required=True)
    first_seq = fields.Integer(required=True)
    updated_at = Moment(required=True)


class ConversationSchema(ConversationRowSchema):
    """A conversation as everybody in it sees it."""

    members = fields.List(fields.Nested(MemberSchema), required=True)
    subject = fields.Nested(SubjectSchema)
    announcement = fields.Nested(AnnouncementSchema)
    inbox = fields.Nested(InboxViewSchema)
    inquiry = fields.Nested(InquirySchema)
    preview = fields.Nested(MessageSchema, allow_none=True)


class SelfSchema(Output):
    """One person's own state of a conversation."""

    version = fields.Integer(required=True)
    read_seq = fields.Integer(required=True)
    unread = fields.Integer(required=True)
    counted_to = fields.Integer(required=True)
    muted = fields.Boolean(required=True)
    archived = fields.Boolean(required=True)
    pinned = fields.Boolean(required=True)
    confirmed = fields.Boolean(required=True)


class HeadSchema(ConversationSchema, SelfSchema):
    """A conversation in an answer to one person: shared and own state together."""


class SubjectReference(Input):
    """A record of the host's: the name of its subject, and its key."""

    kind = fields.String(required=True, validate=Length(max=64))
    id = fields.String(required=True, validate=Length(max=255))


class CreateConversation(Input):
    kind = fields.String(required=True, validate=OneOf(_KINDS))
    user = fields.String()
    inbox = fields.String(validate=Length(max=64))
    subject = fields.Nested(SubjectReference)
    title = WrittenText(setting="title_limit")
    members = fields.List(fields.String(), load_default=list, validate=Length(max=200))

    @validates_schema
    def _complete(self, values: dict[str, Any], **kwargs: Any) -> None:
        if values["kind"] == "direct" and "user" not in values:
            raise ValidationError("Missing data for required field.", "user")
        if values["kind"] == "inbox" and "inbox" not in values:
            raise ValidationError("Missing data for required field.", "inbox")
        if values["kind"] == "subject" and "subject" not in values:
            raise ValidationError("Missing data for required field.", "subject")
        if values["kind"] == "group" and "title" not in values:
            raise ValidationError("Missing data for required field.", "title")


class ChangeConversation(Input):
    """``title`` is everybody's; the rest is one's own."""

    title = WrittenText(setting="title_limit")
    muted = Flag()
    archived = Flag()
    pinned = Flag()


class SyncRequest(Input):
    known = Known(load_default=dict, validate=Length(max=5000))
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    after = fields.String(load_default=None, allow_none=True, validate=Length(max=200))


class TotalsQuery(Input):
    totals = fields.String(
        required=True,
        validate=OneOf(["1"], error="Ask for totals=1, or POST what is known."),
    )
