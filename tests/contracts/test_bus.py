"""What every bus promises; one suite, every backend. The promise stands in `bus/base.py`."""

import itertools
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from flask_chat import bus, config
from flask_chat.bus import Bus
from flask_chat.errors import SetupError
from flask_chat.events import Audience, Control, Entry
from tests.support.redis import RedisServer, running


class Ear:
    """A receiver that remembers, and can be waited for."""

    def __init__(self) -> None:
        self.items: list[Entry | Control] = []
        self._changed = threading.Condition()

    def __call__(self, items: Sequence[Entry | Control]) -> None:
        with self._changed:
            self.items += items
            self._changed.notify_all()

    def wait_for(self, count: int) -> list[Entry | Control]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.items) >= count, timeout=10)
        return self.items


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with running() as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return "memory://"
    redis: RedisServer = request.getfixturevalue("redis")
    # A test's last entries may still be on their way when the next one listens.
    return f"{redis.url}?prefix={secrets.token_hex(4)}"


@pytest.fixture
def connect(url: str) -> Iterator[Callable[[], Bus]]:
    """One worker's end of the bus; the same bus each time where processes share one."""
    opened: list[Bus] = []

    def connect() -> Bus:
        opened.append(bus.connect(url, config.read({})))
        return opened[-1]

    yield connect
    for one in opened:
        one.stop()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def worker(connect: Callable[[], Bus], ear: Ear) -> Bus:
    worker = connect()
    worker.subscribe(ear)
    worker.start()
    return worker


def entry(number: int, key: str | None = None) -> Entry:
    return Entry(Audience(("1",)), b"%d" % number, key, ("1", number))


def test_the_publisher_hears_its_own_entries(worker: Bus, ear: Ear) -> None:
    sent = [entry(1), Control("revoke", "1"), entry(2, key="typing")]
    worker.publish(sent)
    assert ear.wait_for(3) == sent


def test_entries_arrive_in_the_order_of_publishing(worker: Bus, ear: Ear) -> None:
    sent = [entry(number) for number in range(300)]
    for start in range(0, 300, 7):
        worker.publish(sent[start : start + 7])
    assert ear.wait_for(300) == sent


def test_publishers_side_by_side_lose_nothing_and_keep_their_own_order(
    worker: Bus, ear: Ear
) -> None:
    def publish(first: int) -> None:
        for number in range(first, first + 200, 2):
            worker.publish([entry(number), entry(number + 1)])

    threads = [threading.Thread(target=publish, args=(n * 1000,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    numbers = [int(item.frame) for item in ear.wait_for(800)]
    for n in range(4):
        assert [i for i in numbers if i // 1000 == n] == list(range(n * 1000, n * 1000 + 200))
    pairs = dict(itertools.pairwise(numbers))
    assert all(pairs[even] == even + 1 for even in numbers if even % 2 == 0)


def test_the_receiver_is_called_once_at_a_time(connect: Callable[[], Bus]) -> None:
    worker, busy, overlaps, done = connect(), threading.Lock(), [], Ear()

    def receive(items: Sequence[Entry | Control]) -> None:
        if not busy.acquire(blocking=False):
            overlaps.append(items)
            return
        threading.Event().wait(0.001)
        busy.release()
        done(items)

    worker.subscribe(receive)
    worker.start()
    threads = [
        threading.Thread(target=lambda: [worker.publish([entry(n)]) for n in range(10)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    done.wait_for(40)
    assert overlaps == []


def test_a_receivers_failure_reaches_neither_the_publisher_nor_what_is_published_next(
    connect: Callable[[], Bus], ear: Ear
) -> None:
    def receive(items: Sequence[Entry | Control]) -> None:
        if entry(1) in items:
            raise ZeroDivisionError
        ear(items)

    worker = connect()
    worker.subscribe(receive)
    worker.start()
    worker.publish([entry(1)])
    worker.publish([entry(2), entry(3)])
    assert ear.wait_for(2) == [entry(2), entry(3)]


def test_what_is_published_together_is_received_together(connect: Callable[[], Bus]) -> None:
    calls: list[Sequence[Entry | Control]] = []
    worker = connect()
    worker.subscribe(calls.append)
    worker.start()
    worker.publish([entry(1), entry(2), entry(3)])
    worker.publish([entry(4)])
    assert calls == [[entry(1), entry(2), entry(3)], [entry(4)]]


def test_a_failure_is_logged_without_what_was_written(
    connect: Callable[[], Bus], ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    def receive(items: Sequence[Entry | Control]) -> None:
        ear(items)
        raise ZeroDivisionError

    worker = connect()
    worker.subscribe(receive)
    worker.start()
    worker.publish([Entry(Audience(("1",)), b"a secret", None, ("7", 41)), entry(2)])
    ear.wait_for(2)
    assert "('7', 41)" in caplog.text
    assert "secret" not in caplog.text


def test_a_receiver_that_publishes_does_not_overtake_itself(
    connect: Callable[[], Bus], ear: Ear
) -> None:
    worker = connect()

    def receive(items: Sequence[Entry | Control]) -> None:
        ear(items)
        if entry(1) in items:
            worker.publish([entry(10)])

    worker.subscribe(receive)
    worker.start()
    worker.publish([entry(1), entry(2)])
    assert ear.wait_for(3) == [entry(1), entry(2), entry(10)]


def test_nothing_is_received_after_the_stop(worker: Bus, ear: Ear) -> None:
    worker.publish([entry(1)])
    ear.wait_for(1)
    worker.stop()
    worker.stop()
    worker.publish([entry(2)])
    assert ear.items == [entry(1)]


@pytest.mark.parametrize("wrong", ["carrier-pigeon://roof", "memory", ""])
def test_an_unknown_scheme_is_a_mistake_of_setting_up(wrong: str) -> None:
    with pytest.raises(SetupError, match="memory://"):
        bus.connect(wrong, config.read({}))
