"""A browser without a page: it signs in through the host's form, keeps cookies, opens sockets.

Nothing here sleeps. A socket's frames are collected by a thread; a test waits for one with a
deadline, or puts up a :meth:`Socket.fence` when it wants to know that there was none.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import re
import secrets
import socket
import struct
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import websocket

from tests.support.catching import Catching
from tests.support.pace import paced
from tests.support.servers import Server

Frame = dict[str, Any]

#: How long a test waits for what surely comes; never how soon it has to.
PATIENCE_SECONDS = max(5, paced(60))

_open: list[Socket] = []

_ACCOMPANYING = {"hello", "heartbeat", "reply", "error", "typing", "presence"}


@dataclass(frozen=True)
class Answer:
    """What an HTTP request was answered with."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of our error."""
        found: str = self.json["error"]["code"]
        return found


class Browser:
    """One browser: its cookies, its requests, its sockets.

    :param address: where it comes from; every address of 127/8 is this machine.
    :param app: the path below which the host lives.
    :param chat: the path of the chat in the host.
    """

    def __init__(
        self, server: Server, address: str = "127.0.0.1", *, app: str = "", chat: str = "/chat"
    ) -> None:
        self.server = server
        self.address = address
        self.app = app
        self.chat = app + chat
        self.cookies: dict[str, str] = {}
        self.csrf: tuple[str, str] | None = None
        self.id = ""
        self._sockets: list[Socket] = []

    def sign_in(self, username: str, password: str = "demo") -> Browser:
        """Sign in through the host's form."""
        fields = {"username": username, "password": password}
        page = self.request("GET", f"{self.app}/login").body.decode()
        if token := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page):
            fields["csrf_token"] = token[1]
        assert self.post_form(f"{self.app}/login", fields).status == 302, username
        session = self.request("GET", f"{self.chat}/api/session").json
        self.id = session["user"]["id"]
        if session["csrf"]:
            self.csrf = session["csrf"]["header"], session["csrf"]["token"]
        return self

    def another(self) -> Browser:
        """A second tab: the same cookies, as they are now."""
        tab = Browser(self.server, self.address)
        tab.app, tab.chat = self.app, self.chat
        tab.cookies, tab.csrf, tab.id = dict(self.cookies), self.csrf, self.id
        return tab

    def at(self, server: Server) -> Browser:
        """The same person at another process of the same host."""
        tab = self.another()
        tab.server = server
        return tab

    # HTTP

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """A request; header names are given with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = self.cookie
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=15, source_address=(self.address, 0)
        )
        with contextlib.closing(connection):
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def post_form(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        """Send a form of the host's pages."""
        fields = dict(fields or {})
        if self.csrf:
            fields.setdefault("csrf_token", self.csrf[1])
        kind = "application/x-www-form-urlencoded"
        return self.request("POST", path, urlencode(fields).encode(), Content_Type=kind)

    def api(self, method: str, path: str, **values: Any) -> Answer:
        """A request of the chat's API, as the widget makes it."""
        headers = {"Origin": self.server.origin}
        if self.csrf:
            headers[self.csrf[0].replace("-", "_")] = self.csrf[1]
        body = None
        if method not in ("GET", "DELETE"):
            headers["Content_Type"], body = "application/json", json.dumps(values).encode()
        return self.request(method, f"{self.chat}/api{path}", body, **headers)

    # What tests do all the time

    def group(self, title: str, *members: Browser) -> str:
        """A new group; its id."""
        users = [member.id for member in members]
        answer = self.api("POST", "/conversations", kind="group", title=title, members=users)
        assert answer.status == 201, answer.body
        return str(answer.json["conversation"]["id"])

    def direct(self, other: Browser) -> str:
        """The direct conversation with somebody; its id."""
        answer = self.api("POST", "/conversations", kind="direct", user=other.id)
        assert answer.status in (200, 201), answer.body
        return str(answer.json["conversation"]["id"])

    def post(self, conversation: str, body: str) -> dict[str, Any]:
        """Send a message over REST; the message."""
        answer = self.api(
            "POST", f"/conversations/{conversation}/messages", body=body, client_id=new_client_id()
        )
        assert answer.status == 201, answer.body
        found: dict[str, Any] = answer.json["message"]
        return found

    def history(self, conversation: str) -> list[dict[str, Any]]:
        """The whole history, oldest first."""
        pages: list[list[dict[str, Any]]] = []
        place = ""
        while True:
            answer = self.api("GET", f"/conversations/{conversation}/messages?limit=200{place}")
            assert answer.status == 200, answer.body
            pages.insert(0, answer.json["messages"])
            if not answer.json["more"]:
                return list(itertools.chain(*pages))
            place = f"&before={pages[0][0]['seq']}"

    # Sockets

    def socket(self, **options: Any) -> Socket:
        """Open a socket and see it greeted."""
        opened = self.knock(**options)
        opened.expect("hello")
        return opened

    def knock(
        self,
        *,
        query: str = "",
        origin: str | None = "own",
        habit: str | None = None,
        reading: bool = True,
        receive_buffer: int = 0,
    ) -> Socket:
        """Open a socket, whatever it is answered.

        :param origin: the header; ``None`` leaves it out.
        :param habit: what the tiny host is to do with this request.
        :param reading: collect what arrives; without, the kernel's buffer fills up.
        :raises websocket.WebSocketBadStatusException: if there is no 101.
        """
        line = socket.socket()
        if receive_buffer:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        line.settimeout(15)
        line.bind((self.address, 0))
        line.connect(("127.0.0.1", self.server.port))
        try:
            opened = websocket.create_connection(
                f"ws://127.0.0.1:{self.server.port}{self.chat}/ws{query}",
                socket=line,
                cookie=self.cookie or None,
                origin=self.server.origin if origin == "own" else origin,
                suppress_origin=origin is None,
                header={"X-Host": habit} if habit else None,
            )
        except BaseException:
            line.close()
            raise
        catching = Catching(self._ask) if os.environ.get("LOSSY_BUS") else None
        self._sockets.append(Socket(opened, reading=reading, catching=catching))
        _open.append(self._sockets[-1])
        return self._sockets[-1]

    def _ask(self, method: str, path: str, **values: Any) -> Any:
        answer = self.another().api(method, path, **values)
        return answer.json if answer.status == 200 else None

    def hang_up(self) -> None:
        """Close every socket of this browser."""
        while self._sockets:
            self._sockets.pop().hang_up()


