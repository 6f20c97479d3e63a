"""The widget in the host's pages: floating, in a place of its own, about a record; and its page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, current_app, has_request_context, redirect, request
from markupsafe import Markup

from .. import database, language
from ..current import Identity, chat
from ..errors import Unauthorized
from ..services import threads
from . import templates
from .blueprint import blueprint
from .boot import boot, login_url
from .static import chat_static

_BOOT = "flask_chat.boot"


def chat_widget(**attributes: Any) -> Markup:
    """For the host's templates: the widget for whoever is signed in, nothing for anybody else.

    Part of the host's own request: it neither ends the host's transaction nor gives its
    connection back.

    :param attributes: of the element, ``mode="inline"``, ``conversation=3``, ``theme="dark"``;
        ``None`` leaves one out.
    """
    identity = chat.host.identity()
    return Markup("") if identity is None else _element(identity, **attributes)


def chat_thread(record: Any, **attributes: Any) -> Markup:
    """For the host's templates: the conversation about a record, for whoever takes part in it and
    nothing for anybody else. Until somebody writes there is none, and looking makes none.

    :param record: a row of a model registered with ``@chat.subject``.
    :param attributes: of the element.
    :raises SetupError: if the record's model is no subject.
    """
    identity = chat.host.identity()
    place = None if identity is None else threads.place_of(identity, record)
    if identity is None or place is None:
        return Markup("")
    return _element(identity, **(place | attributes))


def chat_badge(**attributes: Any) -> Markup:
    """For the host's templates: how many messages are unread, beside any word of the page."""
    identity = chat.host.identity()
    return Markup("") if identity is None else _element(identity, "flask-chat-badge", **attributes)


def _element(identity: Identity, name: str = "flask-chat", **attributes: Any) -> Markup:
    values = _values(_boot(identity))
    given = {key.replace("_", "-"): value for key, value in attributes.items() if value is not None}
    html = templates.render("widget.html", values | {"element": name, "attributes": given})
    return Markup(html)  # noqa: S704


def _boot(identity: Identity) -> dict[str, Any]:
    """One page may hold several elements; who reads it is asked for once."""
    if not has_request_context():
        return boot(identity)
    # Not on `g`: that is of the app context, which may outlive the request that made the token.
    if _BOOT not in request.environ:
        request.environ[_BOOT] = boot(identity)
    kept: dict[str, Any] = request.environ[_BOOT]
    return kept


@blueprint.get("/")
def page() -> Any:
    """The chat on a page of its own."""
    identity = chat.host.identity()
    if identity is None:
        login = login_url()
        if login is None:
            raise Unauthorized()
        separator = "&" if "?" in login else "?"
        return redirect(f"{login}{separator}next={quote(request.root_path + request.path)}")
    with database.owning():
        values = _values(boot(identity))
    return Response(templates.render("page.html", values | {"mode": "inline"}))


def _values(boot: dict[str, Any]) -> dict[str, Any]:
    return {
        "boot": boot,
        "chat_static": chat_static,
        "nonce": _nonce(),
        "say": language.say,
        "language": language.chosen(),
        "direction": language.direction(),
    }


def _nonce() -> str | None:
    """The nonce of the host's Content-Security-Policy, where it has one (Flask-Talisman)."""
    nonce = current_app.jinja_env.globals.get("csp_nonce")
    return str(nonce()) if callable(nonce) else None
