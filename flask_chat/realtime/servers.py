"""What the WSGI servers leave in the environ for us: the socket, and bytes already read from it.

A server reads ahead: a frame that a client sends together with its handshake waits in the
server's buffer, and whoever reads the bare socket never sees it. ``buffered`` takes it over.

======================================  =====================================  ==================
server                                  the socket                             bytes read ahead
======================================  =====================================  ==================
Werkzeug (``flask run``), with threads  ``werkzeug.socket``                    ``wsgi.input``
gunicorn ``gevent``, ``gthread``        ``gunicorn.socket``                    the body's unreader
gevent pywsgi, gunicorn                 behind the buffered reader in          that reader
``gevent_pywsgi``                       ``wsgi.input``
======================================  =====================================  ==================

Every other server offers none (waitress, uWSGI, mod_wsgi), or has one request at a time in the
whole process (gunicorn ``sync``, ``flask run --without-threads``), which one socket would hold.
"""

from __future__ import annotations

import contextlib
import io
import socket
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any
from wsgiref.types import WSGIEnvironment


def socket_of(environ: WSGIEnvironment) -> socket.socket | None:
    """The accepted socket behind this request, if the server lets us have it."""
    for key in ("werkzeug.socket", "gunicorn.socket"):
        if key in environ:
            return environ[key] if environ.get("wsgi.multithread") else None
    connection = getattr(getattr(_reader(environ), "raw", None), "_sock", None)
    return connection if is_cooperative(connection) else None


def buffered(environ: WSGIEnvironment, connection: socket.socket) -> bytes:
    """Take what the server has already read of what follows the request; never waits."""
    unreader = getattr(getattr(environ["wsgi.input"], "reader", None), "unreader", None)
    if unreader is not None:
        return _take_from_unreader(unreader)
    reader = _reader(environ)
    if isinstance(reader, io.BufferedReader):
        return _take_from_reader(reader, connection)
    return b""


def cut(environ: WSGIEnvironment) -> None:
    """End the connection of this request, so that the server can do no more with it."""
    connection = socket_of(environ)
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def leaver(start_response: Any) -> Callable[[], None] | None:
    """How to tell the server that the socket behind this answer is no longer its own.

    Told so, it ends the request without a word to the socket, and reads no other from it.

    :returns: ``None`` if this server cannot be told, or does not stand below on the stack.
    """
    frame: FrameType | None = sys._getframe()
    # The bound method that was handed to the app, unless something between has wrapped it.
    candidates = [getattr(start_response, "__self__", None)]
    while frame is not None and (found := _leaver(candidates)) is None:
        candidates = [frame.f_locals.get("self"), frame.f_locals.get("resp")]
        frame = frame.f_back
    return found if frame is not None else None


def _leaver(candidates: list[Any]) -> Callable[[], None] | None:
    for candidate in candidates:
        module = type(candidate).__module__
        if module == "gunicorn.http.wsgi":
            return partial(_leave_gunicorn, candidate)
        if hasattr(candidate, "close_connection") and hasattr(candidate, "headers_sent"):
            return partial(_leave_pywsgi, candidate)
    return None


def _leave_gunicorn(response: Any) -> None:
    response.headers_sent, response.chunked = True, False
    response.force_close()


def _leave_pywsgi(handler: Any) -> None:
    handler.headers_sent = handler.close_connection = True
    handler.socket = None


def is_cooperative(connection: Any) -> bool:
    """Whether this is gevent's socket, which waits by letting other greenlets run."""
    return type(connection).__module__.partition(".")[0] == "gevent"


def _reader(environ: WSGIEnvironment) -> Any:
    # pywsgi wraps its reader where it did not recognise the upgrade.
    body = environ.get("wsgi.input")
    return getattr(body, "rfile", body)


def _take_from_unreader(unreader: Any) -> bytes:
    ahead = unreader.buf.getvalue()
    unreader.buf = io.BytesIO()
    return bytes(ahead)


def _take_from_reader(reader: io.BufferedReader, connection: socket.socket) -> bytes:
    # `peek` shows what is buffered, but asks the socket when nothing is: it must not wait then.
    connection.settimeout(0)
    try:
        return reader.read(len(reader.peek()))
    except OSError:
        return b""
    finally:
        connection.settimeout(None)
