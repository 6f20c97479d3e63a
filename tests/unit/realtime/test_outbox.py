"""The outbox: bounded, in order, one writer, and never a gap in silence."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from flask_chat.realtime.frames import RESYNC
from flask_chat.realtime.outbox import JOINED_BYTES, Outbox


def drain(outbox: Outbox) -> bytes:
    written, chunk = b"", outbox.claim()
    while chunk is not None:
        written += chunk
        chunk = outbox.take()
    return written


def test_what_is_put_comes_out_in_order() -> None:
    outbox = Outbox(10, 100)
    for wire in (b"1", b"2", b"3"):
        assert outbox.put(wire)
    assert drain(outbox) == b"123"


def test_there_is_one_writer_at_a_time() -> None:
    outbox = Outbox(10, 100)
    outbox.put(b"1")
    assert outbox.claim() == b"1"
    outbox.put(b"2")
    assert outbox.claim() is None
    assert outbox.take() == b"2"
    assert outbox.take() is None
    outbox.put(b"3")
    assert outbox.claim() == b"3"


def test_nobody_becomes_writer_of_nothing() -> None:
    assert Outbox(1, 1).claim() is None


def test_too_many_frames_become_one_resync() -> None:
    outbox = Outbox(3, 100)
    assert all(outbox.put(b"%d" % number) for number in range(3))
    assert not outbox.put(b"4")
    outbox.put(b"5")
    assert drain(outbox) == RESYNC + b"5"


def test_too_many_bytes_become_one_resync() -> None:
    outbox = Outbox(100, 10)
    assert outbox.put(b"x" * 8)
    assert not outbox.put(b"y" * 8)
    assert drain(outbox) == RESYNC


def test_one_frame_alone_may_be_larger_than_the_outbox() -> None:
    outbox = Outbox(10, 10)
    assert outbox.put(b"x" * 1000)
    assert drain(outbox) == b"x" * 1000


def test_an_overflow_empties_what_may_be_dropped_too() -> None:
    outbox = Outbox(2, 100)
    outbox.offer(b"typing", "t")
    outbox.put(b"1")
    outbox.put(b"2")
    assert drain(outbox) == RESYNC


def test_the_latest_of_a_key_wins_while_it_waits() -> None:
    outbox = Outbox(10, 100)
    outbox.offer(b"a1", "a")
    outbox.offer(b"b1", "b")
    outbox.offer(b"a2", "a")
    assert drain(outbox) == b"a2b1"
    outbox.offer(b"a3", "a")
    assert drain(outbox) == b"a3"


def test_what_may_be_dropped_is_when_there_is_no_room() -> None:
    outbox = Outbox(1, 100)
    outbox.put(b"1")
    outbox.offer(b"typing", "t")
    assert drain(outbox) == b"1"


def test_nothing_follows_the_last_frames() -> None:
    outbox = Outbox(1, 1)
    outbox.put(b"1")
    assert outbox.finish(b"bye", b"close")
    assert not outbox.finish(b"again")
    outbox.put(b"2")
    outbox.offer(b"3", "k")
    assert drain(outbox) == b"1byeclose"
    assert outbox.is_finished


def test_small_frames_leave_together_and_large_ones_alone() -> None:
    outbox = Outbox(1000, 1 << 20)
    for _ in range(500):
        outbox.put(b"x" * 100)
    chunks = [outbox.claim()]
    while (chunk := outbox.take()) is not None:
        chunks.append(chunk)
    assert sum(map(len, chunks)) == 50_000
    assert all(len(chunk) < JOINED_BYTES + 100 for chunk in chunks)
    assert len(chunks) == 4


def test_retiring_waits_for_the_writer_and_lets_no_other_in() -> None:
    outbox = Outbox(10, 100)
    outbox.put(b"1")
    outbox.claim()
    retired = threading.Event()
    thread = threading.Thread(target=lambda: (outbox.retire(), retired.set()))
    thread.start()
    assert not retired.wait(0.05)
    assert outbox.take() is None
    assert retired.wait(5)
    thread.join()
    outbox.put(b"2")
    assert outbox.claim() is None


def test_a_writer_that_gives_up_lets_the_waiting_go() -> None:
    outbox = Outbox(10, 100)
    outbox.put(b"1")
    outbox.claim()
    outbox.abandon()
    outbox.retire()
    assert len(outbox) == 0


actions = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.binary(min_size=1, max_size=30)),
        st.tuples(st.just("offer"), st.sampled_from("abc")),
        st.tuples(st.just("drain"), st.none()),
    ),
    max_size=60,
)


@given(actions, st.integers(1, 8), st.integers(1, 60))
def test_it_stays_within_bounds_and_loses_nothing_without_saying_so(
    steps: list[tuple[str, object]], frames: int, size: int
) -> None:
    outbox = Outbox(frames, size)
    sent: list[bytes] = []  # since the last resync
    written = b""
    for action, value in steps:
        if action == "put":
            wire = b"<" + value.hex().encode() + b">"
            if outbox.put(wire):
                sent.append(wire)
            else:
                sent = [RESYNC]
                written = b""
        elif action == "offer":
            outbox.offer(b"", value)
        else:
            written += drain(outbox)
        assert len(outbox) <= max(frames, 1)
    written += drain(outbox)
    assert written == b"".join(sent)
