"""Tickets: a signed word that lets a client without cookies open a socket. Ground floor."""

from __future__ import annotations

from typing import cast

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from .current import Identity, chat
from .errors import Unauthorized

_SALT = "flask_chat.ticket"


def make(identity: Identity) -> str:
    """A ticket for this person."""
    return str(_signer().dumps(identity.user))


def read(ticket: str) -> Identity:
    """Whose ticket this is.

    :raises Unauthorized: if it is none of ours, or too old.
    """
    try:
        user = _signer().loads(ticket, max_age=int(chat.config.ticket_seconds))
    except BadData:
        raise Unauthorized("The ticket is not valid, or no longer.") from None
    user = cast(str, user)
    return Identity(user, chat.host.parse_key(user))


def _signer() -> URLSafeTimedSerializer:
    if not current_app.secret_key:
        raise Unauthorized("Tickets need the app to have a SECRET_KEY.")
    return URLSafeTimedSerializer(current_app.secret_key, salt=_SALT)
