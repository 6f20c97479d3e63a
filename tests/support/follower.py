"""Somebody who follows one conversation as the widget does, and keeps what it was shown.

Events in order are applied, a gap or a ``tick`` is filled by asking for changes, and a socket
that ends is opened again after a pause. What it holds in the end must be what is stored.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from typing import Any

import websocket

from tests.support.clients import Browser, Frame, Socket
from tests.support.pace import paced


class Follower:
    """One tab, open on one conversation, in a thread of its own.

    :ivar bodies: what it shows, by number.
    :ivar seen_at: when it showed each body first (monotonic).
    :ivar resyncs: how often it was told to load anew.
    :ivar codes: the close codes of the sockets that ended.
    :ivar opened: how many sockets were opened.
    """

    def __init__(self, browser: Browser, conversation: str) -> None:
        self.bodies: dict[int, str] = {}
        self.seen_at: dict[str, float] = {}
        self.resyncs = 0
        self.codes: list[int | None] = []
        self.opened = 0
        self.returned: list[float] = []
        self.doubles = 0
        self._browser = browser.another()
        self._conversation = conversation
        self._last = 0
        self._changed = threading.Condition()  # guards all that is shown
        self._is_over = threading.Event()
        self.is_live = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        assert self.is_live.wait(10), "never live"

    def wait_for(self, *bodies: str, within: float = 10) -> float:
        """Until all these are shown; how long that took."""
        begun = time.monotonic()
        with self._changed:
            wanted = set(bodies)
            done = self._changed.wait_for(lambda: wanted <= set(self.seen_at), within)
            assert done, f"missing {sorted(wanted - set(self.seen_at))[:5]}; {self.codes=}"
        return time.monotonic() - begun

    def shown(self) -> list[str]:
        """What it shows, in order; a hole would be seen."""
        with self._changed:
            numbers = sorted(self.bodies)
            assert numbers == list(range(1, len(numbers) + 1)), numbers
            return [self.bodies[number] for number in numbers]

    @property
    def socket(self) -> Socket:
        """The socket it has now."""
        return self._browser._sockets[-1]

    def stop(self) -> None:
        """Close the tab."""
        self._is_over.set()
        self._browser.hang_up()
        self._thread.join(10)

    def _follow(self) -> None:
        pause = 0.05
        while not self._is_over.is_set():
            try:
                socket = self._browser.knock()
                socket.expect("hello")
            except (OSError, websocket.WebSocketException, AssertionError):
                pause = min(1.0, pause * 2)
                self._is_over.wait(random.uniform(pause / 2, pause))
                continue
            pause = 0.05
            self.opened += 1
            self.returned.append(time.monotonic())
            with contextlib.suppress(OSError, AssertionError):
                self._live(socket)
            self.is_live.clear()
            with contextlib.suppress(AssertionError):
                self.codes.append(socket.closed(1))
            low, high = self._span(socket)
            socket.hang_up()
            self._is_over.wait(random.uniform(low, high) / 1000)

    def _live(self, socket: Socket) -> None:
        """Until this socket ends."""
        self._catch_up()
        self.is_live.set()
        place = 0
        while not self._is_over.is_set():
            with socket._changed:
                socket._changed.wait_for(lambda: len(socket.frames) > place or socket._is_over, 1)  # noqa: B023
                frames = socket.frames[place:]
                is_over = socket._is_over
            place += len(frames)
            for frame in frames:
                self._take(frame)
            if is_over and not frames:
                return

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "resync":
            self.resyncs += 1
            self._catch_up()
        elif frame.get("conversation") == self._conversation and "change" in frame:
            if frame["change"] == self._last + 1 and frame["type"].startswith("message."):
                self._apply(frame)
            elif frame["change"] > self._last:
                self._catch_up()
            else:
                self.doubles += 1

    def _catch_up(self) -> None:
        while not self._is_over.is_set():
            path = f"/conversations/{self._conversation}/changes?after={self._last}&limit=200"
            try:
                answer = self._browser.api("GET", path)
            except OSError:
                answer = None
            if answer is None or answer.status != 200:
                self._is_over.wait(0.2)
                continue
            for change in answer.json["changes"]:
                self._apply(change)
            self._last = max(self._last, answer.json["head"] if not answer.json["more"] else 0)
            if not answer.json["more"]:
                return

    def _apply(self, change: dict[str, Any]) -> None:
        with self._changed:
            self._last = max(self._last, change.get("change") or change["data"].get("change", 0))
            if change["type"] in ("message.posted", "message.edited"):
                message = change["data"]
                self.bodies[message["seq"]] = message["body"]
                self.seen_at.setdefault(message["body"], time.monotonic())
            self._changed.notify_all()

    @staticmethod
    def _span(socket: Socket) -> tuple[float, float]:
        for frame in socket.frames:
            if frame["type"] == "bye":
                low, high = frame["retry_ms"]
                return paced(low), paced(high)
        return 10, 100
