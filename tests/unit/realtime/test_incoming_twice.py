"""Two readers of the same bytes: ours, and `websockets`' protocol as the second opinion.

Whatever a client sends, and however it is cut, both must hear the same texts, answer the same
pings and close for the same reason.
"""

from __future__ import annotations

import itertools
import logging
import struct
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from flask_chat.realtime.incoming import Incoming

CEILING = 70_000
BORDERS = (0, 1, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537, CEILING, CEILING + 1)


class Heard:
    """What a reader made of a stream."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.pongs: list[bytes] = []
        self.code: int | None = None
        self.is_ended = False

    def __repr__(self) -> str:
        return f"{self.texts} {self.pongs} {self.code} {self.is_ended}"

    def __eq__(self, other: object) -> bool:
        return repr(self) == repr(other)


def ours(pieces: list[bytes]) -> Heard:
    heard, incoming = Heard(), Incoming(CEILING)
    for piece in pieces:
        heard.texts += [text for text in incoming.feed(piece) if text is not None]
        heard.pongs += [incoming.pong] if incoming.pong else []
    if incoming.goodbye is not None:
        heard.code = int.from_bytes(incoming.goodbye[2:4]) or 1005
    heard.is_ended = incoming.is_ended
    return heard


def theirs(pieces: list[bytes]) -> Heard:
    """`websockets`, with what it leaves to its users added: joining, and text only."""
    heard, reader = Heard(), Protocol(Side.SERVER, max_size=CEILING, logger=_SILENT)
    message = b""
    for piece in pieces:
        reader.receive_data(piece)
        pongs = []
        for wire in reader.data_to_send():
            if wire[:1] == b"\x8a":
                pongs.append(wire)
            elif wire[:1] == b"\x88" and heard.code is None:
                heard.code = int.from_bytes(wire[2:4]) or 1005
        heard.pongs += pongs[-1:]
        for event in reader.events_received():
            assert isinstance(event, Frame)
            if event.opcode is Opcode.CLOSE:
                heard.is_ended = True
            elif event.opcode in (Opcode.TEXT, Opcode.CONT):
                message += event.data
                if event.fin:
                    with suppress(UnicodeDecodeError):  # which `websockets` leaves to its users
                        heard.texts.append(message.decode())
                    message = b""
    return heard


_SILENT = logging.Logger("silent", level=logging.CRITICAL + 1)


def wire(opcode: Opcode, payload: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(stream) + 1) for place in places}), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(edges)]


def bytewise(stream: bytes) -> list[bytes]:
    return [stream[i : i + 1] for i in range(len(stream))]


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """A message in fragments, with control frames in between, cut also inside a character."""
    text = draw(st.text(max_size=60)).encode()
    edges = draw(st.lists(st.integers(0, len(text)), max_size=5))
    pieces = cut(text, edges) if text else [b""]
    stream = b""
    for number, piece in enumerate(pieces):
        opcode = Opcode.CONT if number else Opcode.TEXT
        stream += wire(opcode, piece, fin=number == len(pieces) - 1)
        for control in draw(st.lists(st.sampled_from([Opcode.PING, Opcode.PONG]), max_size=2)):
            stream += wire(control, draw(st.binary(max_size=125)))
    return stream


closes = st.one_of(
    st.just(b""),
    st.builds(
        lambda code, reason: struct.pack("!H", code) + reason.encode()[:123].decode(
            errors="ignore"
        ).encode(),
        st.one_of(st.integers(990, 1020), st.integers(2990, 3010), st.integers(0, 65535)),
        st.text(max_size=50),
    ),
    st.binary(max_size=20),
)  # fmt: skip
places = st.lists(st.integers(0, 100_000), max_size=10)


@given(st.lists(messages(), max_size=5), st.none() | closes, places)
def test_what_keeps_the_rules_is_heard_alike(
    spoken: list[bytes], close: bytes | None, cuts: list[int]
) -> None:
    stream = b"".join(spoken)
    if close is not None:
        stream += wire(Opcode.CLOSE, close) + wire(Opcode.TEXT, b"behind the close")
    for pieces in (cut(stream, cuts), bytewise(stream), [stream]):
        assert ours(pieces) == theirs(pieces)


@st.composite
def oddities(draw: st.DrawFn) -> bytes:
    """A frame that breaks a rule, or nearly does."""
    first = draw(st.integers(0, 255))
    length = draw(st.sampled_from([0, 1, 2, 3, 125, 126, 200]))
    masked = draw(st.sampled_from([0x80, 0x80, 0x80, 0]))
    wide = draw(st.booleans())
    if wide or length > 125:
        head = struct.pack("!BBH", first, masked | 126, length)
    else:
        head = bytes((first, masked | length))
    return head + (b"mask" if masked else b"") + draw(st.binary(min_size=length, max_size=length))


@given(st.lists(messages(), max_size=2), oddities(), places)
@example([], b"\x81\x81mask\x80", [])
@example([], b"\x88\x81mask\x03", [])
@example([], b"\x88\xfe\x00\x02mask\x03\xe8", [])
@example([], b"\x89\xfe\x00\x7emask" + b"x" * 126, [])
def test_what_breaks_the_rules_is_refused_alike(
    spoken: list[bytes], oddity: bytes, cuts: list[int]
) -> None:
    stream = b"".join(spoken) + oddity
    for pieces in (cut(stream, cuts), bytewise(stream), [stream]):
        mine, second = ours(pieces), theirs(pieces)
        if mine.code == 1003 or (mine.code == 1007 and second.code is None):
            continue  # only text, and UTF-8 in it: `websockets` leaves both to its users
        if mine.code == 1002 and is_wide_control(oddity):
            continue  # a short length written long (RFC 6455, 5.2 and 5.5): it is more patient
        assert mine == second


def is_wide_control(frame: bytes) -> bool:
    return bool(frame[0] & 0x08) and frame[1] & 0x7F == 126


@given(st.binary(max_size=300), places)
def test_noise_is_refused_alike_however_it_comes(noise: bytes, cuts: list[int]) -> None:
    mine = [ours(pieces) for pieces in (cut(noise, cuts), bytewise(noise), [noise])]
    assert mine[0].texts == mine[1].texts == mine[2].texts
    assert mine[0].code == mine[1].code == mine[2].code


@pytest.mark.parametrize("size", BORDERS)
def test_sizes_at_every_border_are_read_alike(size: int) -> None:
    stream = wire(Opcode.TEXT, b"x" * size) + wire(Opcode.TEXT, b"next")
    for pieces in ([stream], cut(stream, [1, 2, 3, 4, 6, 10, 14]), bytewise(stream)):
        assert ours(pieces) == theirs(pieces)
    assert ours([stream]).code == (1009 if size > CEILING else None)


DECLARED = (0, 1, 125, 126, 127, 65535, 65536, CEILING, CEILING + 1, 2**31, 2**32, 2**63 - 1, 2**63)


@pytest.mark.parametrize("length", [*DECLARED, 2**64 - 1])
@pytest.mark.parametrize("opcode", [Opcode.TEXT, Opcode.CONT, Opcode.PING, Opcode.CLOSE])
@pytest.mark.parametrize("form", ["!BBH", "!BBQ"])
def test_declared_lengths_are_judged_alike_before_a_byte_of_the_payload(
    length: int, opcode: Opcode, form: str
) -> None:
    wide, most = (126, 65535) if form == "!BBH" else (127, 2**64 - 1)
    head = struct.pack(form, 0x80 | opcode, 0x80 | wide, min(length, most)) + b"mask"
    begun = b"" if opcode is not Opcode.CONT else wire(Opcode.TEXT, b"half", fin=False)
    for pieces in ([begun + head], bytewise(begun + head)):
        mine, second = ours(pieces), theirs(pieces)
        if opcode & 0x08:  # a control frame never has a wide length (sections 5.2 and 5.5)
            assert mine.code in (1002, 1009)
        else:
            assert mine == second


@pytest.mark.parametrize("size", BORDERS)
@pytest.mark.parametrize("at", [0, 1, 125, 126, 65535, 65536])
def test_a_message_in_two_fragments_of_every_size_is_read_alike(size: int, at: int) -> None:
    payload = ("ä" * size).encode()[:size]  # cut in the middle of a character, or with a half one
    stream = wire(Opcode.TEXT, payload[:at], fin=False) + wire(Opcode.PING, b"between")
    stream += wire(Opcode.CONT, payload[at:]) + wire(Opcode.CLOSE, b"\x03\xe8")
    mine, second = ours([stream]), theirs([stream])
    if size % 2 and size <= CEILING:
        assert (mine.texts, mine.code) == ([], 1007)  # which `websockets` leaves to its users
    else:
        assert mine == second
        assert mine.code == (1009 if size > CEILING else 1000)
    in_reads = [stream[n : n + 16384] for n in range(0, len(stream), 16384)]
    assert ours(in_reads) == ours(cut(stream, [1, 2, 5, 6, 7, at + 6, at + 9, at + 20])) == mine


@given(st.binary(min_size=4, max_size=4), st.binary(max_size=600))
def test_whatever_the_mask_a_payload_comes_out_as_it_went_in(mask: bytes, payload: bytes) -> None:
    # A ping carries any bytes, and they come back in the pong; 125 of them at most.
    for begin in range(0, len(payload) or 1, 125):
        part = payload[begin : begin + 125]
        hidden = bytes(byte ^ mask[i % 4] for i, byte in enumerate(part))
        incoming = Incoming(CEILING)
        incoming.feed(bytes((0x89, 0x80 | len(part))) + mask + hidden)
        assert incoming.pong == bytes((0x8A, len(part))) + part


def test_every_close_code_is_judged_alike() -> None:
    for code in (*range(5010), 32768, 65535):
        stream = bytes((0x88, 0x85)) + b"\0\0\0\0" + struct.pack("!H", code) + b"why"
        assert ours([stream]) == theirs([stream]), code


@pytest.mark.parametrize("mask", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x01\x02\x03\x04"])
@pytest.mark.parametrize("length", range(9))
def test_every_mask_is_taken_off(mask: bytes, length: int) -> None:
    payload = b"abcdefgh"[:length]
    hidden = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    stream = bytes((0x81, 0x80 | length)) + mask + hidden
    assert ours([stream]).texts == theirs([stream]).texts == [payload.decode()]


@pytest.mark.parametrize(
    ("begun", "masked", "heard"),
    [
        (b"", 0x80, {0x01, 0x81, 0x02, 0x82, 0x88, 0x89, 0x8A}),
        (wire(Opcode.TEXT, b"half", fin=False), 0x80, {0x00, 0x80, 0x88, 0x89, 0x8A}),
        (b"", 0, set()),
        (wire(Opcode.TEXT, b"half", fin=False), 0, set()),
    ],
    # `wire` draws a mask: two processes would name the cases differently.
    ids=["at the start", "after a fragment", "unmasked at the start", "unmasked after a fragment"],
)
def test_every_first_byte_is_judged_alike(begun: bytes, masked: int, heard: set[int]) -> None:
    """Every mixture of the final bit, the reserved bits and the opcode."""
    allowed = set()
    for first in range(256):
        stream = begun + bytes((first, masked)) + b"mask"[: masked >> 5]
        mine, second = ours([stream]), theirs([stream])
        if mine.code != 1002:
            allowed.add(first)
        # Text only, which `websockets` leaves to its users; and it is stricter than the RFC about
        # a close between fragments (section 5.4).
        if mine.code != 1003 and not (begun and masked and first == 0x88):
            assert mine == second, hex(first)
    assert allowed == heard


@given(st.text(min_size=1, max_size=40), st.lists(st.integers(1, 200), max_size=8), st.booleans())
def test_a_text_that_is_cut_or_spoilt_within_a_character_is_judged_whole(
    text: str, edges: list[int], is_spoilt: bool
) -> None:
    payload = text.encode() + (b"\xc3" if is_spoilt else b"")
    pieces = cut(payload, edges)
    stream = b"".join(
        wire(Opcode.CONT if n else Opcode.TEXT, piece, fin=n == len(pieces) - 1)
        for n, piece in enumerate(pieces)
    )
    heard = ours(bytewise(stream))
    assert (heard.texts, heard.code) == (([], 1007) if is_spoilt else ([text], None))


def test_a_close_between_fragments_is_a_close() -> None:
    # Control frames may stand there (section 5.4); the second opinion is stricter than the RFC.
    stream = wire(Opcode.TEXT, b"half", fin=False) + wire(Opcode.CLOSE, b"\x03\xe8")
    heard = ours([stream])
    assert (heard.texts, heard.code, heard.is_ended) == ([], 1000, True)


def test_after_a_fault_fragments_are_followed_to_the_peers_close() -> None:
    incoming = Incoming(CEILING)
    stream = wire(Opcode.TEXT, b"\xff") + wire(Opcode.TEXT, b"a", fin=False)
    stream += wire(Opcode.PING, b"") + wire(Opcode.CONT, b"b") + wire(Opcode.CLOSE, b"\x03\xe8")
    assert list(incoming.feed(stream)) == [None]
    assert incoming.goodbye is not None
    assert incoming.goodbye[2:4] == (1007).to_bytes(2)
    assert incoming.is_ended


def test_a_reader_is_at_rest_only_between_messages() -> None:
    incoming = Incoming(CEILING)
    assert incoming.is_at_rest
    for piece, at_rest in (
        (b"\x81", False),
        (b"\x80mask", True),
        (wire(Opcode.TEXT, b"a", fin=False), False),
        (wire(Opcode.CONT, b"b"), True),
        (wire(Opcode.CLOSE, b""), False),
    ):
        incoming.feed(piece)
        assert incoming.is_at_rest is at_rest
