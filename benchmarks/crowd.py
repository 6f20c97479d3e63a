"""The clients of a server: thousands of sockets in one thread, which count what they hear.

A client reads frames as they come and knows three kinds: one with a mark (``@@`` and ten digits,
put there by whoever sent the message), the heartbeat, which it answers, and the rest. The crowd
never waits for a server that is behind: a scenario that sends by the clock sends by the clock.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import socket
import time
from collections.abc import Callable, Iterable

from .dialects import Plain

now = time.perf_counter
AT_ONCE = 20
OPEN_SECONDS = 60
PER_ADDRESS = 5000  # clients that come from one loopback address
TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A
END = (
    b"Host: 127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:PORT\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    b"Accept-Language: de,en-US;q=0.7,en;q=0.3\r\nAccept-Encoding: gzip, deflate\r\n\r\n"
)
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + END
)


class Client:
    """One socket, from its first byte to its last; the moments are seconds of ``now``."""

    __slots__ = ("begun", "ended", "greeted", "is_upgraded", "line", "sock", "tail", "user")

    def __init__(self, user: int, sock: socket.socket, request: bytes) -> None:
        self.user, self.sock, self.line = user, sock, sock.fileno()
        self.begun, self.greeted, self.ended = now(), 0.0, 0.0
        self.is_upgraded = False
        self.tail = request  # what is not sent yet, then what is not read yet


class Crowd:
    """All clients of one server, which may listen on several ports."""

    def __init__(self, ports: Iterable[int], dialect: Plain) -> None:
        self.dialect = dialect
        self.heard: Callable[[Client, int], None] = lambda client, number: None
        self.dropped = 0
        self._ports = list(ports)
        self._epoll = select.epoll()
        self._clients: dict[int, Client] = {}
        self._done: list[Client] = []
        self._numbers = itertools.count(1)
        self._addresses = itertools.count()

    def open(self, user: int, *, receive_buffer: int = 0) -> Client:
        """Begin a socket of this person; ``turn`` tells when it is greeted, or turned away."""
        return self._begin(user, self.dialect.request(user) + UPGRADE, receive_buffer)

    def ask(self, user: int, path: str) -> Client:
        """Ask for a page instead; ``turn`` tells when it is there, and it has ended then."""
        return self._begin(user, self.dialect.page(user, path) + END)

    def _begin(self, user: int, request: bytes, receive_buffer: int = 0) -> Client:
        port = self._ports[user % len(self._ports)]
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.bind((f"127.0.0.{2 + next(self._addresses) // PER_ADDRESS % 200}", 0))
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            sock.connect(("127.0.0.1", port))
        client = Client(user, sock, request.replace(b"PORT", b"%d" % port))
        self._clients[client.line] = client
        self._epoll.register(client.line, select.EPOLLOUT)
        return client

    def open_all(self, users: Iterable[int], at_once: int = AT_ONCE) -> list[Client]:
        """Open these sockets, so many at a time; the ones that were greeted, in the order given.

        :raises ConnectionError: if some were turned away.
        """
        opened, waiting, under_way = [], iter(users), 0
        deadline = now() + OPEN_SECONDS
        while True:
            for user in itertools.islice(waiting, at_once - under_way):
                opened.append(self.open(user))
                under_way += 1
            if not under_way:
                return opened
            for client in self.turn(1):
                under_way -= 1
                if client.ended:
                    raise ConnectionError(f"{client.user} was turned away: {client.tail[:200]!r}")
            if now() > deadline:
                raise ConnectionError(f"{under_way} were not greeted in {OPEN_SECONDS} s")

    def say(self, client: Client, conversation: int, size: int = 100) -> tuple[int, float]:
        """Send a new message of so many characters; its number, and when it left."""
        number = next(self._numbers)
        text = f"@@{number:010}@@".ljust(size, "x")
        wire = masked(TEXT, self.dialect.message(conversation, number, text))
        moment = now()
        self._send(client, wire)
        return number, moment

    def turn(self, seconds: float) -> list[Client]:
        """Read what has come, wait so long for it; who was greeted or turned away meanwhile."""
        for line, event in self._epoll.poll(max(0.0, seconds)):
            client = self._clients.get(line)
            if client is None:
                continue
            if event & select.EPOLLOUT:
                self._write(client)
            else:
                self._read(client)
        done, self._done = self._done, []
        return done

    def listen(self, seconds: float) -> None:
        """Do nothing but read, for so long."""
        until = now() + seconds
        while (left := until - now()) > 0:
            self.turn(left)

    def stop_reading(self, client: Client) -> None:
        """As a device does that has gone to sleep with its socket open."""
        self._epoll.unregister(client.line)

    def read_on(self, client: Client) -> None:
        self._epoll.register(client.line, select.EPOLLIN)

    def leave(self, client: Client, *, politely: bool = True) -> None:
        """End the socket, with a close frame or, as half of all tabs do, without."""
        if client.ended:
            return
        if politely:
            self._send(client, masked(CLOSE, b"\x03\xe8"))
        self._forget(client)

    def hang_up(self) -> None:
        """End them all."""
        for client in list(self._clients.values()):
            self._forget(client)
        self._epoll.close()

    def _write(self, client: Client) -> None:
        """The connection stands: ask for the upgrade, or send the rest of a message."""
        try:
            client.tail = client.tail[client.sock.send(client.tail) :]
        except OSError:
            self._lost(client)
            return
        if not client.tail:
            self._epoll.modify(client.line, select.EPOLLIN)

    def _read(self, client: Client) -> None:
        try:
            chunk = client.sock.recv(262_144)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._lost(client)
        elif client.is_upgraded:
            self._frames(client, client.tail + chunk if client.tail else chunk)
        else:
            self._upgrade(client, client.tail + chunk)

    def _upgrade(self, client: Client, answer: bytes) -> None:
        head, end, rest = answer.partition(b"\r\n\r\n")
        client.tail = answer
        if not end:
            return
        if not head.startswith(b"HTTP/1.1 101"):
            self._lost(client)
            return
        client.is_upgraded, client.tail = True, b""
        self._frames(client, rest)

    def _frames(self, client: Client, chunk: bytes) -> None:
        """Every whole frame; servers do not mask, and none of them splits a message."""
        at, end = 0, len(chunk)
        while end - at >= 2:
            size, body = chunk[at + 1], at + 2
            if size > 125:
                body += 2 if size == 126 else 8
                size = int.from_bytes(chunk[at + 2 : body], "big")
            if body + size > end:
                break
            mark = chunk.find(b"@@", body, body + size)
            if mark >= 0:
                self.heard(client, int(chunk[mark + 2 : mark + 12]))
            else:
                self._control(client, chunk[at], chunk[body : body + size])
            at = body + size
        client.tail = chunk[at:]

    def _control(self, client: Client, first: int, payload: bytes) -> None:
        if first == PING:
            self._send(client, masked(PONG, payload))
        elif first == CLOSE:
            self._lost(client)
        elif (answer := self.dialect.answer(payload)) is not None:
            self._send(client, masked(TEXT, answer))
        elif not client.greeted and self.dialect.greeting in payload:
            client.greeted = now()
            self._done.append(client)

    def _send(self, client: Client, wire: bytes) -> None:
        """These servers read; who does not take a whole command at once is lost with the run."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            sent = client.sock.send(wire)
            if sent < len(wire):
                client.sock.setblocking(True)
                client.sock.sendall(wire[sent:])
                client.sock.setblocking(False)

    def _lost(self, client: Client) -> None:
        self.dropped += 1
        if not client.greeted:
            self._done.append(client)
        self._forget(client)

    def _forget(self, client: Client) -> None:
        if self._clients.pop(client.line, None):
            client.ended = now()
            with contextlib.suppress(FileNotFoundError, ValueError):
                self._epoll.unregister(client.line)
            client.sock.close()


def masked(first: int, payload: bytes) -> bytes:
    """A client's frame. Masked as the protocol wants it, so that servers have to take it off."""
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65536:
        head = bytes((first, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0xFF)) + size.to_bytes(8, "big")
    key = os.urandom(4)
    stretched = int.from_bytes((key * (size // 4 + 1))[:size], "big")
    return head + key + (int.from_bytes(payload, "big") ^ stretched).to_bytes(size, "big")
