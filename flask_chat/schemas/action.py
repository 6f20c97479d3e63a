"""Actions on the wire, in and out."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length

from .base import Input
from .message import CLIENT_ID


class ActionFieldSchema(Schema):
    """Something to ask before; without choices, people write."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    required = fields.Boolean(required=True)
    choices = fields.List(fields.String(), required=True)


class ActionSchema(Schema):
    """Something this person may do to the record of a conversation now."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    confirm = fields.String(allow_none=True, required=True)
    fields_ = fields.List(
        fields.Nested(ActionFieldSchema), required=True, data_key="fields", attribute="fields"
    )


class RunAction(Input):
    client_id = fields.String(required=True, validate=CLIENT_ID)
    values = fields.Dict(
        keys=fields.String(), values=fields.String(), load_default=dict, validate=Length(max=50)
    )
