"""The blueprint, and what every REST request passes before its view.

Origin, identity, rate; then the host's connection is given back and the verb opens its own
transaction. None of our requests saves the host's session: a widget that polls on a shared
computer must not keep somebody signed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask.globals import request_ctx
from flask.sessions import SessionMixin
from marshmallow import Schema

from .. import database, policy
from ..current import Identity, chat
from ..errors import ForeignOrigin, Malformed, TooLarge, Unauthorized
from ..schemas.base import Input

PACKAGE = Path(__file__).resolve().parent.parent

#: In git the templates lie beside the package, in a wheel inside it.
TEMPLATES = next(
    (place for place in (PACKAGE / "templates", PACKAGE.parent / "templates") if place.is_dir()),
    PACKAGE / "templates",
)

_BODY_BYTES = 64 * 1024
_SAFE = ("GET", "HEAD", "OPTIONS")

blueprint = Blueprint("chat", __name__, template_folder=str(TEMPLATES))

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One REST route, as the OpenAPI document describes it.

    :param takes: the schema of the JSON body.
    :param query: the schema of the query string.
    :param gives: the answer's fields and what is in them: a schema, a plain type or fields again;
        a list of one means many, ``str | None`` or ``(schema, None)`` that it may be null.
    :param creates: whether it answers 201 where it has made something new.
    :param waits: what it gives with 202, where what was asked for is done later.
    :param rate: what counts against one person's limits, beside the request itself.
    """

    rule: str
    method: str
    view: View
    takes: Input | None
    query: Input | None
    gives: Schema | Mapping[str, Any]
    creates: bool
    waits: Mapping[str, Any] | None
    rate: str | None


ROUTES: list[Route] = []


def api(
    rule: str,
    method: str,
    *,
    takes: Input | None = None,
    query: Input | None = None,
    gives: Schema | Mapping[str, Any] | None = None,
    creates: bool = False,
    waits: Mapping[str, Any] | None = None,
    rate: str | None = None,
    body_bytes: int = _BODY_BYTES,
) -> Callable[[View], View]:
    """A REST route for somebody who is signed in.

    The view gets their identity, the ids in the path as numbers, and what the schema has loaded;
    it returns a JSON object, or the object and a status.
    """

    def register(view: View) -> View:
        @wraps(view)
        def answer(**path: Any) -> Any:
            _require_own_origin()
            identity = require_identity()
            chat.rates.hit("requests", identity.user)
            values = {name: _number(name, text) for name, text in path.items()}
            if query is not None:
                values |= query.read(request.args)
            if takes is not None:
                values |= takes.read(_body(body_bytes))
            if rate is not None:
                chat.rates.hit(rate, identity.user)
            with database.owning():
                result = view(identity, **values)
            return _answer(result)

        ROUTES.append(Route(rule, method, view, takes, query, gives or {}, creates, waits, rate))
        blueprint.add_url_rule(f"/api{rule}", view.__name__, answer, methods=[method])
        return view

    return register


def url_of(endpoint: str, **values: Any) -> str:
    """The URL of one of our routes, from any request of the host's."""
    return url_for(f"{chat.config.blueprint}.{endpoint}", **values)


def require_identity() -> Identity:
    """Who is signed in.

    :raises Unauthorized: if nobody is.
    """
    with database.translated():
        identity = chat.host.identity()
    if identity is None:
        raise Unauthorized()
    return identity


def _body(most: int) -> Any:
    # A form of a foreign page can post text or form data without asking, but never JSON.
    if request.mimetype != "application/json":
        raise Malformed("Send JSON, with the content type application/json.")
    if (request.content_length or 0) > most:
        raise TooLarge()
    # Of known length: through the cache, for the host may have read it before us (to log it).
    raw = request.get_data() if request.content_length else request.stream.read(most + 1)
    if len(raw) > most:
        raise TooLarge()
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None


def _number(name: str, public: str) -> int | str:
    """The number behind a public id of ours in a path. One that no row can have becomes 0, which
    none has: unknown and unreadable are answered alike. The host's own, people's ids and the names
    of actions and offices, stay."""
    if name in ("user", "action", "inbox"):
        return public
    return int(public) if public.isascii() and public.isdigit() and len(public) < 19 else 0


def _require_own_origin() -> None:
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    # Not `host_url`: that is for people, and writes an internationalised name in their letters.
    own, allowed = f"{request.scheme}://{request.host}", chat.config.origins
    if origin is not None:
        if not policy.may_come_from(origin, own=own, allowed=allowed):
            raise ForeignOrigin()
    elif request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForeignOrigin()


def _answer(result: Any) -> Any:
    if isinstance(result, tuple):
        values, status = result
        return jsonify(values), status
    return jsonify(result)


@blueprint.before_request
def _keep_session_unsaved() -> None:
    if request.endpoint == f"{request.blueprint}.page":
        return  # a page that somebody opens, as any of the host's; its CSRF token must last
    # Flask 3.1 keeps it behind a property that cannot be set; 3.0 has a plain attribute.
    place = "_session" if hasattr(request_ctx, "_session") else "session"
    setattr(request_ctx, place, _unsaved(request_ctx.session))


@blueprint.after_request
def _keep_session_unsaved_when_refused(response: Response) -> Response:
    # What the host refuses before our turn, a stale CSRF token above all, is not saved either.
    _keep_session_unsaved()
    return response


@blueprint.after_request
def _never_store(response: Response) -> Response:
    # What says itself how long it may be kept is the same for everybody: a browser that thinks it
    # depends on the cookies fetches all files again whenever the host changes one.
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response


def _unsaved(session: SessionMixin | None) -> SessionMixin:
    """The same values in a session that Flask takes for a null session, so that it is neither
    saved nor refreshed; the host's ``after_request`` may still write to it."""
    kind = _unsaved_kind(current_app.session_interface.null_session_class)
    copy: SessionMixin = kind(dict(session or {}))
    if session is not None:
        copy.permanent = session.permanent
        copy.new = session.new
    return copy


@cache
def _unsaved_kind(null: type[Any]) -> type[Any]:
    names = ("__setitem__", "__delitem__", "clear", "pop", "popitem", "update", "setdefault")
    return type("UnsavedSession", (null,), {name: getattr(dict, name) for name in names})
