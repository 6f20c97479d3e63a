"""Announcements on the wire, in and out."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

from .base import Input
from .fields import Flag, Moment, PublicId, Whole, WrittenText
from .message import CLIENT_ID
from .person import PersonSchema


class AnnouncementSchema(Schema):
    """What makes a conversation an announcement."""

    confirm = fields.Boolean(required=True)


class RecipientListSchema(Schema):
    """People whom somebody may announce to, together."""

    name = fields.String(required=True)
    label = fields.String(required=True)


class RecipientSchema(PersonSchema):
    """Somebody who got an announcement, as its sender sees them."""

    read = fields.Boolean(required=True)
    confirmed_at = Moment(allow_none=True, required=True)


class PostAnnouncement(Input):
    """``recipients`` is the number of people that the author was shown and has agreed to."""

    to = fields.String(required=True, validate=Length(min=1, max=64))
    title = WrittenText(required=True, setting="title_limit")
    body = WrittenText(required=True, setting="body_limit")
    client_id = fields.String(required=True, validate=CLIENT_ID)
    confirm = Flag(load_default=False)
    recipients = Whole(load_default=None, allow_none=True, validate=Range(0, 2**53))


class RecipientsQuery(Input):
    to = fields.String(required=True, validate=Length(min=1, max=64))


class ReportQuery(Input):
    missing = fields.Boolean(load_default=False)
    after = PublicId(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=Range(1, 500))
