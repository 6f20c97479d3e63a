"""Workers that are killed in the middle of things: nothing acknowledged is lost or doubled."""

import http.client
import time

import pytest

from tests.support.clients import new_client_id


@pytest.fixture(scope="module")
def workers(crew):
    return crew(4, FAULT_KILL="1")


@pytest.fixture
def place(workers, people):
    ana, ben, cleo = people(workers, 3)
    return ana, ben, cleo, ana.group("Killed", ben, cleo)


def post_until_stored(browser, talk, body, mark):
    """Send, and send again with the same mark, as a client does; how often it took."""
    for attempt in range(1, 50):
        try:
            answer = browser.api(
                "POST", f"/conversations/{talk}/messages", body=body, client_id=mark
            )
        except (OSError, http.client.HTTPException):
            answer = None
        if answer is not None and answer.status in (200, 201):
            return attempt
        time.sleep(0.05)
    raise AssertionError("never stored")


def test_fault_2_killed_between_commit_and_publish_the_others_have_it_within_ten_seconds(
    workers, place, follow, record_property
):
    ana, ben, cleo, talk = place
    tabs = [follow(ben, talk), follow(cleo, talk), follow(ben, talk)]
    ana.post(talk, "before")
    waited = []
    for number in range(3):
        body = f"die after the commit {number}"
        victim = ana.socket()
        worker = workers.worker_of(victim)
        victim.begin("message.post", conversation=talk, body=body, client_id=new_client_id())
        assert victim.closed() is None
        waited.append(max(tab.wait_for(body) for tab in tabs))
        workers.wait_for_another(worker)
    record_property("seconds", [round(seconds, 2) for seconds in waited])
    print({"seconds": waited})
    # Nobody said anything more: the reconciler alone has told.
    assert max(waited) < 10
    for tab in tabs:
        assert tab.shown() == ["before", *(f"die after the commit {n}" for n in range(3))]


def test_fault_2_the_process_that_looks_for_all_may_be_the_one_that_is_killed(
    workers, place, follow
):
    ana, _, cleo, talk = place
    tab = follow(cleo, talk)
    # One of the four holds the lease: each of them dies once.
    for number, worker in enumerate(sorted(workers.pids())):
        body = f"die after the commit, {number}"
        victim = workers.socket_at(ana, worker)
        victim.begin("message.post", conversation=talk, body=body, client_id=new_client_id())
        tab.wait_for(body, within=10)
        workers.wait_for_another(worker)
    assert tab.shown() == [message["body"] for message in cleo.history(talk)]


def test_fault_3_killed_between_counter_and_commit_leaves_no_gap_and_one_row_after_the_retry(
    workers, place, follow
):
    ana, ben, _, talk = place
    tab, mark = follow(ben, talk), new_client_id()
    ana.post(talk, "before")
    victim = ana.socket()
    worker = workers.worker_of(victim)
    victim.begin("message.post", conversation=talk, body="die before the commit", client_id=mark)
    assert victim.closed() is None
    workers.wait_for_another(worker)
    assert [m["body"] for m in ben.history(talk)] == ["before"]
    # The same message again; this time nothing befalls the worker.
    ana.post(talk, "meanwhile")
    body = "die before the commit".replace("die", "live")
    assert post_until_stored(ana, talk, body, mark) == 1
    tab.wait_for(body)
    history = ben.history(talk)
    assert [(m["seq"], m["body"]) for m in history] == [
        (1, "before"), (2, "meanwhile"), (3, body),
    ]  # fmt: skip
    assert [m["change"] for m in history] == [2, 3, 4]


def test_fault_17_one_of_four_workers_killed_while_all_write_loses_nothing(
    workers, place, follow, write, record_property
):
    *people, talk = place
    tabs = [follow(person, talk) for person in people for _ in range(4)]
    writers = [write(person, talk, f"{place}") for place, person in enumerate(people)]
    for _ in range(2):
        time.sleep(1)
        worker = workers.worker_of(next(tab for tab in tabs if tab.is_live.is_set()).socket)
        workers.signal_worker(worker)
        workers.wait_for_another(worker)
    time.sleep(0.5)
    for writer in writers:
        writer.stop()
    sent = {body: at for writer in writers for body, at in writer.sent.items()}
    history = [message["body"] for message in people[0].history(talk)]
    assert sorted(history) == sorted(set(history))
    assert set(sent) <= set(history)
    for tab in tabs:
        tab.wait_for(*history)
        assert tab.shown() == history
    figures = {
        "messages": len(history),
        "repeated": sum(writer.repeated for writer in writers),
        "sockets_lost": sum(len(tab.codes) for tab in tabs),
        "worst_delay": round(
            max(tab.seen_at[body] - sent[body] for tab in tabs for body in sent), 2
        ),
    }
    print(figures)
    record_property("figures", str(figures))
    assert figures["sockets_lost"] >= 1
