"""The shared clock: it looks when asked, and one line's failure stops nobody's."""

import gc
import threading
import time
import weakref

from flask_chat.realtime.engines.sweeper import Sweeper, sweeper


class Line:
    def __init__(self, again: float | None = None) -> None:
        self.next_look = float("inf")
        self.again = again
        self.looks: list[float] = []
        self.looked = threading.Event()

    def look(self, now: float) -> float | None:
        self.looks.append(now)
        if len(self.looks) == (3 if self.again else 1):
            self.looked.set()
        return now + self.again if self.again and len(self.looks) < 3 else None


class Broken(Line):
    def look(self, now: float) -> float | None:
        raise ZeroDivisionError


def test_it_looks_when_it_was_asked_to_and_again_when_told() -> None:
    clock, line = Sweeper(), Line(again=0.02)
    asked = time.monotonic() + 0.05
    clock.watch(line, asked)
    assert line.looked.wait(5)
    assert line.looks[0] >= asked
    assert line.looks == sorted(line.looks)


def test_an_earlier_wish_wins_and_a_later_one_adds_nothing() -> None:
    clock, line = Sweeper(), Line()
    clock.watch(line, time.monotonic() + 600)
    clock.watch(line, time.monotonic() + 0.01)
    clock.watch(line, time.monotonic() + 300)
    assert line.looked.wait(5)
    assert len(line.looks) == 1


def test_a_failing_line_does_not_stop_the_others() -> None:
    clock, broken, line = Sweeper(), Broken(), Line()
    clock.watch(broken, time.monotonic())
    clock.watch(line, time.monotonic() + 0.01)
    assert line.looked.wait(5)


def test_a_line_that_is_gone_is_not_kept() -> None:
    clock, line = Sweeper(), Line()
    gone = weakref.ref(line)
    clock.watch(line, time.monotonic() + 600)
    del line
    gc.collect()
    assert gone() is None


def test_a_process_has_one() -> None:
    assert sweeper() is sweeper()
