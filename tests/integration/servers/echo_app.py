"""A small app that opens sockets and does what the client's texts say; run by the tests here.

``python echo_app.py PORT`` serves it with pywsgi; gunicorn and ``flask run`` load ``app``.
Settings come as JSON in the environment variable ``CHAT_SETTINGS``; ``ENGINE=threads`` keeps to
the portable engine where another would be chosen.
"""

import json
import os
import sys

if os.environ.get("GREEN"):
    from gevent import monkey

    monkey.patch_all()

import gc
import logging
import signal
import threading
import time

import flask

from flask_chat import config, errors, events, protocol
from flask_chat.current import Identity
from flask_chat.realtime import drain, engines, upgrade
from flask_chat.realtime.engines import threads
from flask_chat.realtime.hub import Hub

logging.basicConfig(level=os.environ.get("LEVEL", "WARNING"), stream=sys.stderr)

if os.environ.get("ENGINE") == "threads":
    engines.choose = lambda accepted: threads.ENGINE

settings = config.read(json.loads(os.environ.get("CHAT_SETTINGS", "{}")))
hub = Hub(settings)
app = flask.Flask(__name__)
served: list[str] = []


class Echo:
    """Says back what it hears, except for a few orders."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.frames = 0

    def opened(self, connection):
        assert not flask.has_app_context()
        connection.send(b'{"type":"hello"}')
        hub.add(connection, since=self.since)

    def received(self, connection, texts):
        for text in texts:
            self.carry_out(connection, text)

    def carry_out(self, connection, text):
        order, _, argument = text.partition(" ")
        if order == "big":
            connection.send(b'"' + b"x" * int(argument) + b'"')
        elif order == "close":
            code = int(argument)
            connection.close(code, "as asked", bye=protocol.bye((1, 2)) if code == 1012 else None)
        elif order == "crash":
            raise ZeroDivisionError
        elif order == "fail":
            raise errors.Unauthorized
        elif order == "work":
            time.sleep(float(argument))
            connection.send(b'"worked"')
        elif order == "expire":
            connection.expire(float(argument), 4001, "late")
        elif order == "room":
            hub.deliver(events.Entry(events.Audience(tuple(hub.online())), argument.encode()))
        else:
            connection.send(text.encode())

    def closed(self, connection):
        hub.remove(connection)

    def limit(self):
        self.frames += 1
        if self.frames > 1000:
            raise errors.RateLimited(seconds=3)


class Wrapping:
    """A middleware that hides the server's own ``start_response`` from what is above."""

    def __init__(self, above):
        self.above = above

    def __call__(self, environ, start_response):
        def wrapped(status, headers, exc_info=None):
            return start_response(status, headers, exc_info)

        yield from self.above(environ, wrapped)


if os.environ.get("WRAPPED"):
    app.wsgi_app = Wrapping(app.wsgi_app)


@app.before_request
def open_socket():
    served.append(flask.request.path)
    if flask.request.path not in ("/ws", "/refused"):
        return None
    try:
        handshake = upgrade.examine(flask.request.environ)
        if flask.request.path == "/refused":
            return upgrade.refused(handshake, errors.Unauthorized(), config=settings)
        with hub.admit(flask.request.remote_addr) as admission:
            echo = Echo(admission.since)
    except errors.ChatError as problem:
        return problem.to_dict(), problem.status, getattr(problem, "headers", {})
    drain.install(hub)
    user = flask.request.args.get("user", "1")
    return upgrade.upgraded(
        handshake,
        echo,
        config=settings,
        identity=Identity(user=user, key=user),
        address=flask.request.remote_addr,
        limit=echo.limit if "limit" in flask.request.args else None,
    )


@app.get("/")
def page():
    return "<!doctype html><title>page</title>"


@app.get("/state")
def state():
    links = [os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
    watch = drain.installed(hub)
    with open("/proc/self/status", encoding="ascii") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    if "collect" in flask.request.args:
        gc.collect()
    return {
        "left": _left() if "collect" in flask.request.args else None,
        "sockets": sum(_is_socket(link) for link in links),
        "open": len(hub),
        "served": served,
        "threads": threading.active_count(),
        "rss": memory,
        "drain": [watch.installed, watch.reason] if watch else None,
        "pid": os.getpid(),
    }


@app.get("/obey/<verb>/<user>")
def obey(verb, user):
    hub.obey(events.Control(verb, user))
    return {}


def _left():
    """What requests leave behind while they last; this one's own is among it."""
    everything = gc.get_objects()
    names = [type(found).__name__ for found in everything]
    return {
        "environs": sum(type(found) is dict and "wsgi.input" in found for found in everything),
        "greenlets": sum(name in ("Greenlet", "greenlet") for name in names),
        "handlers": sum(name in ("WSGIHandler", "PyWSGIHandler") for name in names),
        "requests": sum(
            issubclass(type(found), (flask.Request, flask.Response)) for found in everything
        ),
        "contexts": sum(issubclass(type(found), flask.ctx.AppContext) for found in everything),
        "readers": names.count("BufferedReader") + names.count("Incoming"),
        "outboxes": names.count("Outbox"),
        "green sockets": sum(
            name == "socket" and str(type(found).__module__).startswith("gevent")
            for found, name in zip(everything, names, strict=True)
        ),
    }


def _is_socket(link):
    try:
        return os.readlink(link).startswith("socket:")
    except OSError:
        return False


def main():
    from gevent.event import Event
    from gevent.pywsgi import WSGIServer

    server = WSGIServer(("127.0.0.1", int(sys.argv[1])), app, log=None)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main()
