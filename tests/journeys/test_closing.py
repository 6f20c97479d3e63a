"""Every way in which a socket may be closed, and no socket at all: what the page does then."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.watching import NETWORK_IS_AWAY
from tests.support.servers import free_port, until

MINUTE = 60_000

PROXY = """
daemon off; pid nginx.pid; error_log stderr crit;
events {}
http { access_log off; client_body_temp_path body; proxy_temp_path proxy;
       fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
       server { listen 127.0.0.1:%d;
                location / { proxy_pass http://127.0.0.1:%d; proxy_set_header Host $http_host; } } }
"""


class Wire:
    """The sockets of one person's pages: let through, counted, and cut as a test wishes."""

    def __init__(self, context):
        self.sockets = []
        context.route_web_socket("**/chat/ws", self._connect)

    def _connect(self, route):
        self.sockets.append(route)
        route.connect_to_server()

    def close(self, code, bye=None):
        if bye:
            self.sockets[-1].send(json.dumps({"type": "bye", **bye}))
        self.sockets[-1].close(code=code)


@pytest.fixture
def tom(arrive):
    """A teacher whose clock and sockets are in the test's hands."""
    tom = arrive("teacher", "Tom Achterberg", fresh=True)
    tom.context.clock.install()
    return tom


@pytest.fixture
def wire(tom):
    return Wire(tom.context)


@pytest.fixture
def tab(tom, wire, nora):
    tab = tom.tab("/")
    tab.open_with(nora)
    tab.is_live()
    assert len(wire.sockets) == 1
    return tab


def pass_time(tab, milliseconds):
    tab.page.clock.run_for(milliseconds)


@pytest.mark.parametrize(
    ("code", "bye", "at_most"),
    [
        pytest.param(1001, None, 1_000, id="going away: soon"),
        pytest.param(1006, None, 1_000, id="cut: soon"),
        pytest.param(1011, None, 1_000, id="error: soon"),
        pytest.param(4108, None, 1_000, id="too slow: soon"),
        pytest.param(1012, {"retry_ms": [2_000, 3_000]}, 3_000, id="restart: when it said"),
        pytest.param(1013, None, 60_000, id="full: within a minute"),
        pytest.param(1013, {"retry_ms": [500, 900]}, 900, id="full: when it said"),
        pytest.param(4003, None, 2_000, id="revoked: after asking who one is"),
        pytest.param(4129, {"retry_ms": [3_000, 4_000]}, 4_000, id="too much: when it said"),
        pytest.param(4177, None, 10_000, id="an unknown 41xx: after a pause"),
        pytest.param(4999, None, 1_000, id="an unknown 4xxx: soon"),
    ],
)
def test_it_comes_back(tab, wire, nora, code, bye, at_most):
    wire.close(code, bye)
    # Not "until it waits": a pause may be over before anybody has looked. One step for the close
    # itself to arrive.
    for _ in range(0, at_most + 2_000, 1_000):
        pass_time(tab, 1_000)
        if len(wire.sockets) == 2:
            break
    tab.is_live()
    assert len(wire.sockets) == 2
    tab.write("back")
    nora.tab("/registrar").shows_unread(1)


@pytest.mark.parametrize(
    ("code", "bye", "least", "most"),
    [
        (1011, None, 0, 1_000),
        (1012, {"retry_ms": [20_000, 30_000]}, 20_000, 30_000),
        (1013, None, 10_000, 60_000),
        (4129, None, 5_000, 30_000),
        (4129, {"retry_ms": [20_000, 30_000]}, 20_000, 30_000),
        (4177, None, 1_000, 10_000),
    ],
)
def test_it_waits_as_long_as_the_code_asks(tab, wire, code, bye, least, most):
    wire.close(code, bye)
    pause = tab.page.evaluate(
        """() => new Promise((done) => {
          const { client } = document.querySelector('flask-chat');
          const look = () => {
            const { status, retryAt } = client.getSnapshot().connection;
            if (status === 'waiting') done(retryAt - Date.now());
          };
          client.subscribe(look);
          look();
        })"""
    )
    slack = 1_000  # between the closing and the look
    assert least - slack <= pause <= most


@pytest.mark.parametrize("code", [1009, 4000, 4042])
def test_it_stays_away_until_somebody_asks(tab, wire, code):
    wire.close(code)
    expect(tab.banner).to_contain_text("The connection was closed.")
    pass_time(tab, 30 * MINUTE)
    assert len(wire.sockets) == 1
    tab.banner.get_by_role("button", name="Try now").click()
    tab.is_live()


def test_signed_out_is_final(tab, wire):
    wire.close(4001)
    expect(tab.chat.get_by_role("alert")).to_contain_text("You have been signed out")
    pass_time(tab, 30 * MINUTE)
    assert len(wire.sockets) == 1


def test_one_socket_too_many_waits_until_the_page_is_looked_at(tab, wire):
    wire.close(4009)
    tab.becomes("closed")
    pass_time(tab, 30 * MINUTE)
    assert len(wire.sockets) == 1
    tab.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tab.is_live()
    assert len(wire.sockets) == 2


@pytest.fixture
def proxy(school, tmp_path):
    """The address of one that lets no upgrade through, as nginx does when nobody tells it to."""
    assert shutil.which("nginx"), "apt-get install --no-install-recommends nginx-light"
    port = free_port()
    (tmp_path / "nginx.conf").write_text(PROXY % (port, school.port))
    nginx = subprocess.Popen(["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    for _ in until(10):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            break
    yield f"http://127.0.0.1:{port}"
    nginx.terminate()
    nginx.wait(10)


def test_behind_a_proxy_without_upgrade_messages_are_asked_for(
    browsers, office, nora, proxy, watch
):
    watch.expect(NETWORK_IS_AWAY)
    context = browsers.lend(watch, base_url=proxy, fresh=True)
    tom = Person(office.enrol("teacher", "Tom Achterberg"), context).sign_in()
    tom.context.clock.install()
    registrar, teacher = nora.tab("/registrar"), tom.tab("/", ready=False)
    registrar.open_with(tom)
    teacher.open_with(nora)
    for _ in range(6):
        teacher.page.wait_for_function(
            "!['idle', 'connecting'].includes"
            "(document.querySelector('flask-chat').client.getSnapshot().connection.status)"
        )
        if teacher.status == "polling":
            break
        pass_time(teacher, 2_000)
    teacher.becomes("polling")
    expect(teacher.banner).to_contain_text("Messages arrive with a delay")
    teacher.write("by post")
    registrar.sees("by post")
    registrar.write("received")
    registrar.sees("by post", "received")
    pass_time(teacher, 6_000)
    teacher.sees("by post", "received")
    teacher.close_chat()
    registrar.write("and more")
    registrar.sees("by post", "received", "and more")
    pass_time(teacher, 31_000)
    teacher.shows_unread(1)
