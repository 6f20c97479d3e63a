"""What a handshake tells of the server and of a proxy before it."""

import pytest

from flask_chat.ws.surroundings import Surroundings

OWN = "http://school.example"
PROXIED = {"HTTP_X_FORWARDED_PROTO": "https"}


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, {"several": False, "proxied": False, "believed": False}),
        ({"wsgi.multiprocess": True}, {"several": True, "proxied": False, "believed": False}),
        (PROXIED, {"several": False, "proxied": True, "believed": False}),
        (
            {**PROXIED, "werkzeug.proxy_fix.orig": {}},
            {"several": False, "proxied": True, "believed": True},
        ),
    ],
)
def test_the_last_handshake_counts(environ, told):
    around = Surroundings()
    around.see({"HTTP_VIA": "1.1 another"})
    around.see(environ)
    assert around.describe() == {"server": "an unknown server", **told}


@pytest.mark.parametrize(
    ("environ", "origin", "lines"),
    [
        ({}, "https://school.example", 1),
        (PROXIED, "https://school.elsewhere.example", 1),
        ({}, "https://evil.example", 0),
        ({**PROXIED, "werkzeug.proxy_fix.orig": {}}, "https://evil.example", 0),
        ({}, "null", 0),
        ({}, None, 0),
    ],
)
def test_a_page_that_may_be_ones_own_is_named_once_in_the_log(caplog, environ, origin, lines):
    around = Surroundings()
    around.see(environ)
    for _ in range(3):
        around.complain(origin, OWN)
    assert caplog.text.count("ProxyFix") == lines
