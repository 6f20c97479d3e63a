"""What opening a socket costs with the whole house: sign-in, database, hello; alone and in a storm.

``python benchmarks/house.py [--server pywsgi|gevent|gevent_pywsgi] [ROOT ...]`` measures the
package of every ROOT (another checkout, to compare with; this one by default) in turns: handshakes
twenty at once, a storm of 5000 at one moment, and one of a thousand who stops reading. The CPU is
the server's own, who has the first processor; the client has the second. Believe the ratios.
"""

import argparse
import contextlib
import json
import os
import resource
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
OPENINGS, AT_ONCE, STORM, ROOM = 2000, 20, 5000, 1000
ROUNDS, FRAME = 60, 32 * 1024  # of the slow room; more than any kernel buffer holds, together
SOCKET = "/chat/ws"
PAGE = b"GET /whoami HTTP/1.1\r\n"
UPGRADE = (
    b"GET /chat/ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
HELLO, FOUND, FULL = b'"hello"', b" 200 OK", b"HTTP/1.1 503"


class Server:
    """One server process with the package of one checkout."""

    def __init__(self, kind: str, root: Path, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {
            **os.environ,
            "PYTHONPATH": f"{root}{os.pathsep}{HERE}",
            "HOUSE_DB": str(folder / "house.db"),
        }
        program = str(HERE / "house_server.py")
        subprocess.run([sys.executable, program], env=environment, check=True)
        command = [sys.executable, program, str(self.port)]
        if kind != "pywsgi":
            command = [sys.executable, "-m", "gunicorn", "house_server:app", "-k", kind]
            command += ["-b", f"127.0.0.1:{self.port}", "--chdir", str(HERE), "--backlog", "8192"]
            command += ["--worker-connections", "20000"]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        with contextlib.suppress(OSError):
            os.sched_setaffinity(self.process.pid, {0})
        for _ in range(400):
            with contextlib.suppress(OSError):
                self.ask("/costs")
                return
            time.sleep(0.05)
        raise TimeoutError("the server did not start")

    def ask(self, path: str) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return json.load(answer)

    def wait_for(self, count: int) -> None:
        for _ in range(600):
            if self.ask("/costs")["open"] == count:
                return
            time.sleep(0.1)
        raise TimeoutError(f"{self.ask('/costs')['open']} sockets, not {count}")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


class Client:
    """One socket, from its first byte to its last."""

    __slots__ = ("begun", "greeted", "heard", "refused", "socket", "tail")

    def __init__(self, port: int, request: bytes, number: int, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.bind((f"127.0.0.{2 + number // 2000}", 0))
        self.socket.setblocking(False)
        self.begun, self.greeted, self.refused = time.monotonic(), 0.0, False
        self.heard, self.tail = 0, b""
        with contextlib.suppress(BlockingIOError):
            self.socket.connect(("127.0.0.1", port))
        self.tail = request


class Crowd:
    """Clients in one epoll set."""

    def __init__(self, port: int, cookies: list[str]) -> None:
        self.port = port
        self.requests = [
            (
                "Host: 127.0.0.1\r\n"
                "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101\r\n"
                "Accept-Language: de,en-US;q=0.7,en;q=0.3\r\nAccept-Encoding: gzip, deflate, br\r\n"
                f"Cookie: {cookie}\r\n\r\n"
            ).encode()
            for cookie in cookies
        ]
        self.epoll = select.epoll()
        self.clients: dict[int, Client] = {}

    def open(self, number: int, path: str = SOCKET, receive_buffer: int = 0) -> Client:
        first = UPGRADE if path == SOCKET else PAGE
        request = first + self.requests[number % len(self.requests)]
        client = Client(self.port, request, number % 20_000, receive_buffer)
        self.clients[client.socket.fileno()] = client
        self.epoll.register(client.socket.fileno(), select.EPOLLOUT)
        return client

    def turn(self, seconds: float = 1.0) -> list[Client]:
        """Read and write what can be; who was greeted or turned away in this turn."""
        done = []
        for number, events in self.epoll.poll(seconds):
            client = self.clients[number]
            if events & select.EPOLLOUT:
                client.socket.send(client.tail)
                client.tail = b""
                self.epoll.modify(number, select.EPOLLIN)
                continue
            chunk = b""
            with contextlib.suppress(OSError):
                chunk = client.socket.recv(1 << 18)
            client.heard += len(chunk)
            if not client.greeted:
                client.tail += chunk
                is_answered = HELLO in client.tail or FOUND in client.tail
                if is_answered or FULL in client.tail or not chunk:
                    client.refused = not is_answered
                    client.greeted, client.tail = time.monotonic(), b""
                    done.append(client)
            if not chunk:
                self.drop(client)
        return done

    def drop(self, client: Client) -> None:
        if self.clients.pop(client.socket.fileno(), None):
            self.epoll.unregister(client.socket.fileno())
            client.socket.close()

    def hang_up(self) -> None:
        for client in list(self.clients.values()):
            self.drop(client)


def percentile(values: list[float], share: float) -> float:
    """The value below which so many are."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def opened(crowd: Crowd, count: int, at_once: int, path: str = SOCKET) -> list[Client]:
    """Open so many, so many at once."""
    done: list[Client] = []
    begun = 0
    while len(done) < count:
        while begun < count and begun - len(done) < at_once:
            crowd.open(begun, path)
            begun += 1
        done += crowd.turn()
    return done


def handshakes(server: Server, crowd: Crowd) -> dict[str, float]:
    """Openings, twenty at once; beside them a page of the host that asks who is signed in."""
    opened(crowd, 200, AT_ONCE)  # imports, caches
    crowd.hang_up()
    server.wait_for(0)
    before = server.ask("/costs")["cpu"]
    seconds = [client.greeted - client.begun for client in opened(crowd, OPENINGS, AT_ONCE)]
    spent = server.ask("/costs")["cpu"] - before
    before = server.ask("/costs")["cpu"]
    crowd.hang_up()
    server.wait_for(0)
    leaving = server.ask("/costs")["cpu"] - before
    before = server.ask("/costs")["cpu"]
    opened(crowd, OPENINGS, AT_ONCE, "/whoami")
    page = server.ask("/costs")["cpu"] - before
    crowd.hang_up()
    return {
        "a page of the host, CPU us": page / OPENINGS * 1e6,
        "handshake, CPU us": spent / OPENINGS * 1e6,
        f"... p50 ms, {AT_ONCE} at once": percentile(seconds, 0.5) * 1e3,
        "... p99 ms": percentile(seconds, 0.99) * 1e3,
        "leaving, CPU us": leaving / OPENINGS * 1e6,
    }


def storm(server: Server, crowd: Crowd) -> dict[str, float]:
    """All at one moment, as after a restart."""
    before, begun = server.ask("/costs")["cpu"], time.monotonic()
    done = opened(crowd, STORM, STORM)
    until = time.monotonic()
    seconds = [client.greeted - begun for client in done if not client.refused]
    refused = sum(client.refused for client in done)
    spent = server.ask("/costs")["cpu"] - before
    crowd.hang_up()
    server.wait_for(0)
    return {
        f"storm of {STORM}: p50 ms": percentile(seconds, 0.5) * 1e3,
        "... p99 ms": percentile(seconds, 0.99) * 1e3,
        "... s to the last": until - begun,
        "... turned away": refused,
        "... CPU us each": spent / STORM * 1e6,
    }


def slow(server: Server, crowd: Crowd) -> dict[str, float]:
    """A room of a thousand, before and after one of them stops reading."""
    clients = opened(crowd, ROOM, AT_ONCE)
    spent: dict[bool, list[float]] = {False: [], True: []}
    for is_stuck in (False, True):
        if is_stuck:
            stuck = crowd.open(ROOM, receive_buffer=4096)
            while not stuck.greeted:
                crowd.turn()
            crowd.epoll.unregister(stuck.socket.fileno())
        for _ in range(ROUNDS):
            heard = {client: client.heard for client in clients}
            begun = time.monotonic()
            server.ask(f"/deliver/{FRAME}")
            for client in heard:
                while client.heard < heard[client] + FRAME:
                    crowd.turn(5)
            spent[is_stuck].append(time.monotonic() - begun)
    memory = server.ask("/costs")["rss"]
    crowd.epoll.register(stuck.socket.fileno(), select.EPOLLIN)
    end = stuck.heard
    while crowd.turn(0.5) or stuck.heard != end:
        end = stuck.heard
    crowd.hang_up()
    server.wait_for(0)
    return {
        f"last of {ROOM} ({FRAME} bytes), p50 ms": statistics.median(spent[False]) * 1e3,
        "... while one does not read": statistics.median(spent[True]) * 1e3,
        "... p99 ms": percentile(spent[False], 0.99) * 1e3,
        "... p99 while one does not read": percentile(spent[True], 0.99) * 1e3,
        "... KiB of RSS then": memory,
    }


def measure(kind: str, root: Path, parts: list[str]) -> dict[str, float]:
    """Everything for one checkout."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(kind, root, Path(folder))
        try:
            crowd = Crowd(server.port, server.ask("/cookies/5000")["cookies"])
            for name in parts:
                found |= {"handshakes": handshakes, "storm": storm, "slow": slow}[name](
                    server, crowd
                )
        finally:
            server.end()
    return found


def main() -> None:
    """Measure in turns and print the table of medians."""
    ask = argparse.ArgumentParser()
    ask.add_argument("roots", nargs="*", type=Path, default=[HERE.parent])
    ask.add_argument("--server", default="pywsgi")
    ask.add_argument("--wait", default="0", help="seconds the host waits for its database")
    ask.add_argument("--turns", type=int, default=3)
    ask.add_argument("--parts", nargs="+", default=["handshakes", "storm", "slow"])
    chosen = ask.parse_args()
    os.environ["HOUSE_WAIT"] = chosen.wait
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {1})
    found: list[list[dict[str, float]]] = [[] for _ in chosen.roots]
    for _ in range(chosen.turns):
        for number, root in enumerate(chosen.roots):
            found[number].append(measure(chosen.server, root.resolve(), chosen.parts))
    print(f"{chosen.server:42}" + "".join(f"{root.name:>12}" for root in chosen.roots))
    for name in found[0][0]:
        middle = [statistics.median(turn[name] for turn in turns) for turns in found]
        print(f"{name:42}" + "".join(f"{value:12.1f}" for value in middle))


if __name__ == "__main__":
    main()
