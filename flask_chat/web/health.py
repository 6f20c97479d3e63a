"""Health, readiness and metrics, for load balancers and whoever watches.

``/healthz`` says that the process answers; ``/readyz`` that it can work; ``/metrics`` what it has
counted, for Prometheus, and only to those who know ``CHAT_METRICS_TOKEN``. Each speaks for its
own process: under several workers, a scrape meets one of them.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from typing import Any

from flask import Response, jsonify, request

from .. import database, migrations
from ..counts import COUNTED
from ..current import chat
from ..errors import ChatError, MissingExtra, NotFound
from .blueprint import blueprint


@blueprint.get("/healthz")
def healthz() -> Any:
    """The process is alive. Asks nobody."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> Any:
    """200 if this process can serve the chat, 503 and the reasons if not."""
    checks = {"database": _database(), "process": _process()}
    is_ready = all(answer == "ok" for answer in checks.values())
    # The bus is told, not counted: without it the chat goes on, and all workers would be taken
    # out of service at once.
    body = {"status": "ok" if is_ready else "unavailable", "checks": {**checks, "bus": _bus()}}
    return jsonify(body), 200 if is_ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """What this process has counted, in Prometheus' text format.

    :raises NotFound: without the token, or where none is set: nobody need know it is here.
    :raises MissingExtra: if prometheus-client is not installed.
    """
    _require_token()
    try:
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
    except ImportError:
        raise MissingExtra("prometheus-client", "metrics") from None
    registry = CollectorRegistry()
    registry.register(_Collector())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Collector:
    """Reads at the moment it is asked; keeps nothing."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        counts, process = chat.counts.read(), str(os.getpid())
        for name, meaning in COUNTED.items():
            counter = CounterMetricFamily(f"chat_{name}", meaning, labels=["process"])
            counter.add_metric([process], counts[name])
            yield counter
        for name, meaning, value in self._gauges():
            gauge = GaugeMetricFamily(f"chat_{name}", meaning, labels=["process"])
            gauge.add_metric([process], value)
            yield gauge

    def _gauges(self) -> Iterator[tuple[str, str, float]]:
        hub = chat.sockets.hub
        yield "sockets", "Sockets that are open", len(hub)
        yield "people", "People with an open socket", len(hub.online())
        yield "bus_up", "Whether the bus reaches the other processes", float(_bus() == "ok")
        pool = database.engine().pool
        if hasattr(pool, "checkedout"):
            yield "pool_in_use", "Connections of the host's pool in use now", pool.checkedout()


def _require_token() -> None:
    token = chat.config.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is None or not hmac.compare_digest(given.encode(), token.encode()):
        raise NotFound()


def _database() -> str:
    try:
        with database.owning():
            version, newest = _version(), migrations.newest()
    except ChatError as problem:
        return problem.detail
    if version != newest:
        return f"the tables are at version {version or 'none'}, not {newest}: flask chat init-db"
    return "ok"


@database.reading
def _version() -> str | None:
    return migrations.current(database.connection(), chat.models.user_key)


def _bus() -> str:
    return "ok" if chat.bus.is_up else "Redis does not answer; the chat goes on without it"


def _process() -> str:
    return "is stopping" if chat.sockets.hub.is_draining else "ok"
