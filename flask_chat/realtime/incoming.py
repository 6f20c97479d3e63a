"""What a client sends, read as WebSocket frames and put together into texts.

No I/O: an engine feeds bytes and does what the results say. The reading itself is
`websockets`' sans-I/O protocol; kept beside it here are the fragments of one message, the pong
we owe and the close frame we owe.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from .. import protocol
from . import frames

UNSUPPORTED_DATA = 1003  # a binary message, where only text is spoken

# Belongs to no tree on purpose: at level DEBUG that library logs what people write.
_SILENT = logging.Logger("flask_chat.realtime.silent", level=logging.CRITICAL + 1)


class Incoming:
    """The reading side of one socket.

    :param ceiling: largest message in bytes, over all its fragments. A frame that declares more
        is refused when its header has been read; no room is made for it.
    :ivar pong: the answer to the newest ping of the last ``feed``; older ones need none
        (RFC 6455, section 5.5.3).
    :ivar goodbye: the close frame to send: the peer has closed, or broken the rules.
    :ivar is_ended: the peer has closed in due form; nothing more will come.
    """

    __slots__ = ("_message", "_protocol", "goodbye", "is_ended", "pong")

    def __init__(self, ceiling: int) -> None:
        self._protocol = Protocol(Side.SERVER, max_size=ceiling, logger=_SILENT)
        self._message: bytearray | None = None
        self.pong: bytes | None = None
        self.goodbye: bytes | None = None
        self.is_ended = False

    def feed(self, received: bytes) -> Iterator[str | None]:
        """Read more bytes.

        :returns: one item for every frame that is now whole: the text where it ends a message,
            else ``None``. Iterate to the end before looking at ``goodbye``: it stands behind them.
        """
        self._protocol.receive_data(received)
        whole = self._protocol.events_received()
        self.pong = goodbye = None
        for wire in self._protocol.data_to_send():
            if wire[:1] == bytes((frames.PONG,)):
                self.pong = wire
            elif wire[:1] == bytes((frames.CLOSE,)):
                goodbye = wire
        return self._texts([event for event in whole if isinstance(event, Frame)], goodbye)

    def _texts(self, whole: list[Frame], goodbye: bytes | None) -> Iterator[str | None]:
        for frame in whole:
            if frame.opcode is Opcode.CLOSE:
                self.is_ended = True
            elif self.goodbye is None:
                yield self._text(frame)
        if self.goodbye is None:
            self.goodbye = goodbye

    def _text(self, frame: Frame) -> str | None:
        if frame.opcode is Opcode.BINARY:
            self.goodbye = frames.close(UNSUPPORTED_DATA, "text only")
        elif frame.opcode is Opcode.TEXT and frame.fin:
            return self._decode(frame.data)
        elif frame.opcode is Opcode.TEXT:
            self._message = bytearray(frame.data)
        elif frame.opcode is Opcode.CONT:
            return self._continue(frame)
        return None

    def _continue(self, frame: Frame) -> str | None:
        if self._message is None:
            return None
        self._message += frame.data
        if not frame.fin:
            return None
        message, self._message = self._message, None
        return self._decode(message)

    def _decode(self, message: bytes | bytearray | memoryview) -> str | None:
        try:
            return str(message, "utf-8")
        except UnicodeDecodeError:
            self.goodbye = frames.close(protocol.INVALID_DATA, "not UTF-8")
            return None
