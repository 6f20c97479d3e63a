"""The handshake: from a WSGI request to an open socket (RFC 6455, section 4.2).

How a door uses it, in a ``before_request``, where a clean HTTP refusal is still possible::

    handshake = examine(request.environ)             # Unsupported 501, UpgradeRequired 426, 400
    with hub.admit(request.remote_addr) as admission:    # OverCapacity 503
        identity = ...                                   # the host is asked; no session after this
    return upgraded(
        handshake, receiver, config=config, identity=identity, address=request.remote_addr,
        limit=..., response_class=current_app.response_class,
    )

and, for somebody who is not signed in and must hear it in a way that a browser can read::

    return refused(handshake, Unauthorized(), config=config)

Nothing has been written when these return. The response's body is an iterable that the server
asks for its first piece *after* Flask has popped its contexts; only then the socket is taken,
the 101 written, ``receiver.opened`` called, and the socket's whole life run. Code in
``receiver`` therefore has no app context and no request: plain values only.

When the life is over the socket is shut down in both directions before the server has it back.
Every server then tries to write an ordinary response, finds the pipe broken, takes it for a
client that has gone, and closes without reading another request: nothing follows our close
frame, and a request smuggled behind the frames is not served.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

import flask

from .. import errors
from . import engines, servers
from .connection import Connection, Receiver

if TYPE_CHECKING:
    from ..config import Config
    from ..current import Identity

VERSION = "13"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3

log = logging.getLogger("flask_chat.realtime")


class Handshake(NamedTuple):
    """A request that can become a socket."""

    environ: WSGIEnvironment
    accept: str


def examine(environ: WSGIEnvironment) -> Handshake:
    """Check, before anything is written, that this request can become a socket.

    :raises UpgradeRequired: if it does not ask for a WebSocket of version 13.
    :raises Malformed: if it asks in a way that the RFC does not know.
    :raises Unsupported: if the server offers no socket.
    """
    if not _wants_websocket(environ) or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != VERSION:
        raise errors.UpgradeRequired()
    if environ["REQUEST_METHOD"] != "GET" or environ.get("SERVER_PROTOCOL") != "HTTP/1.1":
        raise errors.Malformed("A WebSocket starts with GET over HTTP/1.1.")
    if environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ:
        # Its bytes would be read as frames by us, and as a body by the server.
        raise errors.Malformed("A WebSocket handshake has no body.")
    accept = _accept(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""))
    if servers.socket_of(environ) is None:
        raise errors.Unsupported()
    return Handshake(environ, accept)


def upgraded(
    handshake: Handshake,
    receiver: Receiver,
    *,
    config: Config,
    identity: Identity | None = None,
    address: str = "",
    limit: Callable[[], None] | None = None,
    response_class: type[flask.Response] = flask.Response,
) -> flask.Response:
    """The response that turns into a socket when the server iterates it.

    :param limit: called for every frame, fragments and pings included; raises ``RateLimited``.
    :param response_class: the app's own, or else Flask would convert the response to it.
    """
    response = _kind(response_class)(status=101)
    response.life = Life(handshake, receiver, config, identity, address, limit)
    return response


def refused(
    handshake: Handshake,
    problem: errors.ChatError,
    *,
    config: Config,
    response_class: type[flask.Response] = flask.Response,
) -> flask.Response:
    """A response that opens the socket only to say why not: ``error``, then the error's close.

    An HTTP status instead of a 101 reaches no script: a browser reports 1006, whatever it was.
    """
    return upgraded(handshake, _Refusal(problem), config=config, response_class=response_class)


class Life(NamedTuple):
    """What a socket needs to live, kept until the server asks for it."""

    handshake: Handshake
    receiver: Receiver
    config: Config
    identity: Identity | None
    address: str
    limit: Callable[[], None] | None

    def run(
        self, answered: Callable[[], object] | None, start_response: StartResponse
    ) -> Iterator[bytes]:
        """The response's body: no bytes, but the socket's life begins at the first ``next``.

        :param answered: what the host wanted done when the request is over; it is, now.
        :param start_response: the way to the server that serves this request.
        """
        yield from ()
        try:
            if answered is not None:
                answered()
            answered = None  # the response is not kept as long as the socket
            accepted = self._accept(start_response)
            engines.choose(accepted).serve(accepted)
        except Exception:  # the edge: the server would write a page, or read another request
            log.exception("A handshake failed")
            servers.cut(self.handshake.environ)

    def _accept(self, start_response: StartResponse) -> engines.Accepted:
        environ = self.handshake.environ
        connection = servers.socket_of(environ)
        if connection is None:
            raise errors.Unsupported()
        # The server keeps the environ as long as the socket lives; the request need not stay.
        environ.pop("werkzeug.request", None)
        return engines.Accepted(
            socket=connection,
            head=_head(self.handshake.accept),
            buffered=servers.buffered(environ, connection),
            receiver=self.receiver,
            config=self.config,
            identity=self.identity,
            address=self.address,
            limit=self.limit,
            leave=servers.leaver(start_response),
        )


class _Refusal:
    def __init__(self, problem: errors.ChatError) -> None:
        self._problem = problem

    def opened(self, connection: Connection) -> None:
        connection.fail(self._problem)

    def received(self, connection: Connection, texts: Iterator[str]) -> None: ...

    def closed(self, connection: Connection) -> None: ...


class _Upgraded(flask.Response):
    """What is put in front of the app's response class: a body that is a socket."""

    life: Life

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        # For the server's log; it never comes to writing this head.
        start_response("101 Switching Protocols", [])
        return self.life.run(self.close, start_response)


_kinds: dict[type[flask.Response], type[_Upgraded]] = {flask.Response: _Upgraded}


def _kind(response_class: type[flask.Response]) -> type[_Upgraded]:
    if response_class not in _kinds:
        _kinds[response_class] = type("Upgraded", (_Upgraded, response_class), {})
    return _kinds[response_class]


def _wants_websocket(environ: WSGIEnvironment) -> bool:
    def tokens(header: str) -> set[str]:
        return {token.strip().lower() for token in environ.get(header, "").split(",")}

    return "websocket" in tokens("HTTP_UPGRADE") and "upgrade" in tokens("HTTP_CONNECTION")


def _accept(key: str) -> str:
    try:
        is_right = len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        is_right = False
    if not is_right:
        raise errors.Malformed("Sec-WebSocket-Key is not 16 bytes in base64.")
    digest = hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def _head(accept: str) -> bytes:
    # No Sec-WebSocket-Extensions: permessage-deflate would cost 64 KiB and more for each socket.
    return (
        "HTTP/1.1 101 Switching Protocols\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n"
    ).encode()
