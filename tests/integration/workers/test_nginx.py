"""The shipped ``deploy/nginx.conf``, with TLS, before two workers."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import time

import pytest
import websocket

from tests.support.clients import Answer, Browser, Socket
from tests.support.servers import ROOT, free_port, until

MISSING = (
    "nginx and openssl are needed for these tests. "
    "Install them: apt-get install -y --no-install-recommends nginx-light openssl"
)

TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname = False
TRUSTING.verify_mode = ssl.CERT_NONE
FRAME = """
daemon off; pid nginx.pid; error_log stderr warn; {user}
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path body; proxy_temp_path proxy;
       fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
       include site.conf; }}
"""


@pytest.fixture(scope="module")
def workers(crew):
    return crew(2, FAULT_PROXY="1", CHAT_DRAIN_SECONDS=3)


@pytest.fixture(scope="module")
def front(workers, tmp_path_factory):
    """nginx's port."""
    assert all(map(shutil.which, ("nginx", "openssl"))), MISSING
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2",
         "-subj", "/CN=school.example"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for shipped, ours in {
        "127.0.0.1:8000": f"127.0.0.1:{workers.port}",
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/ssl/school.example/fullchain.pem": f"{folder}/cert.pem",
        "/etc/ssl/school.example/privkey.pem": f"{folder}/key.pem",
    }.items():
        assert shipped in site
        site = site.replace(shipped, ours)
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(FRAME.format(user="user root;" if os.geteuid() == 0 else ""))
    with (folder / "log").open("wb") as log:
        nginx = subprocess.Popen(
            ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        for _ in until(10, (folder / "log").read_text()):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
        yield port
    finally:
        nginx.terminate()
        nginx.wait(10)


class Visitor(Browser):
    """A browser that comes over TLS, through nginx."""

    def __init__(self, server, front):
        super().__init__(server)
        self.front = front
        self.own = f"https://127.0.0.1:{front}"

    def request(self, method, path, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if "Origin" in sent:
            sent["Origin"] = self.own
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.front, timeout=15, context=TRUSTING
        )
        with contextlib.closing(connection):
            connection.request(method, path, body, {**sent, "Cookie": self.cookie})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def knock(self, origin="own"):
        line = TRUSTING.wrap_socket(socket.create_connection(("127.0.0.1", self.front), 10))
        try:
            opened = self._shake_hands(line, origin)
        except BaseException:
            line.close()
            raise
        self._sockets.append(Socket(opened))
        return self._sockets[-1]

    def _shake_hands(self, line, origin):
        return websocket.create_connection(
            f"ws://127.0.0.1:{self.front}/chat/ws",
            socket=line,
            origin=self.own if origin == "own" else origin,
            cookie=self.cookie,
        )


@pytest.fixture
def pair(workers, front):
    """Two people who come over TLS."""
    visitors = [Visitor(workers, front).sign_in(str(number)) for number in (1, 2)]
    yield visitors
    for visitor in visitors:
        visitor.hang_up()


def median_ms(act, times=40):
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(taken), 1)


def test_messages_pass_through_nginx_over_tls(pair, workers, record_property):
    ana, ben = pair
    talk = ana.group("Through nginx", ben)
    sender, receiver = ana.socket(), ben.socket()
    direct = Browser(workers).sign_in("1").socket()
    figures = {
        "socket_ms": median_ms(lambda n: sender.post(talk, f"over {n}")),
        "socket_without_nginx_ms": median_ms(lambda n: direct.post(talk, f"direct {n}")),
        "rest_ms": median_ms(lambda n: ana.post(talk, f"rest {n}")),
    }
    for change in range(2, 122):
        receiver.expect("message.posted", change=change)
    print(figures)
    record_property("figures", str(figures))


def test_only_the_pages_own_origin_is_let_in(pair):
    ana, _ = pair
    for origin in ("https://evil.example", ana.server.origin, ana.own.replace("https", "http")):
        with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
            ana.knock(origin=origin)
        assert refusal.value.status_code == 403


def test_an_idle_socket_stays_as_long_as_its_heartbeats(pair):
    ana, _ = pair
    socket = ana.socket()
    for _ in range(4):
        socket.expect("heartbeat")
    socket.fence()


def test_the_app_knows_where_its_people_come_from(pair, workers):
    ana, _ = pair
    ana.socket()
    rows = json.loads(workers.flask("chat", "who", "--json"))
    assert {row["address"] for row in rows} == {"127.0.0.1"}


def test_the_reasons_for_a_close_pass_through_nginx(pair, workers, front):
    stranger = Visitor(workers, front)
    out = stranger.knock()
    assert (out.expect("error")["code"], out.closed()) == ("unauthorized", 4001)
    stranger.hang_up()
    ana, _ = pair
    socket = ana.socket()
    ana.post_form("/logout")
    assert socket.closed() == 4003


def test_a_restart_behind_nginx_says_goodbye_and_all_come_back(workers, front, pair):
    ana, ben = pair
    sockets = [person.socket() for person in (ana, ben) for _ in range(10)]
    first = workers.pids()
    workers.process.send_signal(signal.SIGHUP)
    assert [socket.closed(8) for socket in sockets] == [1012] * 20
    for worker in first:
        workers.wait_for_another(worker)
    ana.socket().fence()
