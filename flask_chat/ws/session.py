"""One socket's life: greet, then decode, carry out and answer, frame by frame.

Nothing here holds a database session, a request or a ``current_user`` while the socket waits:
each frame opens an app context of its own and leaves nothing behind.
"""

from __future__ import annotations

import logging
import random

from flask import Flask

from .. import database, protocol, schemas, tickets
from ..config import Config
from ..current import Identity, chat
from ..errors import ChatError, Invalid, Malformed, TooLarge, Unauthorized
from ..presence import Presence
from ..protocol import Command
from ..realtime.connection import Connection
from ..realtime.hub import Hub
from ..services import sync
from .commands import Call, answered, unanswered

log = logging.getLogger("flask_chat.ws")


class Session:
    """What one socket is to the house; the ``Receiver`` of its connection.

    :param since: when its handshake began (monotonic): a revocation since then ends it.
    """

    __slots__ = ("_app", "_config", "_hub", "_presence", "_since")

    def __init__(
        self, app: Flask, config: Config, hub: Hub, presence: Presence, since: float
    ) -> None:
        self._app = app
        self._config = config
        self._hub = hub
        self._presence = presence
        self._since = since

    def opened(self, connection: Connection) -> None:
        if connection.identity is None:
            connection.expire(self._config.hello_seconds, Unauthorized.close, Unauthorized.code)
        else:
            self._welcome(connection, connection.identity)

    def received(self, connection: Connection, text: str) -> None:
        if connection.identity is None:
            self._authenticate(connection, text)
        else:
            self._carry_out(connection, connection.identity, text)

    def closed(self, connection: Connection) -> None:
        self._hub.remove(connection)
        if connection.user is not None:
            self._presence.left(connection.id, connection.user)

    def _welcome(self, connection: Connection, identity: Identity) -> None:
        with database.context(self._app):
            now, epoch = sync.greeting()
        # Nothing leaves before both are done: `hello` is the first frame, and what is committed
        # after it reaches this socket. What was committed before, the client's load will find.
        with connection.held():
            connection.send(
                protocol.hello(
                    user=identity.user,
                    now=now,
                    heartbeat=self._config.heartbeat_seconds,
                    epoch=epoch,
                )
            )
            self._hub.add(connection, since=self._since)
        self._presence.arrived(connection.id, identity.user)
        # A new handshake asks the host anew, so that a sign-in that has expired ends here too.
        # Spread out, so that those who came together do not leave together.
        connection.expire(
            self._config.socket_max_age * random.uniform(0.8, 1),  # noqa: S311
            protocol.RESTART,
            "sign in anew",
            bye=protocol.bye((0, 1000)),
        )

    def _authenticate(self, connection: Connection, text: str) -> None:
        command = protocol.decode(text)
        if command.type != "auth":
            raise Unauthorized("The first frame must be `auth` with a ticket.")
        ticket = schemas.TICKET.read(command.data)["ticket"]
        with database.context(self._app):
            identity = tickets.read(ticket)
            if chat.host.active_user(identity) is None:
                raise Unauthorized()
        connection.identity = identity
        self._welcome(connection, identity)

    def _carry_out(self, connection: Connection, identity: Identity, text: str) -> None:
        command: Command | None = None
        try:
            command = protocol.decode(text)
            self._require_small(text)
            self._dispatch(Call(connection, identity, command.data), command)
        except Unauthorized:
            raise  # ends the socket
        except ChatError as problem:
            self._complain(connection, command, problem)
        except Exception:
            log.exception("connection %s: a command failed", connection.id)
            self._complain(connection, command, ChatError())

    def _require_small(self, text: str) -> None:
        most = self._config.frame_limit
        if len(text) > most or (len(text) > most // 4 and len(text.encode()) > most):
            raise TooLarge(f"A frame can have at most {most} bytes.")

    def _dispatch(self, call: Call, command: Command) -> None:
        if (handler := unanswered.get(command.type)) is not None:
            with database.context(self._app):
                handler(call)
        elif (handler := answered.get(command.type)) is not None:
            if command.ref is None:
                raise Malformed(f"`{command.type}` is answered: give it a `ref`.")
            with database.context(self._app):
                result = handler(call)
            call.connection.send(protocol.reply(command.ref, result or {}))
        else:
            raise Invalid(f"There is no command {command.type[:64]!r}.")

    def _complain(
        self, connection: Connection, command: Command | None, problem: ChatError
    ) -> None:
        if command is not None and command.type in unanswered:
            log.debug("connection %s: %s: %s", connection.id, command.type, problem.code)
            return
        connection.send(protocol.error(problem, command.ref if command else None))
