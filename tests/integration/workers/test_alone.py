"""Several workers with ``memory://``: one has the sockets, the others refuse and say so once."""

import time

from websocket import WebSocketBadStatusException


def test_memory_with_several_workers_refuses_sockets_with_501_and_one_line_of_log(crew, people):
    workers = crew(3, bus="memory://")
    ana, ben = people(workers, 2)
    talk = ana.group("Alone", ben)
    sockets, refusals = [], []
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (len(refusals) < 12 or not sockets):
        try:
            sockets.append(ben.socket())
        except WebSocketBadStatusException as refusal:
            refusals.append(refusal.status_code)
    assert set(refusals) == {501}
    assert len({workers.worker_of(socket) for socket in sockets}) == 1
    complaints = workers.log.count("Another process has the sockets")
    assert 1 <= complaints <= 2  # one for each worker that was asked
    # Who polls sees everything, and so do those with a socket, wherever it was written.
    for number in range(10):
        ana.post(talk, f"{number}")
    assert len(ben.history(talk)) == 10
    sockets[0].expect("tick", conversation=talk) if not sockets[0].events_of(talk) else None