class Socket:
    """One open socket, and everything it was told.

    :ivar frames: all frames, in the order in which they came.
    :ivar headers: those of the 101.
    """

    def __init__(
        self,
        opened: websocket.WebSocket,
        *,
        reading: bool = True,
        catching: Catching | None = None,
    ) -> None:
        self._catching = catching
        self.frames: list[Frame] = []
        self.headers = opened.getheaders() or {}
        self._socket = opened
        self._line = opened.sock
        self._code: int | None = None
        self._is_over = False
        self._changed = threading.Condition()  # guards frames, _inbox, _code and _is_over
        self._inbox: list[Frame] = []
        self._refs = itertools.count(1)
        self._sending = threading.Lock()
        self._reader: threading.Thread | None = None
        if reading:
            self.read_on()

    def read_on(self) -> None:
        """Begin to read."""
        self._socket.settimeout(None)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            while True:
                opcode, frame = self._socket.recv_data_frame(control_frame=True)
                if opcode == websocket.ABNF.OPCODE_TEXT:
                    self._hear(json.loads(frame.data))
                elif opcode == websocket.ABNF.OPCODE_CLOSE:
                    if len(frame.data) >= 2:
                        self._code = struct.unpack("!H", frame.data[:2])[0]
                    return
        except (OSError, websocket.WebSocketException):
            return
        finally:
            with self._changed:
                self._is_over = True
                self._changed.notify_all()

    def _hear(self, frame: Frame) -> None:
        for known in self._catching.take(frame) if self._catching else [frame]:
            self._keep(known)

    def _keep(self, frame: Frame) -> None:
        with self._changed:
            self.frames.append(frame)
            self._inbox.append(frame)
            self._changed.notify_all()

    # Waiting

    def expect(self, kind: str, within: float = PATIENCE_SECONDS, **fields: Any) -> Frame:
        """The next frame of this type with these fields; each is found once."""
        found: Frame = self._wait(lambda: self._take(kind, fields), within, f"no {kind} {fields}")
        return found

    def closed(self, within: float = PATIENCE_SECONDS) -> int | None:
        """Wait for the end; the close code, or ``None`` for an end without one."""
        self._wait(lambda: self._is_over or None, within, "not closed")
        return self._code

    def _wait(self, found: Any, within: float, problem: str) -> Any:
        deadline = time.monotonic() + within
        with self._changed:
            while (result := found()) is None:
                left = deadline - time.monotonic()
                if left <= 0 or self._is_over:
                    raise AssertionError(f"{problem}; {self._code=}; got {self.frames}")
                self._changed.wait(left)
            return result

    def _take(self, kind: str, fields: Frame) -> Frame | None:
        for place, frame in enumerate(self._inbox):
            if frame["type"] == kind and fields.items() <= frame.items():
                return self._inbox.pop(place)
        return None

    def rest(self) -> bytes:
        """What comes after the end of the frames, up to the end of the connection."""
        with contextlib.suppress(OSError):
            self._line.settimeout(5)
            return b"".join(iter(lambda: self._line.recv(65536), b""))
        return b""

    @property
    def is_open(self) -> bool:
        return not self._is_over

    @property
    def events(self) -> list[Frame]:
        """What it was told of conversations, so far."""
        with self._changed:
            return [frame for frame in self.frames if frame["type"] not in _ACCOMPANYING]

    def events_of(self, conversation: str) -> list[Frame]:
        """What it was told of one conversation, so far."""
        return [frame for frame in self.events if frame.get("conversation") == conversation]

    # Saying

    def send(self, frame: Frame | str | bytes, opcode: int = websocket.ABNF.OPCODE_TEXT) -> None:
        """Send a frame as it is."""
        payload = frame if isinstance(frame, str | bytes) else _text(frame)
        with self._sending:
            self._socket.send(payload, opcode)

    def send_together(self, frames: Iterable[Frame]) -> None:
        """Send several frames in one packet."""
        wires = [
            websocket.ABNF.create_frame(_text(frame), websocket.ABNF.OPCODE_TEXT).format()
            for frame in frames
        ]
        with self._sending:
            self._line.sendall(b"".join(wires))

    def send_bytes(self, payload: bytes) -> None:
        """Send bytes that are no frame of ours."""
        self._line.sendall(payload)

    def tell(self, kind: str, **data: Any) -> None:
        """A command that is not answered."""
        self.send({"type": kind, "data": data})

    def ask(self, kind: str, within: float = PATIENCE_SECONDS, **data: Any) -> Frame:
        """A command that is answered; the answer."""
        ref = self.begin(kind, **data)
        return self.answer(ref, within)

    def begin(self, kind: str, **data: Any) -> str:
        """Send a command; the ref by which its answer will be known."""
        ref = f"r{next(self._refs)}"
        self.send({"type": kind, "ref": ref, "data": data})
        return ref

    def answer(self, ref: str, within: float = PATIENCE_SECONDS) -> Frame:
        """The answer to a command: a ``reply`` or an ``error``."""

        def found() -> Frame | None:
            return self._take("reply", {"ref": ref}) or self._take("error", {"ref": ref})

        answer: Frame = self._wait(found, within, f"no answer to {ref}")
        return answer

    def post(self, conversation: str, body: str, client_id: str | None = None) -> Frame:
        """Send a message; the answer."""
        return self.ask(
            "message.post",
            conversation=conversation, body=body, client_id=client_id or new_client_id(),
        )  # fmt: skip

    def fence(self, within: float = PATIENCE_SECONDS) -> None:
        """Wait until all that the server has sent so far is here."""
        assert self.ask("conversation.read", within)["code"] == "invalid"

    def hang_up(self) -> None:
        """Close the connection, without ceremony."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        if self._reader is not None:
            self._reader.join(5)
        self._line.close()


def _text(frame: Frame) -> str:
    """As browsers write it; a lone surrogate, which UTF-8 cannot hold, they write as an escape."""
    text = json.dumps(frame, ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def hang_up_all() -> None:
    """Close every socket of every browser; after each test."""
    while _open:
        _open.pop().hang_up()


def new_client_id() -> str:
    """A mark that no other message has."""
    return secrets.token_hex(16)
