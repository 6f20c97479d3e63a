"""Frames as they are written: readable by an independent reader, whatever their length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Close
from websockets.protocol import CLIENT, Protocol

from flask_chat.realtime import frames


def read(wire: bytes) -> list:
    peer = Protocol(CLIENT, max_size=None)
    peer.receive_data(wire)
    assert peer.parser_exc is None
    return peer.events_received()


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, 100_000])
def test_a_text_of_any_length_can_be_read(length: int) -> None:
    (frame,) = read(frames.text(b"x" * length))
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (1, True, b"x" * length)


@given(st.text(max_size=200))
def test_a_close_can_be_read_whatever_its_reason(reason: str) -> None:
    (frame,) = read(frames.close(4001, reason.replace("\ud800", "")))
    close = Close.parse(frame.data)
    assert close.code == 4001
    assert reason.startswith(close.reason)


def test_a_close_without_a_code_carries_none() -> None:
    assert frames.close(1005) == b"\x88\x00"


def test_a_heartbeat_is_a_ping_for_the_browser_and_a_text_for_its_scripts() -> None:
    ping, text = read(frames.HEARTBEAT)
    assert (ping.opcode, text.opcode) == (9, 1)
