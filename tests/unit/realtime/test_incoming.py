"""Reading: however a client cuts its messages, they come out whole, or the socket is closed."""

import itertools

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from flask_chat.realtime.incoming import Incoming

CEILING = 1000


def wire(opcode: Opcode, payload: bytes, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def code(incoming: Incoming) -> int | None:
    return int.from_bytes(incoming.goodbye[2:4], "big") if incoming.goodbye else None


def texts(incoming: Incoming, data: bytes) -> list[str]:
    return [text for text in incoming.feed(data) if text is not None]


places = st.lists(st.integers(0, 10_000), max_size=12)


@given(st.lists(st.tuples(st.text(max_size=80), places), max_size=8), places, st.booleans())
def test_texts_come_out_whole_however_they_are_fragmented_and_cut(
    messages: list[tuple[str, list[int]]], cuts: list[int], pings: bool
) -> None:
    stream = b""
    for text, edges in messages:
        pieces = cut(text.encode(), edges)
        for number, piece in enumerate(pieces):
            opcode = Opcode.CONT if number else Opcode.TEXT
            stream += wire(opcode, piece, fin=number == len(pieces) - 1)
            if pings:
                stream += wire(Opcode.PING, b"still there")
    incoming = Incoming(CEILING)
    heard = [text for piece in cut(stream, cuts) for text in texts(incoming, piece)]
    assert heard == [text for text, _ in messages]
    assert incoming.goodbye is None


@given(st.binary(max_size=200), places)
def test_no_bytes_make_it_raise(data: bytes, cuts: list[int]) -> None:
    incoming = Incoming(CEILING)
    for piece in cut(data, cuts):
        list(incoming.feed(piece))


@given(places)
def test_what_stands_before_a_fault_is_heard(cuts: list[int]) -> None:
    stream = wire(Opcode.TEXT, b"first") + wire(Opcode.TEXT, b"\xff") + wire(Opcode.TEXT, b"last")
    incoming = Incoming(CEILING)
    heard = [text for piece in cut(stream, cuts) for text in texts(incoming, piece)]
    assert heard == ["first"]
    assert code(incoming) == 1007


def test_every_frame_is_counted_fragments_and_pings_too() -> None:
    stream = wire(Opcode.TEXT, b"a", fin=False) + wire(Opcode.PING, b"") + wire(Opcode.CONT, b"b")
    assert list(Incoming(CEILING).feed(stream)) == [None, None, "ab"]


def test_only_the_newest_ping_is_answered() -> None:
    incoming = Incoming(CEILING)
    list(incoming.feed(wire(Opcode.PING, b"1") + wire(Opcode.PING, b"2")))
    assert incoming.pong == b"\x8a\x012"
    list(incoming.feed(wire(Opcode.TEXT, b"x")))
    assert incoming.pong is None


def test_a_message_too_big_over_all_its_fragments_is_refused() -> None:
    incoming = Incoming(CEILING)
    list(incoming.feed(wire(Opcode.TEXT, b"x" * 600, fin=False)))
    list(incoming.feed(wire(Opcode.CONT, b"x" * 600)))
    assert code(incoming) == 1009


def test_the_ceiling_itself_is_allowed() -> None:
    assert texts(Incoming(CEILING), wire(Opcode.TEXT, b"x" * CEILING)) == ["x" * CEILING]


def test_a_close_in_due_form_ends_it_and_is_answered_with_its_code() -> None:
    incoming = Incoming(CEILING)
    heard = texts(incoming, wire(Opcode.TEXT, b"bye") + wire(Opcode.CLOSE, b"\x0f\xa1why"))
    assert (heard, incoming.is_ended, code(incoming)) == (["bye"], True, 4001)


def test_a_close_is_still_seen_after_a_fault_of_the_peer() -> None:
    incoming = Incoming(CEILING)
    list(incoming.feed(wire(Opcode.BINARY, b"x")))
    assert code(incoming) == 1003
    list(incoming.feed(wire(Opcode.CLOSE, b"\x03\xeb")))
    assert (code(incoming), incoming.is_ended) == (1003, True)
