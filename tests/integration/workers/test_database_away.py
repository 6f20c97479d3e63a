"""PostgreSQL stopped under several workers, and one that comes back with another past."""

import contextlib
import time

import pytest
from sqlalchemy import create_engine, text
from websocket import WebSocketBadStatusException

from tests.support import postgres
from tests.support.pace import paced
from tests.support.running import fill_tiny
from tests.support.servers import until


@pytest.fixture(scope="module")
def cluster():
    """Of its own: the tests stop it."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="module")
def template(cluster):
    name = cluster.create()
    fill_tiny(cluster.url(name))
    return name


@pytest.fixture(scope="module")
def workers(crew):
    return crew(2)


def test_fault_18_a_database_that_is_stopped_for_seconds(
    workers, people, everywhere, write, cluster, record_property
):
    ana, ben = people(workers, 2)
    talk = ana.group("Stopped", ben)
    tabs = everywhere(workers, ben, talk)
    socket = ana.socket()
    writer = write(ana, talk, "through it all")
    time.sleep(0.3)
    # Not "immediate": these clusters promise nothing after a crash (synchronous_commit is off).
    cluster.stop()
    begun = time.monotonic()
    try:
        refused = ana.api("POST", f"/conversations/{talk}/messages", body="x", client_id="y" * 32)
        assert (refused.status, refused.code) == (503, "unavailable")
        assert int(refused.headers["Retry-After"]) >= 1
        answer = socket.post(talk, "x")
        assert (answer["code"], answer["retry_after"] >= 1) == ("unavailable", True)
        with pytest.raises(WebSocketBadStatusException) as handshake:
            ana.knock()
        assert handshake.value.status_code == 503
        assert ana.request("GET", "/chat/healthz").status == 200
        assert ana.request("GET", "/chat/readyz").status == 503
        while time.monotonic() < begun + paced(30):
            assert ana.api("GET", "/sync?totals=1").status == 503
    finally:
        cluster.start()
    back = time.monotonic()
    for _ in until(paced(200), "not well again"):
        if {ana.api("GET", "/sync?totals=1").status for _ in range(8)} == {200}:
            break
    recovered = time.monotonic() - back
    time.sleep(0.3)
    writer.stop()
    for tab in tabs.values():
        tab.wait_for(*writer.sent)
        assert tab.shown() == [message["body"] for message in ben.history(talk)]
        assert (tab.opened, tab.codes) == (1, [])
    socket.fence()
    # The clock of each worker has one for a moment, ten times a second; a lost one stays out.
    least = dict.fromkeys(workers.pids(), 99)
    with contextlib.suppress(TimeoutError):
        for _ in until(paced(160)):
            state = workers.state()
            least[state["pid"]] = min(least[state["pid"]], state["checkedout"])
            if set(least.values()) == {0}:
                break
    assert set(least.values()) == {0}
    record_property("seconds_until_well", round(recovered, 2))
    print({"seconds_until_well": round(recovered, 2), "messages": len(writer.sent)})


def test_fault_25_a_restored_database_is_another_epoch_at_every_worker(workers, people):
    (ana,) = people(workers, 1)
    sockets = workers.sockets_everywhere(ana)
    before = {socket.frames[0]["epoch"] for socket in sockets.values()}
    workers.flask("chat", "resync", "--yes")
    for socket in sockets.values():
        socket.expect("resync")
    after = {socket.frames[0]["epoch"] for socket in workers.sockets_everywhere(ana).values()}
    assert (len(before), len(after), before & after) == (1, 1, set())
    assert {ana.api("POST", "/sync", known={}).json["epoch"]} == after


def test_fault_25_asleep_while_ten_thousand_messages_came_costs_heads_and_one_page(
    workers, people, record_property
):
    ana, ben = people(workers, 2)
    talks = [ana.group(f"Busy {number}", ben) for number in range(5)]
    known = {talk: [1, 1] for talk in talks}
    engine = create_engine(workers.database)
    with engine.begin() as connection:
        for talk in talks:
            connection.execute(text(_TWO_THOUSAND), {"talk": int(talk), "author": int(ana.id)})
            connection.execute(text(_HEAD), {"talk": int(talk)})
    engine.dispose()
    begun = time.monotonic()
    heads = ben.api("POST", "/sync", known=known, limit=50)
    page = ben.api("GET", f"/conversations/{talks[0]}/messages?limit=50")
    seconds = time.monotonic() - begun
    changed = {c["id"]: c for c in heads.json["conversations"] if c["id"] in talks}
    assert {c["last_seq"] for c in changed.values()} == {2000}
    assert {c["unread"] for c in changed.values()} == {100}
    assert len(page.json["messages"]) == 50
    assert page.json["messages"][-1]["seq"] == 2000
    assert page.json["more"] is True
    figures = {"bytes": len(heads.body) + len(page.body), "seconds": round(seconds, 2)}
    print(figures)
    record_property("figures", str(figures))
    assert figures["bytes"] < 100_000
    assert seconds < 2


_TWO_THOUSAND = """
INSERT INTO chat_message
  (conversation_id, seq, change, kind, author_id, body, client_id, created_at)
SELECT :talk, n, n + 1, 'user', :author, 'Message ' || n, 'bulk-' || :talk || '-' || n,
       clock_timestamp()
FROM generate_series(1, 2000) AS n
"""
_HEAD = """
UPDATE chat_conversation SET last_seq = 2000, last_change = 2001, updated_at = clock_timestamp()
WHERE id = :talk
"""
