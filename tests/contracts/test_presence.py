"""What every presence promises; one suite, every backend. The promise: `presence/base.py`."""

import threading
from collections.abc import Callable

import pytest

from flask_chat import config, presence
from flask_chat.errors import SetupError
from flask_chat.presence import Presence
from flask_chat.presence.memory import MemoryPresence

GRACE = 10


class Time:
    """A clock and its timers, moved by the test."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pending: list[tuple[float, Callable[[], None]]] = []
        self.most_pending = 0

    def __call__(self) -> float:
        return self.now

    def schedule(self, seconds: float, call: Callable[[], None]) -> None:
        self.pending.append((self.now + seconds, call))
        self.most_pending = max(self.most_pending, len(self.pending))

    def pass_by(self, seconds: float) -> None:
        until = self.now + seconds
        while due := [timer for timer in self.pending if timer[0] <= until]:
            timer = min(due, key=lambda timer: timer[0])
            self.pending.remove(timer)
            self.now = timer[0]
            timer[1]()
        self.now = until


class News:
    """What was announced, in order."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def __call__(self, user: str, online: bool) -> None:
        self.heard.append(f"{'+' if online else '-'}{user}")


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def news() -> News:
    return News()


def memory(announce: Callable[[str, bool], None], time: Time) -> Presence:
    settings = config.read({"CHAT_PRESENCE_GRACE_SECONDS": GRACE})
    return MemoryPresence(settings, announce, clock=time, schedule=time.schedule)


Build = Callable[[Callable[[str, bool], None]], Presence]


@pytest.fixture(params=[memory], ids=["memory"])
def build(request: pytest.FixtureRequest, time: Time) -> Build:
    def build(announce: Callable[[str, bool], None]) -> Presence:
        made = request.param(announce, time)
        made.start()
        return made

    return build


@pytest.fixture
def people(build: Build, news: News) -> Presence:
    return build(news)


def test_the_first_connection_is_announced_at_once(people: Presence, news: News) -> None:
    people.arrived("c1", "ana")
    people.arrived("c2", "ana")
    people.arrived("c2", "ana")
    assert news.heard == ["+ana"]
    assert people.online(["ana", "ben"]) == {"ana"}


def test_who_closes_one_of_two_tabs_stays(people: Presence, news: News, time: Time) -> None:
    people.arrived("c1", "ana")
    people.arrived("c2", "ana")
    people.left("c1", "ana")
    people.left("c1", "ana")
    time.pass_by(100)
    assert news.heard == ["+ana"]


def test_the_last_ones_end_is_announced_after_the_grace(
    people: Presence, news: News, time: Time
) -> None:
    people.arrived("c1", "ana")
    people.left("c1", "ana")
    time.pass_by(GRACE - 0.1)
    assert people.online(["ana"]) == {"ana"}
    assert news.heard == ["+ana"]
    time.pass_by(0.2)
    assert people.online(["ana"]) == set()
    assert news.heard == ["+ana", "-ana"]


def test_reloading_a_page_is_not_leaving(people: Presence, news: News, time: Time) -> None:
    people.arrived("c1", "ana")
    for number in range(5):
        people.left(f"c{number}", "ana")
        people.arrived(f"c{number + 1}", "ana")
        time.pass_by(GRACE / 2)
    assert news.heard == ["+ana"]


def test_the_grace_begins_anew_with_each_leaving(people: Presence, news: News, time: Time) -> None:
    people.arrived("c1", "ana")
    people.left("c1", "ana")
    time.pass_by(GRACE - 1)
    people.arrived("c2", "ana")
    people.left("c2", "ana")
    time.pass_by(GRACE - 1)
    assert news.heard == ["+ana"]
    time.pass_by(2)
    assert news.heard == ["+ana", "-ana"]


def test_each_person_has_a_grace_of_their_own(people: Presence, news: News, time: Time) -> None:
    for user in ("ana", "ben"):
        people.arrived(user, user)
    people.left("ana", "ana")
    time.pass_by(GRACE / 2)
    people.left("ben", "ben")
    time.pass_by(GRACE / 2)
    assert news.heard == ["+ana", "+ben", "-ana"]
    time.pass_by(GRACE / 2)
    assert news.heard[3:] == ["-ben"]
    people.arrived("c9", "ana")
    assert news.heard[4:] == ["+ana"]


def test_leaving_without_having_come_says_nothing(people: Presence, news: News, time: Time) -> None:
    people.left("c1", "ana")
    time.pass_by(100)
    assert news.heard == []


def test_a_failing_announcement_changes_nothing(build: Build, time: Time) -> None:
    heard: list[str] = []

    def announce(user: str, online: bool) -> None:
        heard.append(user)
        raise ZeroDivisionError

    people = build(announce)
    people.arrived("c1", "ana")
    people.arrived("c2", "ben")
    assert heard == ["ana", "ben"]
    assert people.online(["ana", "ben"]) == {"ana", "ben"}


def test_announcements_of_one_person_alternate(build: Build, time: Time) -> None:
    heard: list[bool] = []
    people = build(lambda user, online: heard.append(online))

    def come_and_go(name: str) -> None:
        for _ in range(100):
            people.arrived(name, "ana")
            people.left(name, "ana")

    threads = [threading.Thread(target=come_and_go, args=(f"c{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(50):
        time.pass_by(GRACE)
    for thread in threads:
        thread.join(10)
    time.pass_by(3 * GRACE)
    assert heard == [number % 2 == 0 for number in range(len(heard))]
    assert heard[-1] is False


def test_a_receiver_that_comes_and_goes_while_told_does_not_overtake_itself(
    build: Build, time: Time
) -> None:
    heard: list[str] = []

    def announce(user: str, online: bool) -> None:
        if user == "ana" and online:
            people.arrived("c2", "ben")
        heard.append(user)

    people = build(announce)
    people.arrived("c1", "ana")
    assert heard == ["ana", "ben"]


def test_nothing_is_announced_after_the_stop(people: Presence, news: News, time: Time) -> None:
    people.arrived("c1", "ana")
    people.left("c1", "ana")
    people.stop()
    people.stop()
    time.pass_by(100)
    assert news.heard == ["+ana"]


def test_many_who_leave_need_one_timer(news: News, time: Time) -> None:
    people = memory(news, time)
    for number in range(500):
        people.arrived(f"c{number}", f"u{number}")
        people.left(f"c{number}", f"u{number}")
        time.pass_by(0.001)
    time.pass_by(100)
    assert len(news.heard) == 1000
    assert time.most_pending == 1


def test_the_real_timer_announces_too() -> None:
    gone = threading.Event()
    settings = config.read({"CHAT_PRESENCE_GRACE_SECONDS": 0.02})
    people = presence.connect(
        "memory://", settings, lambda user, online: None if online else gone.set()
    )
    people.start()
    people.arrived("c1", "ana")
    people.left("c1", "ana")
    assert gone.wait(5)


def test_an_unknown_scheme_is_a_mistake_of_setting_up() -> None:
    with pytest.raises(SetupError, match="memory://"):
        presence.connect("carrier-pigeon://roof", config.read({}), lambda user, online: None)
