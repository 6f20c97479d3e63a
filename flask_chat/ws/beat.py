"""The clock beside the sockets: what has to be looked at as long as there are any.

Started by the first socket, never by ``init_app``: a command or a worker that serves no socket
has no clock, and no statement runs in the background of an app nobody chats in.
"""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Sequence
from threading import Lock, Thread
from typing import Any

from flask import Flask

from .. import database
from ..config import Config
from ..current import chat
from ..errors import ChatError
from ..events import Control, Entry
from ..realtime import drain, engines
from ..realtime.hub import Hub
from ..services import accounts, handling, leases, orders, releasing, supervision, threads
from ..services.reconcile import Reconciler
from ..services.threads import Access
from .surroundings import Surroundings

log = logging.getLogger("flask_chat.ws")

_settled: int | None = None  # the process that has settled

_LEASE_SECONDS = 3
_RETRY_SECONDS = 1
_QUICKER_SECONDS = 0.5  # by how much the bus may have been before the order it was sent with


class Beat:
    """Keeps the lease, finds what other processes wrote, sweeps, answers commands.

    :param surroundings: what the doctor is told beside.
    :param alone: whether only one process may serve sockets (``memory://``). Where several may,
        one of them looks for all.
    """

    def __init__(
        self, app: Flask, config: Config, hub: Hub, reconciler: Reconciler,
        surroundings: Surroundings, *, alone: bool,
    ) -> None:  # fmt: skip
        self._app = app
        self._config = config
        self._hub = hub
        self._reconciler = reconciler
        self._alone = alone
        self._lease = leases.SOCKETS if alone else leases.RECONCILER
        self._surroundings = surroundings
        self._heard: set[int] = set()  # orders that were carried out or came before us
        self._access = Access()
        self._leads = False  # whether this process is the one that looks
        self._has_complained = False
        self._lock = Lock()  # guards _is_running, _asked_at and _has_complained
        self._is_running = False
        self._asked_at = float("-inf")

    def note(self, entries: Sequence[Entry | Control]) -> None:
        """The bus has carried these. Never waits: what is to be done, the next beat does."""
        if threads.RECHECK in entries:
            self._access.is_asked = True

    @property
    def reaches_all(self) -> bool:
        """Whether what this process tells surely reaches every socket there is: it has them all.
        Another process may be behind a Redis that is away."""
        return self._is_running and self._alone

    def begin(self) -> bool:
        """Start, if it does not run yet; ``False`` if another process serves the sockets.

        Call it while no connection of the pool is held: it needs one.
        """
        with self._lock:
            if self._is_running:
                return True
            if time.monotonic() - self._asked_at < _RETRY_SECONDS:
                return False
            if not self._may_serve():
                # Only a "no" is remembered: after a failure the next handshake asks again.
                self._asked_at = time.monotonic()
                self._complain()
                return False
            self._is_running = True
        drain.install(self._hub)
        _settle()
        Thread(target=self._run, name="flask-chat-beat", daemon=True).start()
        return True

    def _may_serve(self) -> bool:
        """Whether this process may have sockets; it always may where the bus reaches others."""
        with database.context(self._app):
            self._leads = leases.take(self._lease)
            self._heard = {order.number for order in orders.recent()}
            may_serve = self._leads or not self._alone
            if may_serve:
                chat.bus.start()
        return may_serve

    def _complain(self) -> None:
        if not self._has_complained:
            self._has_complained = True
            log.warning(
                "Another process has the sockets: this one answers 501, and its clients poll. "
                "For sockets in several processes set CHAT_BUS_URL to a redis:// address."
            )

    def _run(self) -> None:
        leased_at = swept_at = time.monotonic()
        while not self._hub.is_draining:
            time.sleep(self._config.reconcile_seconds)
            now = time.monotonic()
            is_time = now - leased_at > _LEASE_SECONDS
            # Without a bus nobody hears of the others: each process looks for itself. So it does
            # now and then anyway: what the bus has lost on its way here, the others cannot know.
            if self._leads or is_time or not self._is_bus_up():
                self._try(self._reconciler.look)
                self._try(self._release)
            self._try(self._hear_orders)
            if self._access.is_asked:
                self._try(self._recheck)
            if is_time:
                leased_at = now
                self._try(self._keep_lease)
            if now - swept_at > self._config.sweep_seconds:
                swept_at = now
                self._try(self._sweep)

    def _try(self, act: Any) -> None:
        """The clock must go on whatever happens; what fails now is tried at the next beat."""
        time.sleep(0)  # messages that came during the act before go first
        try:
            with database.context(self._app):
                act()
        except ChatError as problem:
            log.warning("%s: %s", act.__name__.strip("_"), problem.detail)
        except Exception:
            log.exception("%s failed", act.__name__.strip("_"))

    def _is_bus_up(self) -> bool:
        with self._app.app_context():
            return chat.bus.is_up

    def _release(self) -> None:
        if len(chat.quiet):
            releasing.release_due()

    def _hear_orders(self) -> None:
        found = orders.recent()
        new = [order for order in found if order.number not in self._heard]
        # Not "up to the last": a lower number may be committed after a higher one.
        self._heard = {order.number for order in found}
        for order in new:
            orders.answer(order.number, self._carry_out(order))

    def _keep_lease(self) -> None:
        self._leads = leases.take(self._lease)
        if self._alone and not self._leads:
            log.error("another process has taken over the sockets; saying goodbye to ours")
            self._hub.drain()

    def _sweep(self) -> None:
        for user in accounts.inactive_among(self._hub.online()):
            accounts.sign_out(user)
        accounts.sweep_departed()
        threads.sweep_records()
        handling.tend()
        self._recheck()

    def _recheck(self) -> None:
        """Whose threads are others than their sockets know loads anew; of who supervises, those in
        the conversation are told. And what waits may do so no longer."""
        self._access.is_asked = False
        if self._leads or not self._is_bus_up():
            supervision.sweep()
            releasing.review()
        for user in self._access.moved(self._hub.online()):
            self._hub.obey(Control("resync", user))

    def _carry_out(self, order: orders.Order) -> Any:
        if order.verb == orders.WHO:
            return [self._describe(connection) for connection in self._hub.connections()]
        if order.verb == orders.ABOUT:
            return self._about()
        if order.verb == orders.REVOKE:
            return self._revoke(order.payload["user"], order.age_seconds)
        if order.verb in (orders.KICK, orders.RESYNC):
            self._hub.obey(Control(order.verb, order.payload.get("user")))
            return True
        log.warning("an order that this version does not know: %s", order.verb)
        return None

    def _revoke(self, user: str, age_seconds: float) -> bool:
        # The bus was quicker, as a rule; who has signed in again since is not to be ended twice.
        if not self._hub.was_revoked(user, age_seconds + _QUICKER_SECONDS):
            self._hub.obey(Control("revoke", user))
        return True

    def _about(self) -> dict[str, Any]:
        return {
            "pid": os.getpid(),
            "sockets": len(self._hub),
            **self._surroundings.describe(),
            **engines.describe(),
        }

    @staticmethod
    def _describe(connection: Any) -> dict[str, Any]:
        return {
            "user": connection.user,
            "connection": connection.id,
            "address": connection.address,
            "seconds": round(time.monotonic() - connection.opened_at),
        }


def _settle() -> None:
    """Have the garbage collector pass over what is loaded by now: the app itself, which stays.

    In a busy process it would look through all of it every few seconds, with every message waiting
    meanwhile. Once in a process, however many apps it has.
    """
    global _settled
    if _settled != os.getpid():
        _settled = os.getpid()
        gc.collect()
        gc.freeze()
