"""Idle sockets hold no connection of the pool and slow nobody down: fault 19, a pool of one."""

import statistics
import time

import pytest

from tests.support import postgres, running
from tests.support.servers import SCHOOL

SOCKETS = 500
ONE = {
    "SQLALCHEMY_ENGINE_OPTIONS": {"pool_size": 1, "max_overflow": 0, "pool_timeout": 2},
    "CHAT_SOCKETS_PER_USER": 1000,
}


@pytest.fixture(scope="module")
def cluster():
    with postgres.running() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def crowded(request, servers, seeded_file, tmp_path):
    if request.param == "sqlite":
        database = servers.copy_of(seeded_file)
        return servers.start(database, settings={**running.PATIENT, **ONE})
    cluster = request.getfixturevalue("cluster")
    database = cluster.url(cluster.create())
    running.fill_school(database)
    return servers.start(database, app=SCHOOL, settings={**running.PATIENT, **ONE})


def median_ms(browser, path, times=15):
    """How long a page takes, in the middle."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        assert browser.request("GET", path).status == 200
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


@pytest.mark.slow
def test_five_hundred_idle_sockets_cost_the_hosts_pages_nothing(crowded, visitors, record_property):
    registrar, teacher = visitors(crowded, "registrar"), visitors(crowded, "teacher")
    page = "/registrar/people"
    median_ms(registrar, page, 5)
    before, alone = median_ms(registrar, page), crowded.state()

    sockets = [teacher.knock(reading=False) for _ in range(SOCKETS)]
    state = crowded.becomes(sockets=SOCKETS, checkedout=0)
    after = median_ms(registrar, page)
    figures = {
        "alone_ms": round(before, 1), "crowded_ms": round(after, 1),
        "ratio": round(after / before, 2),
        "greenlets_per_socket": round((state["greenlets"] - alone["greenlets"]) / SOCKETS, 2),
        "kib_per_socket": round((state["resident_kb"] - alone["resident_kb"]) / SOCKETS, 1),
    }  # fmt: skip
    print(figures)
    for name, value in figures.items():
        record_property(name, value)
    assert len(sockets) == SOCKETS
    assert figures["ratio"] < 2.5
    assert figures["greenlets_per_socket"] < 2.5
    crowded.becomes(checkedout=0)  # the beat may just have it; a socket would keep it

    # And the chat itself still works, with the one connection there is.
    talk = teacher.group("Crowd", registrar)
    listening = registrar.socket()
    for number in range(10):
        teacher.post(talk, f"{number}")
    for number in range(10):
        assert listening.expect("message.posted")["data"]["body"] == f"{number}"
    crowded.becomes(checkedout=0)  # the beat may just have it; a socket would keep it
