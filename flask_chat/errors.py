"""Every error the chat raises on purpose.

Bedrock: this room imports nothing of ours. The classes say *what* is wrong (``code``, a
sentence in ``detail``); the doors translate it: ``status`` over REST, ``close`` over a socket
that cannot go on. Nothing else in the package invents a status or a code.

::

    ChatError
    +-- Malformed            400  the request cannot be read
    +-- Unauthorized         401  nobody is signed in                      (closes 4001)
    +-- Forbidden            403  signed in, known, and not allowed
    |   +-- ForeignOrigin    403  the page that asks is not of this site
    |   +-- CsrfFailed       403  the CSRF token is missing or stale
    +-- NotFound             404  unknown, or not readable by this person: never told apart
    +-- Conflict             409  contradicts what is stored
    |   +-- ManyRecipients   409  reaches more people than was agreed to (``recipients``: how many)
    +-- TooLarge             413  over a limit of size                     (closes 1009)
    +-- Invalid              422  readable, but a field is wrong (``fields`` says which)
    +-- UpgradeRequired      426  a plain request where a WebSocket was expected
    +-- RateLimited          429  too much, too fast                       (closes 4129)
    +-- Unsupported          501  this server gives no socket away; clients poll
    +-- Unavailable          503  a part we need is away; worth retrying   (closes 1013)
    |   +-- OverCapacity     503  this process serves as many as it may
    |   +-- Busy             503  the database stayed locked
    +-- SetupError           --   a mistake of the person who embeds the chat; raised at start
        +-- MissingExtra     --   an optional package is not installed
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class ChatError(Exception):
    """Something the person who asked can be told about.

    :param detail: one sentence for people; defaults to the class's own.
    :param named: what stands in the sentence's ``{places}``, so that it can be translated whole.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    close: ClassVar[int] = 1011
    sentence: ClassVar[str] = "Something went wrong."
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, detail: str | None = None, *, named: Mapping[str, Any] | None = None
    ) -> None:
        self.said = detail or self.sentence
        self.named = named
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        """The sentence in English."""
        return self.said.format_map(self.named) if self.named else self.said

    @property
    def retry_after(self) -> int | None:
        """Seconds after which asking again makes sense; ``None`` where it never does."""
        return None

    def to_dict(self) -> dict[str, Any]:
        """The error as both doors send it: ``code``, ``detail`` and what the class adds."""
        return {"code": self.code, "detail": self.detail}


class Malformed(ChatError):
    code, status = "malformed", 400
    sentence = "The request could not be read."


class Unauthorized(ChatError):
    code, status, close = "unauthorized", 401, 4001
    sentence = "Please sign in."


class Forbidden(ChatError):
    code, status, close = "forbidden", 403, 4003
    sentence = "You may not do this."


class ForeignOrigin(Forbidden):
    code = "origin"
    sentence = "This request does not come from a page of this site."


class CsrfFailed(Forbidden):
    code = "csrf"
    sentence = "The page is out of date. Reload it and try again."


class NotFound(ChatError):
    code, status = "not_found", 404
    sentence = "There is no such thing here, or you may not see it."


class Conflict(ChatError):
    code, status = "conflict", 409
    sentence = "This contradicts what is already stored."


class ManyRecipients(Conflict):
    """An announcement would reach many people, and nobody has agreed to this number yet.

    :param recipients: how many there are now.
    """

    code = "many_recipients"
    sentence = "This goes to many people. Confirm their number first."

    def __init__(self, detail: str | None = None, *, recipients: int | None = None) -> None:
        super().__init__(detail)
        self.recipients = recipients

    def to_dict(self) -> dict[str, Any]:
        shown = {} if self.recipients is None else {"recipients": self.recipients}
        return {**super().to_dict(), **shown}


class TooLarge(ChatError):
    code, status, close = "too_large", 413, 1009
    sentence = "This is larger than allowed."


class Invalid(ChatError):
    """A field has the wrong type or value.

    :param fields: for each wrong field its complaints, as marshmallow reports them.
    """

    code, status = "invalid", 422
    sentence = "Some of the fields are not valid."

    def __init__(
        self,
        detail: str | None = None,
        *,
        fields: Mapping[str, Any] | None = None,
        named: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail, named=named)
        self.fields = dict(fields or {})

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "fields": self.fields} if self.fields else super().to_dict()


class UpgradeRequired(ChatError):
    """A plain request where a WebSocket was expected, or one of another version.

    :cvar headers: for the answer (RFC 9110, section 15.5.22; RFC 6455, section 4.4).
    """

    code, status = "upgrade_required", 426
    sentence = "This address speaks WebSocket, version 13."
    headers: ClassVar[Mapping[str, str]] = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
    }


class Unsupported(ChatError):
    code, status = "unsupported", 501
    sentence = "This server does not speak WebSocket. The chat works without it, more slowly."


class _Later(ChatError):
    """Worth repeating after ``seconds``."""

    def __init__(self, detail: str | None = None, *, seconds: float = 1) -> None:
        super().__init__(detail)
        self.seconds = seconds

    @property
    def retry_after(self) -> int:
        return max(1, round(self.seconds + 0.499))


class RateLimited(_Later):
    code, status, close = "rate_limited", 429, 4129
    sentence = "That was a little fast. Please wait a moment."


class Unavailable(_Later):
    code, status, close = "unavailable", 503, 1013
    sentence = "The chat is not available right now. Nothing is lost; please try again."


class OverCapacity(Unavailable):
    sentence = "This server holds as many connections as it can. Please try again shortly."


class Busy(Unavailable):
    sentence = "The database is busy. Nothing is lost; please try again."


class SetupError(ChatError):
    """The chat cannot be put into this app as it was asked to; says what to change."""

    code = "setup"
    sentence = "The chat is not set up correctly."


class MissingExtra(SetupError):
    """A feature was asked for whose package is not installed.

    :param package: what could not be imported.
    :param extra: the extra of this distribution that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is needed for this and is not installed: pip install 'flask-chat[{extra}]'"
        )


def public_errors() -> Sequence[type[ChatError]]:
    """The errors that cross the wire, in the order of their status; for the generated docs."""

    def below(cls: type[ChatError]) -> list[type[ChatError]]:
        return [d for sub in cls.__subclasses__() for d in (sub, *below(sub))]

    shown = {e.code: e for e in reversed(below(ChatError)) if not issubclass(e, SetupError)}
    shown.pop(ChatError.code, None)
    return sorted(shown.values(), key=lambda e: (e.status, e.code))
