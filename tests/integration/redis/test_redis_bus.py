"""The bus over a real Redis: several processes, and everything that happens to Redis."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from flask_chat import bus, config
from flask_chat.bus import redis as redis_bus
from flask_chat.events import Audience, Control, Entry
from tests.support.redis import RedisServer, running

Item = Entry | Control
RESYNC = Control("resync")


class Worker:
    """One process's end of the bus, and what it has received."""

    def __init__(self, url: str) -> None:
        self.received: list[Item] = []
        self._changed = threading.Condition()
        self.bus = bus.connect(url, config.read({}))
        self.bus.subscribe(self._receive)
        self.bus.start()

    def _receive(self, items: Sequence[Item]) -> None:
        with self._changed:
            self.received += items
            self._changed.notify_all()

    def publish(self, *items: Item) -> None:
        self.bus.publish(items)

    def wait_for(self, is_there: Callable[[list[Item]], bool], seconds: float = 15) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: is_there(self.received), seconds), self.received

    def wait_for_item(self, item: Item, times: int = 1) -> None:
        self.wait_for(lambda received: received.count(item) >= times)


def entry(number: int, key: str | None = None) -> Entry:
    return Entry(Audience(("1",)), b'{"n":%d}' % number, key, ("1", number))


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with running() as server:
        yield server


@pytest.fixture
def workers(redis: RedisServer) -> Iterator[tuple[Worker, Worker]]:
    """Two that have heard each other: both have taken their place."""
    pair = Worker(redis.url), Worker(redis.url)
    meet(*pair)
    yield pair
    for worker in pair:
        worker.bus.stop()


def meet(one: Worker, other: Worker) -> None:
    """Until each has heard the other; only what is published after that counts."""
    for speaker, listener in ((one, other), (other, one)):
        number = 0
        while not any(isinstance(i, Control) and i.verb == "meet" for i in listener.received):
            speaker.publish(Control("meet", str(number)))
            number += 1
            listener._changed.acquire()
            listener._changed.wait(0.05)
            listener._changed.release()


def test_another_process_hears_entries_and_orders(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    one.publish(entry(1), Control("revoke", "7"), entry(2))
    other.wait_for_item(entry(2))
    heard = [i for i in other.received if not (isinstance(i, Control) and i.verb == "meet")]
    assert heard == [entry(1), Control("revoke", "7"), entry(2)]


def test_what_may_be_dropped_reaches_another_process_too(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    typing = Entry(Audience(watching="3"), b"{}", "typing:3")
    number = 0
    while typing not in other.received:  # Pub/Sub has no place to read on from
        one.publish(typing)
        number += 1
        assert number < 200
        with other._changed:
            other._changed.wait(0.05)


def test_a_process_hears_its_own_entries_once(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    one.publish(entry(1))
    other.wait_for_item(entry(1))
    other.publish(entry(2))
    one.wait_for_item(entry(2))
    assert one.received.count(entry(1)) == 1


def test_thousands_arrive_complete_and_in_order(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    sent = [entry(number) for number in range(3000)]
    for start in range(0, 3000, 50):
        one.publish(*sent[start : start + 50])
    other.wait_for_item(sent[-1])
    assert [i for i in other.received if isinstance(i, Entry)] == sent


def test_a_newcomer_is_not_told_of_the_past(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    one, other = workers
    one.publish(entry(1))
    other.wait_for_item(entry(1))
    late = Worker(redis.url)
    meet(one, late)
    assert entry(1) not in late.received
    late.bus.stop()


def test_a_redis_that_was_emptied_means_resync_for_everybody(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    redis.client.flushall()
    for worker in workers:
        worker.wait_for_item(RESYNC)


def test_after_it_was_emptied_the_bus_goes_on(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    one, other = workers
    redis.client.flushall()
    for worker in workers:
        worker.wait_for_item(RESYNC)
    one.publish(entry(5))
    other.wait_for_item(entry(5))


def test_publishing_waits_for_no_redis_and_others_catch_up_when_it_is_back(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    one, other = workers
    redis.kill()
    one.publish(entry(1))
    assert entry(1) in one.received  # at once, here
    redis.start()
    other.wait_for_item(RESYNC)  # it was started empty
    one.publish(entry(2))
    other.wait_for_item(entry(2))


def test_a_process_that_slept_through_a_trim_is_told_to_resync(
    redis: RedisServer, workers: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = workers
    reader = other.bus._reader  # type: ignore[attr-defined]  # asleep: its thread stands still
    asleep = threading.Event()
    awake = threading.Event()
    xread = reader._client.xread

    def sleep(*args: object, **kwargs: object) -> object:
        asleep.set()
        awake.wait(20)
        return xread(*args, **kwargs)

    monkeypatch.setattr(reader._client, "xread", sleep)
    one.publish(entry(0))  # ends the wait it is in
    assert asleep.wait(10)
    one.publish(*[entry(number) for number in range(1, 50)])
    one.publish(entry(50))
    stream = "chat:events"
    while redis.client.xlen(stream) < 51:
        threading.Event().wait(0.01)
    redis.client.xtrim(stream, maxlen=5, approximate=False)
    awake.set()
    other.wait_for_item(RESYNC)


def test_a_process_whose_own_entries_overflowed_tells_the_others(
    redis: RedisServer, workers: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = workers
    monkeypatch.setattr(redis_bus, "_WAITING", 10)
    one.publish(*[entry(number) for number in range(100)])
    other.wait_for_item(RESYNC)
    other.wait_for_item(entry(99))


def test_a_prefix_keeps_two_schools_apart(redis: RedisServer) -> None:
    north, south = Worker(f"{redis.url}?prefix=north"), Worker(f"{redis.url}?prefix=south")
    echo = Worker(f"{redis.url}?prefix=north")
    meet(north, echo)
    north.publish(entry(1))
    echo.wait_for_item(entry(1))
    assert south.received == []
    for worker in (north, south, echo):
        worker.bus.stop()


def test_an_entry_that_cannot_be_read_means_resync_and_the_next_arrives(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    one, other = workers
    epoch = redis.client.get("chat:epoch")
    redis.client.xadd("chat:events", {"epoch": epoch, "process": "newer", "item": "no JSON"})
    one.publish(entry(7))
    other.wait_for_item(RESYNC)
    other.wait_for_item(entry(7))


def test_what_a_command_publishes_leaves_with_it(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    _, other = workers
    command = (
        "from flask_chat import bus, config; from flask_chat.events import Control; "
        f"bus.connect({redis.url!r}, config.read({{}})).publish([Control('revoke', '7')])"
    )
    subprocess.run([sys.executable, "-c", command], check=True, timeout=30)
    other.wait_for_item(Control("revoke", "7"))


def test_it_is_up_again_when_only_one_connection_was_lost(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    one, other = workers
    redis.client.client_kill_filter(_type="pubsub")
    one.publish(entry(1))
    other.wait_for_item(entry(1))
    waiting = threading.Event()
    for _ in range(500):
        if one.bus.is_up and other.bus.is_up:
            return
        waiting.wait(0.02)
    raise AssertionError("it stays down")
