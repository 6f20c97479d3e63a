"""A line before so many places: in order, for a bounded time, and nothing is lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from flask_chat.realtime.turns import Turns
from tests.support.servers import until


def in_line(turns: Turns, count: int, act: Callable[[int], object]) -> list[threading.Thread]:
    """So many who wait for a turn, in this order, and then do something."""

    def wait(number: int) -> None:
        if turns.take():
            act(number)

    threads = []
    for number in range(count):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        for _ in until(5, "nobody waits"):
            if len(turns._line) == number + 1:
                break
    return threads


def test_as_many_as_there_are_places_have_a_turn_at_once() -> None:
    turns = Turns(2, 0)
    assert [turns.take() for _ in range(3)] == [True, True, False]
    turns.end()
    assert [turns.take() for _ in range(2)] == [True, False]


def test_first_come_first_served_and_no_newcomer_gets_ahead() -> None:
    turns, served = Turns(1, 30), []
    assert turns.take()
    waiting = in_line(turns, 5, served.append)
    for number in range(5):
        turns.end()
        waiting[number].join(5)
    assert served == [0, 1, 2, 3, 4]
    turns.end()
    assert turns.take()


def test_who_has_waited_too_long_stands_in_nobodys_way() -> None:
    turns = Turns(1, 0.01)
    assert turns.take()
    assert not turns.take()
    turns.end()
    assert turns.take()


def test_a_wait_that_is_broken_off_loses_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if called:
                turns.end()  # the turn comes in the very moment
            raise KeyboardInterrupt

    monkeypatch.setattr("flask_chat.realtime.turns.Event", Broken)
    turns = Turns(1, 30)
    for called in (False, True):
        assert turns.take()
        with pytest.raises(KeyboardInterrupt):
            turns.take()
        if not called:
            turns.end()
    assert turns.take()
