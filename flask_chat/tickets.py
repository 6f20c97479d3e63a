"""Tickets: a signed word that lets a client without cookies open a socket. Ground floor."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from .current import Identity, chat
from .errors import Invalid, NotFound, Unauthorized

_SALT = "flask_chat.ticket"


def make(identity: Identity) -> str:
    """A ticket for this person."""
    return str(_signer().dumps(identity.user))


def read(ticket: str) -> tuple[Identity, float]:
    """Whose ticket this is, and how many seconds ago it was made.

    :raises Unauthorized: if it is none of ours, or too old.
    """
    try:
        user, made_at = _signer().loads(
            ticket, max_age=int(chat.config.ticket_seconds), return_timestamp=True
        )
        identity = Identity(user, chat.host.parse_key(user))
    except (BadData, Invalid, NotFound):
        raise Unauthorized("The ticket is not valid, or no longer.") from None
    return identity, (datetime.now(UTC) - made_at).total_seconds()


def _signer() -> URLSafeTimedSerializer:
    if not current_app.secret_key:
        raise Unauthorized("Tickets need the app to have a SECRET_KEY.")
    return URLSafeTimedSerializer(current_app.secret_key, salt=_SALT)
