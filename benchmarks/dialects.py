"""How each kind of server is spoken to: the address, the first frames, the frame of a message.

The crowd knows a message by the mark that it put into its text, so a dialect has to read nothing
but the frames that come before the first message, and the heartbeat.
"""

from __future__ import annotations

import json


class Plain:
    """JSON over ``/ws?token=…``, as the rivals without a protocol of their own speak it."""

    greeting = b'"ready"'

    def request(self, user: int) -> bytes:
        """What the handshake asks for: the path, and headers of its own."""
        return f"GET /ws?token=token-{user} HTTP/1.1\r\n".encode()

    def page(self, user: int, path: str) -> bytes:
        """The same, of an ordinary page."""
        raise NotImplementedError

    def answer(self, payload: bytes) -> bytes | None:
        """What to say to a frame that is no message, if anything."""
        return None

    def message(self, conversation: int, number: int, text: str) -> bytes:
        """The command that sends this text, which no other message has the number of."""
        return json.dumps({"conversation": conversation, "text": text}).encode()


class SocketIO(Plain):
    """Socket.IO, version 5 of its protocol, WebSocket from the first byte."""

    greeting = b"40"

    def request(self, user: int) -> bytes:
        path = f"/socket.io/?EIO=4&transport=websocket&token=token-{user}"
        return f"GET {path} HTTP/1.1\r\n".encode()

    def answer(self, payload: bytes) -> bytes | None:
        return {b"0": b"40", b"2": b"3"}.get(payload[:1])

    def message(self, conversation: int, number: int, text: str) -> bytes:
        body = {"conversation": conversation, "text": text}
        return b"42" + json.dumps(["message", body]).encode()


class FlaskChat(Plain):
    """Ours: the host's session cookie, a ``client_id`` for each message.

    :param cookies: a signed session for each person, the first for person 1.
    """

    greeting = b'"hello"'

    def __init__(self, cookies: list[str]) -> None:
        self._cookies = cookies

    def request(self, user: int) -> bytes:
        return self.page(user, "/chat/ws")

    def page(self, user: int, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nCookie: {self._cookies[user - 1]}\r\n".encode()

    def message(self, conversation: int, number: int, text: str) -> bytes:
        draft = {
            "conversation": str(conversation), "body": text, "client_id": f"bench-{number:010}",
        }  # fmt: skip
        return json.dumps({"type": "message.post", "ref": str(number), "data": draft}).encode()
