"""One socket's life: greet, then decode, carry out and answer, frame by frame.

Nothing here holds a database session, a request or a ``current_user`` while the socket waits:
each frame opens an app context of its own and leaves nothing behind.
"""

from __future__ import annotations

import itertools
import logging
import random
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from typing import cast

from flask import Flask

from .. import database, protocol, schemas, tickets
from ..config import Config
from ..counts import Counts
from ..current import Identity, chat
from ..errors import ChatError, Invalid, Malformed, RateLimited, TooLarge, Unauthorized
from ..protocol import Command
from ..realtime.connection import Connection
from ..services import sync
from ..services.sync import Greeting
from .commands import Begun, Call, Data, answered, beginning, unanswered
from .parts import Sockets

log = logging.getLogger("flask_chat.ws")

#: What has been begun and not answered, in order.
Unfinished = deque[tuple[Command, Begun]]


class Session:
    """What one socket is to the house; the ``Receiver`` of its connection.

    :param greeting: what the database said when the host said who it is; ``None`` where a ticket
        will.
    :param since: when its handshake began (monotonic): a revocation since then ends it.
    """

    __slots__ = ("_app", "_config", "_counts", "_greeting", "_hub", "_presence", "_since")

    def __init__(
        self,
        app: Flask,
        config: Config,
        sockets: Sockets,
        counts: Counts,
        greeting: Greeting | None,
        since: float,
    ) -> None:
        self._app = app
        self._config = config
        self._hub = sockets.hub
        self._presence = sockets.presence
        self._counts = counts
        self._greeting = greeting
        self._since = since

    def opened(self, connection: Connection) -> None:
        greeting, self._greeting = self._greeting, None
        if connection.identity is None or greeting is None:
            connection.expire(self._config.hello_seconds, Unauthorized.close, Unauthorized.code)
        else:
            self._welcome(connection, connection.identity, greeting)

    def received(self, connection: Connection, texts: Iterator[str]) -> None:
        for first in texts:  # only once: the rest is heard with it
            with database.context(self._app):
                self._hear(connection, itertools.chain((first,), texts))

    def closed(self, connection: Connection) -> None:
        self._hub.remove(connection)
        if connection.user is None:
            return
        self._presence.left(connection.id, connection.user)
        self._counts.add("sockets_closed")
        log.info(
            "socket closed connection=%s user=%s seconds=%.1f",
            connection.id, connection.user, time.monotonic() - connection.opened_at,
        )  # fmt: skip

    def _welcome(self, connection: Connection, identity: Identity, greeting: Greeting) -> None:
        # Nothing leaves before both are done: `hello` is the first frame, and what is committed
        # after it reaches this socket. What was committed before, the client's load will find.
        with connection.held():
            connection.send(
                protocol.hello(
                    user=identity.user,
                    now=greeting.now,
                    heartbeat=self._config.heartbeat_seconds,
                    epoch=greeting.epoch,
                )
            )
            self._hub.add(connection, since=self._since)
        self._presence.arrived(connection.id, identity.user)
        self._counts.add("sockets_opened")
        log.info(
            "socket open connection=%s user=%s address=%s",
            connection.id, identity.user, connection.address,
        )  # fmt: skip
        # A new handshake asks the host anew, so that a sign-in that has expired ends here too.
        # Spread out, so that those who came together do not leave together.
        connection.expire(
            self._config.socket_max_age * random.uniform(0.8, 1),  # noqa: S311
            protocol.RESTART,
            "sign in anew",
            bye=protocol.bye((0, 1000)),
        )

    def _hear(self, connection: Connection, texts: Iterable[str]) -> None:
        begun: Unfinished = deque()
        try:
            for text in texts:
                if connection.identity is None:
                    self._authenticate(connection, text)
                else:
                    self._carry_out(connection, connection.identity, text, begun)
            self._finish(connection, begun)
        except RateLimited:  # ends the socket; what was said before it counts all the same
            self._finish(connection, begun)
            raise
        finally:
            for _, rest in begun:
                rest.close()

    def _authenticate(self, connection: Connection, text: str) -> None:
        ticket = _ticket_in(text)
        with database.translated():
            identity, age_seconds = tickets.read(ticket)
            if chat.host.active_user(identity) is None:
                raise Unauthorized()
            greeting = sync.greeting()
        # A ticket is as old as the sign-in it stands for: a revocation since then ends it, too.
        self._since = min(self._since, time.monotonic() - age_seconds)
        connection.identity = identity
        self._welcome(connection, identity, greeting)

    def _carry_out(
        self, connection: Connection, identity: Identity, text: str, begun: Unfinished
    ) -> None:
        command: Command | None = None
        try:
            command = protocol.decode(text)
            self._require_small(text)
            if command.type not in beginning:
                self._finish(connection, begun)
            self._dispatch(Call(connection, identity, command.data), command, begun)
        except Unauthorized:
            raise  # ends the socket
        except ChatError as problem:
            self._finish(connection, begun)  # what came before it is answered before it
            self._complain(connection, command, problem, text)
        except Exception:
            log.exception("connection %s: a command failed", connection.id)
            self._finish(connection, begun)
            self._complain(connection, command, ChatError(), text)

    def _finish(self, connection: Connection, begun: Unfinished) -> None:
        """Wait for what was begun, and answer it."""
        while begun:
            command, rest = begun.popleft()
            try:
                next(rest)
            except StopIteration as done:
                self._answer(connection, command, done.value)
            except Unauthorized:
                raise
            except ChatError as problem:
                self._complain(connection, command, problem)
            except Exception:
                log.exception("connection %s: a command failed", connection.id)
                self._complain(connection, command, ChatError())

    def _require_small(self, text: str) -> None:
        most = self._config.frame_limit
        if len(text) > most or (len(text) > most // 4 and len(text.encode()) > most):
            raise TooLarge(f"A frame can have at most {most} bytes.")

    def _dispatch(self, call: Call, command: Command, begun: Unfinished) -> None:
        if (handler := unanswered.get(command.type)) is not None:
            handler(call)
            self._counts.add("commands")
        elif (handler := answered.get(command.type)) is not None:
            if command.ref is None:
                raise Malformed(f"`{command.type}` is answered: give it a `ref`.")
            result = handler(call)
            if isinstance(result, Generator):
                next(result)
                begun.append((command, result))
                return
            self._answer(call.connection, command, result)
        else:
            raise Invalid(f"There is no command {command.type[:64]!r}.")
        database.give_back()  # the next command finds nothing of this one

    def _answer(self, connection: Connection, command: Command, data: Data | None) -> None:
        connection.send(protocol.reply(cast(str, command.ref), data or {}))
        self._counts.add("commands")

    def _complain(
        self, connection: Connection, command: Command | None, problem: ChatError, text: str = ""
    ) -> None:
        database.give_back()
        self._counts.add("command_errors")
        if command is not None and command.type in unanswered:
            log.debug("connection %s: %s: %s", connection.id, command.type, problem.code)
            return
        # A frame that could not be read may still say by which ref its sender waits.
        ref = command.ref if command else protocol.ref_of(text)
        connection.send(protocol.error(problem, ref))


def _ticket_in(text: str) -> str:
    """The ticket of a first frame; whoever shows none is nobody, whatever they sent."""
    try:
        command = protocol.decode(text)
        if command.type != "auth":
            raise Invalid()
        ticket: str = schemas.TICKET.read(command.data)["ticket"]
    except (Malformed, Invalid):
        raise Unauthorized("The first frame must be `auth` with a ticket.") from None
    return ticket
