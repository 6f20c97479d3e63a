"""What a client sends, read as WebSocket frames and put together into texts (RFC 6455).

No I/O: an engine feeds bytes and does what the results say. A client's frame is a header of two
to ten bytes, four bytes of mask, and the payload; what may be wrong with it can be seen in the
header, so no room is made for a payload that will be refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import protocol
from . import frames

PROTOCOL_ERROR = 1002
UNSUPPORTED_DATA = 1003  # a binary message, where only text is spoken

_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_KNOWN = frozenset((_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG))
_FIN, _RESERVED, _OPCODE, _MASKED = 0x80, 0x70, 0x0F, 0x80
_CONTROL = 0x08  # the bit that all control frames share (section 5.5)
_CONTROL_BYTES = 125  # and how much they may carry

# Codes that may travel: section 7.4.1, and IANA's registry for 1012 to 1014.
_STANDARD_CODES = frozenset((1000, 1001, 1002, 1003, *range(1007, 1015)))


class Incoming:
    """The reading side of one socket.

    :param ceiling: largest message in bytes, over all its fragments. A frame that declares more
        is refused when its header has been read; no room is made for it.
    :ivar pong: the answer to the newest ping of the last ``feed``; older ones need none
        (RFC 6455, section 5.5.3).
    :ivar goodbye: the close frame to send: the peer has closed, or broken the rules.
    :ivar is_ended: the peer has closed in due form; nothing more will come.
    """

    __slots__ = (
        "_ceiling", "_is_deaf", "_message", "_need", "_rest", "goodbye", "is_ended", "pong",
    )  # fmt: skip

    def __init__(self, ceiling: int) -> None:
        self._ceiling = ceiling
        self._rest = bytearray()  # the beginning of a frame that is not whole yet
        self._need = 0  # how long it must be before another look at it is of use
        self._message: bytearray | None = None  # the fragments of one message so far
        self._is_deaf = False  # what follows cannot be frames
        self.pong: bytes | None = None
        self.goodbye: bytes | None = None
        self.is_ended = False

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is begun and nothing is wrong: a new reader would do as well."""
        return not self._rest and self._message is None and self.goodbye is None

    def feed(self, received: bytes | bytearray) -> Iterable[str | None]:
        """Read more bytes.

        :returns: one item for every frame that is now whole: the text where it ends a message,
            else ``None``. They stand before ``goodbye``, and are to be told before it is sent.
        """
        self.pong = None
        if self.is_at_rest and len(received) <= self._ceiling and _is_short_text(received):
            return (self._decode(_unmasked(received, 6, len(received))),)
        if self._rest:
            self._rest += received
            if len(self._rest) < self._need:
                return ()
            received, self._rest = self._rest, bytearray()
        whole: list[str | None] = []
        at = 0
        while not self._is_deaf:
            end = self._read(received, at, whole)
            if not end:
                self._rest += received[at:]
                break
            at = end
        return whole

    def _read(self, received: bytes | bytearray, at: int, whole: list[str | None]) -> int:
        """Read the frame that begins at ``at``; where it ends, or 0 if it is not whole."""
        have = len(received) - at
        if have < 2:
            self._need = 2
            return 0
        first, second = received[at], received[at + 1]
        length, body = second & 0x7F, at + 6
        if length > _CONTROL_BYTES:
            wide = 2 if length == 126 else 8
            if have < 2 + wide:
                self._need = 2 + wide
                return self._refuse_early(first, second)
            length, body = int.from_bytes(received[at + 2 : at + 2 + wide]), body + wide
        if self._refuse(first, second, length):
            return 0
        end = body + length
        if end > len(received):
            self._need = end - at
            return 0
        self._take(first, _unmasked(received, body, end), whole)
        return end

    # What may not be: told by the header alone.

    def _refuse_early(self, first: int, second: int) -> int:
        self._refuse(first, second, 0)
        return 0

    def _refuse(self, first: int, second: int, length: int) -> bool:
        opcode = first & _OPCODE
        if opcode not in _KNOWN or not second & _MASKED:
            self._fail(PROTOCOL_ERROR, "not a client's frame")
        elif length > self._room(opcode):
            self._fail(protocol.TOO_BIG, f"more than {self._ceiling} bytes")
        elif first & _RESERVED:
            self._fail(PROTOCOL_ERROR, "reserved bits")  # no extension was agreed on
        elif opcode & _CONTROL:
            if second & 0x7F > _CONTROL_BYTES or not first & _FIN:
                self._fail(PROTOCOL_ERROR, "a control frame too long, or in fragments")
        elif (opcode == _CONTINUATION) == (self._message is None):
            self._fail(PROTOCOL_ERROR, "fragments out of order")
        return self._is_deaf

    def _room(self, opcode: int) -> int:
        begun = 0 if self._message is None or opcode & _CONTROL else len(self._message)
        return self._ceiling - begun

    def _fail(self, code: int, reason: str) -> None:
        self._is_deaf = True
        self._part(frames.close(code, reason))

    def _part(self, goodbye: bytes) -> None:
        if self.goodbye is None:
            self.goodbye = goodbye

    # What is allowed.

    def _take(self, first: int, payload: bytearray, whole: list[str | None]) -> None:
        opcode = first & _OPCODE
        if opcode == _CLOSE:
            self._close(payload)
            return
        if opcode == _PING:
            self.pong = frames.pong(bytes(payload))
        is_heard = self.goodbye is None  # afterwards only the peer's own close matters
        text = None
        if opcode == _TEXT and first & _FIN:
            text = self._decode(payload)
        elif opcode == _BINARY:
            self._part(frames.close(UNSUPPORTED_DATA, "text only"))
            self._message = None if first & _FIN else payload
        elif opcode in (_TEXT, _CONTINUATION):
            text = self._join(first, payload)
        if is_heard:
            whole.append(text)

    def _join(self, first: int, payload: bytearray) -> str | None:
        self._message = bytearray() if self._message is None else self._message
        self._message += payload
        if not first & _FIN:
            return None
        message, self._message = self._message, None
        return self._decode(message)

    def _decode(self, message: bytearray) -> str | None:
        try:
            return str(message, "utf-8")
        except UnicodeDecodeError:
            self._part(frames.close(protocol.INVALID_DATA, "not UTF-8"))
            return None

    def _close(self, payload: bytearray) -> None:
        """The peer's close is answered with its own words (section 5.5.1)."""
        try:
            reason = payload[2:].decode()
        except UnicodeDecodeError:
            self._fail(protocol.INVALID_DATA, "not UTF-8")
            return
        code = int.from_bytes(payload[:2])
        if payload and not (code in _STANDARD_CODES or 3000 <= code < 5000):
            self._fail(PROTOCOL_ERROR, "not a close code")
            return
        self.is_ended = self._is_deaf = True
        self._part(frames.close(code if payload else frames.NO_STATUS, reason))


def _is_short_text(received: bytes | bytearray) -> bool:
    """Whether this is one whole short text and nothing else, as most of what comes is."""
    length = len(received) - 6
    return 0 <= length <= _CONTROL_BYTES and received[0] == 0x81 and received[1] == length | _MASKED


def _unmasked(received: bytes | bytearray, body: int, end: int) -> bytearray:
    """The payload between two places; the mask stands before it (RFC 6455, section 5.3)."""
    payload = bytearray(received[body:end])
    # Every fourth byte has the same byte of the mask: four translations, and no loop over bytes.
    for place, byte in enumerate(received[body - 4 : body]):
        payload[place::4] = payload[place::4].translate(_MASKS[byte])
    return payload


def _masks() -> tuple[bytes, ...]:
    every = int.from_bytes(range(256))
    return tuple(
        (every ^ int.from_bytes(bytes((byte,)) * 256)).to_bytes(256) for byte in range(256)
    )


_MASKS = _masks()  # for each byte of a mask, what becomes of every byte under it
