"""The window of one socket: how many frames, and when there are more again."""

from __future__ import annotations

import pytest

from flask_chat import config
from flask_chat.errors import RateLimited
from flask_chat.rates import Rates, Window, Windows


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def hits(window: Window, most: int) -> int:
    """How many are allowed, up to so many."""
    for count in range(most):
        try:
            window.hit()
        except RateLimited:
            return count
    return most


def test_a_window_lets_as_many_pass_as_it_says_and_is_empty_again_when_it_ends() -> None:
    clock = Clock()
    window = Window([(3, 10.0)], clock)
    assert hits(window, 5) == 3
    clock.now += 9.9
    assert hits(window, 5) == 0
    clock.now += 0.2
    assert hits(window, 5) == 3


def test_every_one_of_several_limits_holds() -> None:
    clock = Clock()
    window = Window([(3, 1.0), (5, 60.0)], clock)
    assert hits(window, 9) == 3
    clock.now += 1
    assert hits(window, 9) == 2
    clock.now += 60
    assert hits(window, 9) == 3


def test_who_is_too_fast_hears_when_to_go_on() -> None:
    clock = Clock()
    window = Window([(1, 10.0)], clock)
    window.hit()
    clock.now += 4
    with pytest.raises(RateLimited) as refused:
        window.hit()
    assert refused.value.seconds == 6


def test_each_socket_has_a_window_of_its_own() -> None:
    rates = Rates(config.read({"CHAT_RATE_FRAMES": "2 per minute; 3 per hour"}))
    assert [hits(rates.window(), 9) for _ in range(3)] == [2, 2, 2]


def test_people_who_are_long_gone_take_no_room() -> None:
    clock = Clock()
    windows = Windows([(1, 5.0)], clock)
    for number in range(20_000):
        windows.hit(str(number))
        clock.now += 0.01
    assert len(windows) <= 2_000
    with pytest.raises(RateLimited):
        windows.hit("19999")
