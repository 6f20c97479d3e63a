"""What an open socket costs with each engine: memory, handshake, silence, fan-out, echo.

``python benchmarks/engines.py [--sockets N] [ROOT ...]`` starts one server after the other on a
free port, each with the package of a ROOT (another checkout, to compare with; this one by default),
is itself the client of all its sockets, and prints a table with the ratios to the first column.
Believe these, not the numbers: they come from one run on one machine. The CPU is the server's own.
An engine whose sockets take two descriptors each gets fewer of them where a process may not have
so many; what is counted for all of them is reckoned up.
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
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
HEARTBEAT_SECONDS = 25
IDLE_SECONDS = 20
FEW, ROOM = 2000, 1000
PATIENCE_SECONDS = 60
#: How many are opened at once: what thousands of handshakes take meanwhile is no socket's memory.
WAVE = 200
#: How many descriptors a socket takes of the server, and how many it has for other things.
DESCRIPTORS, SPARE = {"threads": 2, "epoll": 1}, 300
PONG = b"\x8a\x80\0\0\0\0"
TALK = b"\x81\xae\0\0\0\0" + b'{"type":"typing","data":{"conversation":"42"}}'


class Server:
    """One server process."""

    def __init__(self, engine: str, root: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        arguments = [str(HERE / "engine_server.py"), str(self.port), engine, str(HEARTBEAT_SECONDS)]
        self.process = subprocess.Popen(
            [sys.executable, *arguments], env={**os.environ, "PYTHONPATH": str(root)}
        )
        self._pin(self.process.pid, 0)
        for _ in range(200):
            with contextlib.suppress(OSError):
                self.ask("/costs")
                return
            time.sleep(0.05)
        raise TimeoutError("the server did not start")

    @staticmethod
    def _pin(pid: int, processor: int) -> None:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, {processor})

    def ask(self, path: str) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return json.load(answer)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


class Crowd:
    """Many clients in one thread: they answer pings and count what they hear."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sockets: list[socket.socket] = []
        self.heard = 0
        self._epoll = select.epoll()
        self._by_number: dict[int, socket.socket] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def grow(self, count: int) -> None:
        while len(self.sockets) < count:
            number = len(self.sockets)
            client = socket.socket()
            client.settimeout(PATIENCE_SECONDS)
            client.bind((f"127.0.0.{2 + number // 2000}", 0))
            client.connect(("127.0.0.1", self.port))
            client.sendall(
                f"GET /ws?user={number} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
            )
            self.sockets.append(client)
            self._by_number[client.fileno()] = client
            self._epoll.register(client.fileno(), select.EPOLLIN)

    def _read(self) -> None:
        while True:
            for number, _ in self._epoll.poll(1):
                client = self._by_number[number]
                try:
                    chunk = client.recv(65536)
                except OSError:
                    chunk = b""
                if not chunk:
                    self._epoll.unregister(number)
                    continue
                self.heard += 1
                if chunk.startswith(b"\x89\x00"):
                    client.sendall(PONG)

    def hang_up(self) -> None:
        for number, client in self._by_number.items():
            with contextlib.suppress(OSError, ValueError):
                self._epoll.unregister(number)
            client.close()


def grown(server: Server, crowd: Crowd, count: int) -> float:
    """Open so many sockets; CPU microseconds of one handshake."""
    before, had = server.ask("/costs")["cpu"], len(crowd.sockets)
    for reached in [*range(had + WAVE, count, WAVE), count]:
        crowd.grow(reached)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (now := server.ask("/costs")["open"]) < reached:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{now} of {reached} sockets are open, and it stays so")
            time.sleep(0.02)
    return (server.ask("/costs")["cpu"] - before) / (count - had) * 1e6


def echo(server: Server, crowd: Crowd) -> float:
    """CPU microseconds of one small message and its answer."""
    speakers, rounds = crowd.sockets[:200], 40
    before = server.ask("/costs")["cpu"]
    for _ in range(rounds):
        heard = crowd.heard
        for client in speakers:
            client.sendall(TALK)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while crowd.heard < heard + len(speakers):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{crowd.heard - heard} of {len(speakers)} were answered")
            time.sleep(0.001)
    return (server.ask("/costs")["cpu"] - before) / rounds / len(speakers) * 1e6


def measure(engine: str, root: Path, most: int) -> dict[str, float]:
    """Everything for one engine of one checkout, with as many sockets as it may have of these."""
    sockets = min(
        most, (resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE) // DESCRIPTORS[engine]
    )
    server = Server(engine, root)
    crowd = Crowd(server.port)
    found = {}
    try:
        grown(server, crowd, 100)  # imports, caches
        empty, had = server.ask("/costs")["rss"], 100
        found["handshake, CPU us"] = grown(server, crowd, FEW)
        found[f"fan-out to {ROOM}, CPU us each"] = server.ask(f"/deliver/{ROOM}/50")["cpu"] * 1e6
        with contextlib.suppress(urllib.error.HTTPError):  # an older checkout takes one at a time
            burst = server.ask(f"/burst/{ROOM}/10")["cpu"] * 1e6
            found[f"... ten to {ROOM} at once, each"] = burst
        if engine == "epoll":
            found["... of which the kernel's"] = server.ask(f"/write/{ROOM}/50")["cpu"] * 1e6
        found["echo, CPU us"] = echo(server, crowd)
        for count in (FEW, sockets):
            if count > len(crowd.sockets):
                grown(server, crowd, count)
            found[f"KiB of RSS per socket at {FEW if count == FEW else most}"] = (
                server.ask("/costs")["rss"] - empty
            ) / (count - had)
        found["full garbage collection, ms"] = server.ask("/collect")["cpu"] * 1e3
        time.sleep(HEARTBEAT_SECONDS / 2)
        before, begun = server.ask("/costs")["cpu"], time.monotonic()
        time.sleep(IDLE_SECONDS)
        spent = server.ask("/costs")["cpu"] - before
        spent *= most / sockets
        found[f"idle, CPU ms per s at {most}"] = spent / (time.monotonic() - begun) * 1e3
    finally:
        server.end()
        crowd.hang_up()
    return found


def main() -> None:
    """Measure both and print the table."""
    ask = argparse.ArgumentParser()
    ask.add_argument("roots", nargs="*", type=Path, default=[HERE.parent])
    ask.add_argument("--sockets", type=int, default=10_000)
    ask.add_argument("--engines", nargs="+", default=["threads", "epoll"])
    ask.add_argument("--turns", type=int, default=1)
    chosen = ask.parse_args()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {1})
    columns = [(engine, root.resolve()) for engine in chosen.engines for root in chosen.roots]
    found: list[list[dict[str, float]]] = [[] for _ in columns]
    for _ in range(chosen.turns):
        for number, (engine, root) in enumerate(columns):
            print(f"{engine} {root.name} …", file=sys.stderr)
            found[number].append(measure(engine, root, chosen.sockets))
    print(f"{'':40}" + "".join(f"{engine:>10} {root.name:10}" for engine, root in columns))
    for name in found[-1][0]:
        middle = [statistics.median(turn.get(name, 0) for turn in turns) for turns in found]
        print(
            f"{name:40}"
            + "".join(
                f"{value:10.1f} {value / (middle[0] or value or 1):10.2f}" for value in middle
            )
        )


if __name__ == "__main__":
    main()
