"""A connection's promises to the rest of the house."""

import time

from flask_chat import protocol
from flask_chat.errors import RateLimited
from flask_chat.realtime import frames

from .fakes import connect


def test_sent_frames_leave_in_order() -> None:
    connection = connect()
    connection.send(b"1")
    connection.send(b"2")
    assert connection.wire.texts == [b"1", b"2"]


def test_a_stuck_peer_gets_one_resync_instead_of_a_gap() -> None:
    connection = connect(stuck=True, outbox_frames=4)
    for number in range(9):
        connection.send(b"%d" % number)
    connection.wire.is_stuck = False
    connection.send(b"last")
    assert connection.wire.texts[0] == protocol.resync("overflow")
    assert connection.wire.texts[-1] == b"last"
    assert len(connection.wire.texts) <= 5


def test_offered_frames_of_one_key_take_each_others_place() -> None:
    connection = connect(stuck=True)
    connection.offer(b"old", "typing:1")
    connection.offer(b"new", "typing:1")
    connection.wire.is_stuck = False
    connection.send(b"then")
    assert connection.wire.texts == [b"new", b"then"]


def test_closing_says_bye_after_what_waits_and_only_once() -> None:
    connection = connect(stuck=True)
    connection.send(b"waits")
    connection.wire.is_stuck = False
    connection.close(1012, "restart", bye=protocol.bye((1, 2)))
    connection.close(4001)
    connection.send(b"too late")
    assert connection.wire.texts == [b"waits", protocol.bye((1, 2))]
    assert connection.wire.code == 1012
    assert connection.wire.is_closing
    assert not connection.is_open


def test_a_failure_is_told_and_closes_with_its_own_code() -> None:
    connection = connect()
    connection.fail(RateLimited(seconds=7))
    assert b'"retry_after":7' in connection.wire.texts[0]
    assert connection.wire.code == 4129


def test_one_set_of_bytes_serves_many() -> None:
    wire = frames.text(b"hello")
    several = [connect() for _ in range(3)]
    for connection in several:
        connection.send_wire(wire)
    assert all(connection.wire.written[0] is wire for connection in several)


def test_a_deadline_closes_when_it_has_passed_and_not_before() -> None:
    connection = connect()
    connection.expire(10, 4001, "no ticket")
    (moment,) = connection.wire.looks
    assert connection.expire_now(moment - 1) == moment
    assert connection.is_open
    assert connection.expire_now(moment) is None
    assert connection.wire.code == 4001


def test_a_later_deadline_replaces_the_earlier_and_none_removes_it() -> None:
    connection = connect()
    connection.expire(0.001, 4001)
    connection.expire(900, 1012)
    assert connection.expire_now(time.monotonic() + 1) is not None
    connection.expire(None)
    assert connection.expire_now(time.monotonic() + 10_000) is None
    assert connection.is_open


def test_who_is_behind_it_is_unknown_until_there_is_an_identity() -> None:
    assert connect().user is None
    assert connect("17").user == "17"
    assert connect("17").id != connect("17").id


def test_while_it_is_held_nothing_leaves_and_nothing_is_lost() -> None:
    connection = connect()
    with connection.held():
        connection.send(b"hello")
        with connection.held():
            connection.send(b"what the hub brings")
        assert connection.wire.texts == []
    assert connection.wire.texts == [b"hello", b"what the hub brings"]
