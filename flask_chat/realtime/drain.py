"""Saying goodbye when the process ends, whatever ends it.

``install(hub)`` is called when the first socket opens: at import gunicorn would still replace
signal handlers, and with ``--preload`` there would be no worker yet. There are three ways of
ending, and a watch for each:

* **gunicorn.** Its worker stops by ``worker.alive = False``: for SIGTERM, a reload, a new
  version, ``--max-requests``. So a thread looks at that flag. It needs no signal handler, which
  in ``gthread`` a request's thread could not install, and it hears of the endings that come
  without a signal. The worker stands on the stack below the request; there it is found.
  SIGINT and SIGQUIT are gunicorn's quick exit, 0.1 s later; they are handled as below.
* **Signals**, elsewhere. SIGTERM, SIGINT and SIGQUIT get a handler that starts the goodbye in a
  thread, and raises the same signal again when all have gone; only then the handler that was
  there before is called. A second signal from an impatient person does not wait. Handlers can
  only be set in the main thread, which is where gevent's greenlets run, and threads do not.
  A handler that is not Python's (``gevent.signal_handler``) is left alone.
* **The end of the main thread.** Where neither works (``flask run`` and Ctrl-C, a script whose
  ``serve_forever`` returns), ``atexit`` says goodbye. ``flask run`` ended by SIGTERM, and any
  process ended by SIGKILL, says none: its clients come back after their back-off.
"""

from __future__ import annotations

import _thread
import atexit
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from .hub import Hub

LOOK_SECONDS = 0.1  # how often gunicorn's worker is looked at
GRACE_SHARE = 0.8  # of gunicorn's graceful timeout: what we may use of it at most

log = logging.getLogger("flask_chat.realtime")


class Drain:
    """The watch over one process's end.

    :ivar installed: whether the goodbye comes before the server lets go of the process.
    :ivar reason: for people: what is watched, or why it could not be.
    """

    def __init__(self, hub: Hub) -> None:
        self.pid = os.getpid()
        self.installed = False
        self.reason = ""
        self._hub = hub
        self._previous: dict[int, Any] = {}
        self._is_done = False  # the goodbye has been said: signals go to the previous handler
        self._is_asked = False
        atexit.register(self._say_goodbye, None)
        worker = _worker_below(sys._getframe())
        self._install_handlers(() if worker is None else (signal.SIGTERM,))
        if worker is not None:
            self.installed, self.reason = True, "gunicorn's worker is watched"
        if self.installed:
            self._start(self._look, worker)

    def _look(self, worker: Any) -> None:
        # Needed for signals too: under gevent, one that comes just before the loop goes to sleep
        # is only noticed when something wakes it.
        while not self._is_asked:
            if worker is not None and (not worker.alive or worker.ppid != os.getppid()):
                self._say_goodbye(GRACE_SHARE * float(worker.cfg.graceful_timeout))
                return
            time.sleep(LOOK_SECONDS)

    @staticmethod
    def _start(call: Callable[..., None], *arguments: Any) -> None:
        # Not threading.Thread: its start() waits, which a signal handler must not.
        _thread.start_new_thread(call, arguments)

    # Signals

    def _install_handlers(self, apart_from: tuple[int, ...]) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            previous = signal.getsignal(number)
            if number in apart_from or previous == signal.SIG_IGN:
                continue
            if previous is None or (previous == signal.SIG_DFL and _is_caught(number)):
                self._note("another library's signal handler is in place; the end is awaited")
                continue
            try:
                signal.signal(number, self._on_signal)
            except ValueError:
                self._note("handlers can only be set in the main thread; the end is awaited")
                return
            self._previous[number] = previous
        self.installed = signal.SIGTERM in self._previous
        self.reason = "signals are watched" if self.installed else self.reason

    def _note(self, reason: str) -> None:
        self.reason = self.reason or reason

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Between two instructions of anybody, perhaps one that holds the hub's lock: only start.
        if self._is_done or self._is_asked:
            self._pass_on(number, frame)
            return
        self._is_asked = True
        self._start(self._leave, number)

    def _leave(self, number: int) -> None:
        self._say_goodbye(None)
        os.kill(os.getpid(), number)

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        previous = self._previous[number]
        if callable(previous):
            previous(number, frame)
        else:
            signal.signal(number, previous)
            os.kill(os.getpid(), number)

    # All of them

    def _say_goodbye(self, at_most: float | None) -> None:
        if self._is_done or os.getpid() != self.pid:
            return
        try:
            seconds = self._hub.drain_seconds
            if not self._hub.drain(seconds if at_most is None else min(seconds, at_most)):
                log.warning("%d sockets did not close in time", len(self._hub))
        except Exception:  # whatever happens here, the process must be able to end
            log.exception("Saying goodbye failed")
        self._is_done = True


_drains: dict[Hub, Drain] = {}
_lock = threading.Lock()  # guards _drains


def install(hub: Hub) -> Drain:
    """Watch for the end of this process; call it inside a request. Repeating costs nothing."""
    drain = _drains.get(hub)
    if drain is not None and drain.pid == os.getpid():
        return drain
    with _lock:
        drain = _drains.get(hub)
        if drain is None or drain.pid != os.getpid():
            drain = _drains[hub] = Drain(hub)
            log.debug("Drain: %s", drain.reason)
        return drain


def installed(hub: Hub) -> Drain | None:
    """The watch of this process, for the doctor; ``None`` before the first socket."""
    return _drains.get(hub)


def _worker_below(frame: FrameType | None) -> Any:
    base = sys.modules.get("gunicorn.workers.base")
    while base is not None and frame is not None:
        candidate = frame.f_locals.get("self")
        if isinstance(candidate, base.Worker):
            return candidate
        frame = frame.f_back
    return None


def _is_caught(number: int) -> bool:
    """Whether the kernel knows a handler for this signal, Python's or another's."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    caught = next((line for line in status.splitlines() if line.startswith("SigCgt:")), "SigCgt: 0")
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)
