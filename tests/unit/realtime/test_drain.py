"""The watch over the end: signals are passed on, once the sockets have been told."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from flask_chat.realtime import drain
from flask_chat.realtime.hub import Hub

from .fakes import config, connect


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """A host that has set a handler of its own."""
    heard: list[str] = []
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
    before = {number: signal.getsignal(number) for number in numbers}
    signal.signal(signal.SIGTERM, lambda *_: heard.append("host"))
    yield heard
    for number, handler in before.items():
        signal.signal(number, handler)


def wait(condition) -> None:
    pause = threading.Event()
    for _ in range(500):
        if condition():
            return
        pause.wait(0.01)
    raise TimeoutError


def test_the_hosts_handler_is_called_after_the_goodbye(heard: list[str]) -> None:
    hub, ana = Hub(config(drain_seconds=5)), connect("ana")
    hub.add(ana)
    watch = drain.install(hub)
    assert (watch.installed, watch.reason) == (True, "signals are watched")
    os.kill(os.getpid(), signal.SIGTERM)
    wait(lambda: ana.wire.code == 1012)
    assert heard == []
    hub.remove(ana)
    wait(lambda: heard == ["host"])


def test_a_second_signal_does_not_wait(heard: list[str]) -> None:
    hub, ana = Hub(config(drain_seconds=1)), connect("ana")
    hub.add(ana)
    drain.install(hub)
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGTERM)
    wait(lambda: heard == ["host"])
    hub.remove(ana)
    wait(lambda: heard == ["host", "host"])


def test_installing_again_changes_nothing(heard: list[str]) -> None:
    hub = Hub(config())
    assert drain.installed(hub) is None
    assert drain.install(hub) is drain.install(hub) is drain.installed(hub)


def test_outside_the_main_thread_it_says_why_it_cannot(heard: list[str]) -> None:
    hub, found = Hub(config()), []
    thread = threading.Thread(target=lambda: found.append(drain.install(hub)))
    thread.start()
    thread.join()
    assert found[0].installed is False
    assert "main thread" in found[0].reason
