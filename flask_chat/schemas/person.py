"""People and members, as everybody may see them."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import Length, OneOf, Range

from .base import Input, Output


class PersonSchema(Output):
    id = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(allow_none=True)
    avatar = fields.String(allow_none=True)


class MemberSchema(PersonSchema):
    owner = fields.Boolean(required=True)
    since_seq = fields.Integer(required=True)
    read_seq = fields.Integer(allow_none=True)
    left = fields.Boolean(required=True)
    # Why somebody is there whom a rule of supervision has added; null for everybody else.
    rule = fields.String(required=True, allow_none=True)


class PeopleQuery(Input):
    q = fields.String(load_default="", validate=Length(max=100))
    after = fields.String(load_default=None, validate=Length(max=500))
    limit = fields.Integer(load_default=50, validate=Range(1, 200))


class MembersQuery(PeopleQuery):
    """The same, of a conversation."""


class AddMembers(Input):
    users = fields.List(fields.String(), required=True, validate=Length(min=1, max=200))


class AppointMember(Input):
    role = fields.String(
        required=True,
        validate=OneOf(["owner", "member"], error="Must be `owner` or `member`."),
    )


class WatchPeople(Input):
    people = fields.List(fields.String(), required=True, validate=Length(max=200))
