"""The handshake: what is refused while HTTP can still say so."""

import io
import socket

import flask
import pytest

from flask_chat import errors
from flask_chat.errors import Malformed, Unauthorized
from flask_chat.realtime import servers, upgrade

from .fakes import config

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        yield ours, theirs


def environ(connection: socket.socket | None = None, **changes) -> dict:
    found = {
        "REQUEST_METHOD": "GET",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_UPGRADE": "websocket",
        "HTTP_CONNECTION": "keep-alive, Upgrade",
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_SEC_WEBSOCKET_KEY": KEY,
        "wsgi.input": io.BytesIO(),
        "wsgi.multithread": True,
        **changes,
    }
    if connection is not None:
        found["werkzeug.socket"] = connection
    return {name: value for name, value in found.items() if value is not None}


def test_the_rfcs_own_example_is_answered_as_the_rfc_says(pair) -> None:
    handshake = upgrade.examine(environ(pair[0]))
    assert handshake.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"HTTP_UPGRADE": None}, errors.UpgradeRequired),
        ({"HTTP_UPGRADE": "h2c"}, errors.UpgradeRequired),
        ({"HTTP_CONNECTION": "keep-alive"}, errors.UpgradeRequired),
        ({"HTTP_SEC_WEBSOCKET_VERSION": "8"}, errors.UpgradeRequired),
        ({"HTTP_SEC_WEBSOCKET_VERSION": None}, errors.UpgradeRequired),
        ({"HTTP_SEC_WEBSOCKET_KEY": None}, Malformed),
        ({"HTTP_SEC_WEBSOCKET_KEY": "dGVu"}, Malformed),
        ({"HTTP_SEC_WEBSOCKET_KEY": KEY + "\r\nX: 1"}, Malformed),
        ({"REQUEST_METHOD": "POST"}, Malformed),
        ({"SERVER_PROTOCOL": "HTTP/1.0"}, Malformed),
        ({"CONTENT_LENGTH": "5"}, Malformed),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, Malformed),
        ({"wsgi.multithread": False}, errors.Unsupported),
    ],
)
def test_what_cannot_become_a_socket_is_refused(pair, changes: dict, error: type) -> None:
    with pytest.raises(error):
        upgrade.examine(environ(pair[0], **changes))


def test_a_server_that_gives_no_socket_away_is_not_supported() -> None:
    with pytest.raises(errors.Unsupported) as raised:
        upgrade.examine(environ(None))
    assert raised.value.status == 501


def test_another_servers_socket_is_not_taken(pair) -> None:
    with pair[0].makefile("rb") as reader, pytest.raises(errors.Unsupported):
        upgrade.examine(environ(None, **{"wsgi.input": reader}))


def test_taking_what_was_read_ahead_does_not_wait(pair) -> None:
    ours, theirs = pair
    with ours.makefile("rb") as reader:
        assert servers.buffered({"wsgi.input": reader}, ours) == b""
        theirs.sendall(b"line\nahead")
        reader.readline()
        assert servers.buffered({"wsgi.input": reader}, ours) == b"ahead"
        assert ours.gettimeout() is None


def test_flask_keeps_the_response_whatever_the_apps_own_class_is(pair) -> None:
    class Own(flask.Response):
        pass

    app = flask.Flask(__name__)
    app.response_class = Own
    with app.test_request_context():
        handshake = upgrade.examine(environ(pair[0]))
        response = upgrade.refused(handshake, Unauthorized(), config=config(), response_class=Own)
        assert app.make_response(response) is response
        assert isinstance(response, Own)


def test_nothing_happens_before_the_server_asks_for_the_body(pair) -> None:
    ours, theirs = pair
    handshake = upgrade.examine(environ(ours))
    response = upgrade.refused(handshake, Unauthorized(), config=config())
    finished = []
    response.call_on_close(lambda: finished.append(True))
    statuses = []
    body = response(handshake.environ, lambda status, headers: statuses.append(status))
    theirs.settimeout(0.05)
    with pytest.raises(TimeoutError):
        theirs.recv(1)
    assert statuses == ["101 Switching Protocols"]
    assert not finished

    theirs.settimeout(5)
    theirs.sendall(b"\x88\x80\0\0\0\0")
    assert list(body) == []
    assert finished
    heard = b""
    while chunk := theirs.recv(4096):
        heard += chunk
    head, _, rest = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert b"unauthorized" in rest


def test_a_handshake_that_fails_leaves_nothing_for_the_server_to_read(pair) -> None:
    ours, theirs = pair
    handshake = upgrade.examine(environ(ours))
    response = upgrade.refused(handshake, Unauthorized(), config=None)
    assert list(response(handshake.environ, lambda status, headers: None)) == []
    assert theirs.recv(100) == b""
    with pytest.raises(BrokenPipeError):
        ours.send(b"HTTP/1.1 500 Internal Server Error")
