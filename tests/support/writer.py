"""Somebody who writes as the widget does: one message after the other, each until it is stored."""

from __future__ import annotations

import threading
import time

import websocket

from tests.support.clients import Browser, Socket, new_client_id


class Writer:
    """One tab that writes over sockets, in a thread of its own.

    :ivar sent: when each acknowledged body was first tried (monotonic).
    :ivar repeated: how many messages had to be sent again.
    """

    def __init__(self, browser: Browser, conversation: str, name: str) -> None:
        self.sent: dict[str, float] = {}
        self.repeated = 0
        self._browser = browser.another()
        self._conversation = conversation
        self._name = name
        self._socket: Socket | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the message it is at."""
        self._is_over.set()
        self._thread.join(30)
        assert not self._thread.is_alive()
        self._browser.hang_up()

    def _write(self) -> None:
        number = 0
        while not self._is_over.wait(0.05):
            body, mark = f"{self._name} {number}", new_client_id()
            begun, attempts = time.monotonic(), 1
            while not self._post(body, mark):
                attempts += 1
                time.sleep(0.05)
            self.sent[body] = begun
            self.repeated += attempts > 1
            number += 1

    def _post(self, body: str, mark: str) -> bool:
        """Send it, over a new socket if there is none; whether it was acknowledged."""
        try:
            self._socket = self._socket or self._browser.socket()
            answer = self._socket.post(self._conversation, body, mark)
        except (AssertionError, OSError, websocket.WebSocketException):
            if self._socket is not None:
                self._socket.hang_up()
            self._socket = None
            return False
        return bool(answer["type"] == "reply")
