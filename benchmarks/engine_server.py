"""The server that ``engines.py`` measures: pywsgi, a bare Flask app, and one of the engines.

``python engine_server.py PORT ENGINE HEARTBEAT_SECONDS``, ENGINE being ``threads`` or ``epoll``.
"""

from gevent import monkey

monkey.patch_all()  # before every other import

import gc  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import flask  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from flask_chat import config, events  # noqa: E402
from flask_chat.current import Identity  # noqa: E402
from flask_chat.realtime import engines, frames, upgrade  # noqa: E402
from flask_chat.realtime.engines import epoll, exchange, threads  # noqa: E402
from flask_chat.realtime.hub import Hub  # noqa: E402

MANY = 1_000_000
settings = config.read(
    {
        "CHAT_HEARTBEAT_SECONDS": float(sys.argv[3]),
        "CHAT_SOCKETS_PER_WORKER": MANY,
        "CHAT_SOCKETS_PER_ADDRESS": MANY,
        "CHAT_HANDSHAKES": MANY,
    }
)
engines.choose = lambda accepted: {"threads": threads, "epoll": epoll}[sys.argv[2]].ENGINE
hub = Hub(settings)
app = flask.Flask(__name__)


class Echo:
    """Says back what it hears."""

    __slots__ = ()

    def opened(self, connection):
        connection.send(b'{"type":"hello"}')
        hub.add(connection)

    def received(self, connection, texts):
        for text in texts:
            connection.send(text.encode())

    def closed(self, connection):
        hub.remove(connection)


ECHO = Echo()


@app.before_request
def open_socket():
    """The socket, for whoever says they are somebody."""
    if flask.request.path != "/ws":
        return None
    handshake = upgrade.examine(flask.request.environ)
    address, user = flask.request.remote_addr, flask.request.args["user"]
    with hub.admit(address):
        identity = Identity(user, user)
    return upgrade.upgraded(handshake, ECHO, config=settings, identity=identity, address=address)


@app.get("/costs")
def costs():
    """What the process has spent so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return {
        "cpu": time.process_time(),
        "rss": int(status.partition("VmRSS:")[2].split()[0]),
        "open": len(hub),
    }


@app.get("/collect")
def collect():
    """CPU seconds of one full collection."""
    begun = time.process_time()
    gc.collect()
    return {"cpu": time.process_time() - begun}


@app.get("/deliver/<int:people>/<int:rounds>")
def deliver(people, rounds):
    """CPU seconds of one delivery, the median over rounds; what the readers cost is not in it."""
    audience = events.Audience(tuple(str(number) for number in range(people)))
    entry = events.Entry(audience, b'{"type":"message.posted","data":"' + b"x" * 200 + b'"}')
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        hub.deliver(entry)
        spent.append(time.process_time() - begun)
        time.sleep(0.02)
    return {"cpu": sorted(spent)[rounds // 2] / people}


@app.get("/burst/<int:people>/<int:entries>")
def burst(people, entries):
    """CPU seconds of one delivery out of so many at once, the median of ten."""
    audience = events.Audience(tuple(str(number) for number in range(people)))
    entry = events.Entry(audience, b'{"type":"message.posted","data":"' + b"x" * 200 + b'"}')
    spent = []
    for _ in range(10):
        begun = time.process_time()
        hub.receive([entry] * entries)
        spent.append(time.process_time() - begun)
        time.sleep(0.05)
    return {"cpu": sorted(spent)[5] / people / entries}


@app.get("/write/<int:people>/<int:rounds>")
def write(people, rounds):
    """CPU seconds of one bare write of the same bytes: what the kernel takes for a delivery."""
    wire = frames.text(b'{"type":"message.posted","data":"' + b"x" * 200 + b'"}')
    lines = [bell._socket for bell in exchange.exchange()._lines.values()][:people]
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        for line in lines:
            line.send(wire)
        spent.append(time.process_time() - begun)
        time.sleep(0.02)
    return {"cpu": sorted(spent)[rounds // 2] / people}


WSGIServer(("127.0.0.1", int(sys.argv[1])), app, log=None, backlog=1024).serve_forever()
