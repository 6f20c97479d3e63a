"""Presence over a real Redis: two processes agree on who is online."""

import threading
from collections.abc import Callable, Iterator

import pytest

from flask_chat import config, presence
from tests.support.redis import RedisServer, running


class Worker:
    """One process's presence, and what it has announced."""

    def __init__(self, url: str) -> None:
        self.news: list[str] = []
        self._changed = threading.Condition()
        settings = config.read({"CHAT_PRESENCE_GRACE_SECONDS": 0.05})
        self.presence = presence.connect(url, settings, self._announce)
        self.presence.start()

    def _announce(self, user: str, online: bool) -> None:
        with self._changed:
            self.news.append(f"{'+' if online else '-'}{user}")
            self._changed.notify_all()

    def wait_for(self, *news: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.news == list(news), 10), self.news


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with running() as server:
        yield server


@pytest.fixture
def workers(redis: RedisServer) -> Iterator[tuple[Worker, Worker]]:
    pair = Worker(redis.url), Worker(redis.url)
    yield pair
    for worker in pair:
        worker.presence.stop()


def until(is_true: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(500):
        if is_true():
            return
        waiting.wait(0.02)
    raise AssertionError("it did not come true")


def test_who_is_online_in_one_process_is_online_in_the_other(
    workers: tuple[Worker, Worker],
) -> None:
    one, other = workers
    one.presence.arrived("a", "17")
    until(lambda: other.presence.online(["17", "18"]) == {"17"})


def test_the_second_process_of_a_person_is_no_news(workers: tuple[Worker, Worker]) -> None:
    one, other = workers
    one.presence.arrived("a", "17")
    one.wait_for("+17")
    other.presence.arrived("b", "17")
    other.presence.arrived("c", "18")
    other.wait_for("+18")
    assert other.news == ["+18"]


def test_somebody_is_offline_when_the_last_process_has_lost_them(
    workers: tuple[Worker, Worker],
) -> None:
    one, other = workers
    one.presence.arrived("a", "17")
    one.wait_for("+17")
    other.presence.arrived("b", "17")
    until(lambda: redis_leases(other) == 2)
    one.presence.left("a", "17")
    until(lambda: redis_leases(other) == 1)
    assert one.news == ["+17"]
    other.presence.left("b", "17")
    other.wait_for("-17")


def redis_leases(worker: Worker) -> int:
    client = worker.presence._client  # type: ignore[attr-defined]
    return int(client.zcard("chat:leases"))


def test_a_process_that_says_goodbye_keeps_nobody_online_for_longer_than_the_grace(
    monkeypatch: pytest.MonkeyPatch, redis: RedisServer
) -> None:
    monkeypatch.setattr("flask_chat.presence.redis._SWEEP_SECONDS", 0.1)
    one, other = Worker(redis.url), Worker(redis.url)
    one.presence.arrived("a", "17")
    one.presence.arrived("b", "18")
    one.wait_for("+17", "+18")
    one.presence.stop()
    # 18 comes back to another process within the grace: nobody sees them go.
    other.presence.arrived("c", "18")
    other.wait_for("-17")
    assert other.presence.online(["17", "18"]) == {"18"}
    other.presence.stop()


def test_without_redis_a_process_knows_its_own_people(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    one, _ = workers
    one.presence.arrived("a", "17")
    one.wait_for("+17")
    redis.kill()
    assert one.presence.online(["17", "18"]) == {"17"}


def test_who_comes_while_redis_is_away_is_known_to_all_when_it_is_back(
    redis: RedisServer, workers: tuple[Worker, Worker]
) -> None:
    one, other = workers
    one.presence.arrived("a", "17")
    one.wait_for("+17")
    redis.kill()
    for user in ("18", "19", "20"):
        one.presence.arrived(f"at {user}", user)
    redis.start()
    until(lambda: other.presence.online(["17", "18", "19", "20"]) == {"17", "18", "19", "20"})
