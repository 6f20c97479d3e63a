"""flask-sock's route, and the way in.

The route is registered with flask-sock; its own view would upgrade before anybody has looked at
the request, so we answer in ``before_request``: origin, room, identity as plain values, and the
host's session removed, all before a single byte of the 101 (docs/decisions/0001).
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, request
from flask_sock import Sock

from .. import database, policy
from ..current import Identity, chat
from ..errors import ForeignOrigin, Unauthorized, Unsupported
from ..realtime import upgrade
from ..realtime.upgrade import Handshake
from ..services import sync
from ..services.sync import Greeting
from .parts import sockets
from .session import Session


def attach(blueprint: Blueprint) -> None:
    """Add the socket's route to the blueprint."""

    def socket(ws: Any) -> None:
        raise AssertionError("answered before the request reaches this view")

    Sock().route("/ws", bp=blueprint, endpoint="socket")(socket)
    blueprint.before_request(_answer)


def _answer() -> Any:
    if request.endpoint is None or not request.endpoint.endswith(".socket"):
        return None
    handshake = upgrade.examine(request.environ)
    sockets().surroundings.see(request.environ)
    _require_own_origin()
    with sockets().hub.admit(request.remote_addr or "") as admission:
        with database.translated():
            identity = chat.host.identity()
            greeting = sync.greeting() if identity is not None else None
        # From here on no connection of the pool is held.
        database.remove()
        if not sockets().beat.begin():
            raise Unsupported("Another process of this app serves the sockets.")
        return _upgraded(handshake, identity, greeting, admission.since)


def _upgraded(
    handshake: Handshake, identity: Identity | None, greeting: Greeting | None, since: float
) -> Any:
    config, response_class = chat.config, current_app.response_class
    # A client without cookies announces its ticket here and shows it in the first frame:
    # proxies and logs keep URLs.
    if identity is None and request.args.get("auth") != "ticket":
        return upgrade.refused(
            handshake, Unauthorized(), config=config, response_class=response_class
        )
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return upgrade.upgraded(
        handshake,
        Session(app, config, sockets(), chat.counts, greeting, since),
        config=config,
        identity=identity,
        address=request.remote_addr or "",
        limit=chat.rates.window().hit,
        response_class=response_class,
    )


def _require_own_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is None and chat.config.allow_missing_origin:
        return
    own = f"{request.scheme}://{request.host}"  # as browsers write it; `host_url` is for people
    if not policy.may_come_from(origin, own=own, allowed=chat.config.origins):
        sockets().surroundings.complain(origin, own)
        raise ForeignOrigin()
