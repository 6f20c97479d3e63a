"""Masters and workers that end as they should: everybody is told, and comes back in their time."""

import itertools
import signal
import statistics
import time

import pytest

SPAN = (500, 8000)


@pytest.fixture(scope="module")
def workers(crew):
    return crew(2, "--max-requests", "100", "--max-requests-jitter", "50", CHAT_DRAIN_SECONDS=3)


def test_fault_16_max_requests_ends_workers_gently_while_all_go_on_writing(
    workers, people, follow, write, record_property
):
    ana, ben = people(workers, 2)
    talk = ana.group("Many requests", ben)
    tabs = [follow(ben, talk) for _ in range(10)]
    writers = [write(ana, talk, f"{number}") for number in range(2)]
    first = workers.pids()
    deadline = time.monotonic() + 30
    while first & workers.pids() and time.monotonic() < deadline:
        ben.api("GET", "/sync?totals=1")
    for writer in writers:
        writer.stop()
    assert not first & workers.pids(), "no worker had enough"
    history = [message["body"] for message in ben.history(talk)]
    assert sorted(history) == sorted(set(history))
    assert {body for writer in writers for body in writer.sent} <= set(history)
    for tab in tabs:
        tab.wait_for(*history)
        assert tab.shown() == history
    codes = [code for tab in tabs for code in tab.codes]
    back = sorted(at for tab in tabs for at in tab.returned[1:])
    figures = {
        "messages": len(history),
        "codes": {code: codes.count(code) for code in set(codes)},
        "returns": len(back),
        "pause_between_returns_ms": round(
            1000 * statistics.mean(b - a for a, b in itertools.pairwise(back)), 1
        ),
    }
    print(figures)
    record_property("figures", str(figures))
    # 1013: who came to a worker that had just begun to say goodbye.
    assert {1012} <= set(codes) <= {1012, 1013}


def test_a_reload_keeps_the_chat_going(workers, people, follow, write):
    ana, ben = people(workers, 2)
    talk = ana.group("Reload", ben)
    tab, writer = follow(ben, talk), write(ana, talk, "on and on")
    first = workers.pids()
    workers.process.send_signal(signal.SIGHUP)
    for worker in first:
        workers.wait_for_another(worker)
    time.sleep(0.5)
    writer.stop()
    tab.wait_for(*writer.sent)
    assert tab.shown() == [message["body"] for message in ben.history(talk)]
    # 1013: who came to a worker that had just begun to say goodbye.
    assert set(tab.codes) <= {1012, 1013}


def test_fault_16_a_master_told_to_end_says_goodbye_to_the_sockets_of_all_workers(
    workers, people, record_property
):
    (ana,) = people(workers, 1)
    sockets = [*workers.sockets_everywhere(ana).values(), *(ana.socket() for _ in range(38))]
    begun = time.monotonic()
    workers.process.send_signal(signal.SIGTERM)
    codes = [socket.closed(6) for socket in sockets]
    told = time.monotonic() - begun
    _, seconds = workers.end(within=10)
    record_property("seconds", [round(told, 2), round(seconds, 2)])
    assert codes == [1012] * 40
    assert all(tuple(socket.expect("bye")["retry_ms"]) == SPAN for socket in sockets)
    assert told < 5


def test_workers_of_a_preloaded_app_hear_each_other(crew, people):
    workers = crew(2, "--preload")
    ana, ben = people(workers, 2)
    talk = ana.group("Preloaded", ben)
    sockets, sender = workers.sockets_everywhere(ben), workers.sockets_everywhere(ana)
    for number, socket in enumerate(sender.values()):
        assert socket.post(talk, f"{number}")["type"] == "reply"
        for receiver in sockets.values():
            receiver.expect("message.posted", change=number + 2)
