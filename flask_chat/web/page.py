"""The widget in the host's pages, and a page of its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, current_app, redirect, render_template, request
from markupsafe import Markup

from .. import database, language
from ..current import chat
from ..errors import Unauthorized
from .blueprint import blueprint
from .boot import boot, login_url
from .static import chat_static


def chat_widget() -> Markup:
    """For the host's templates: the widget for whoever is signed in, nothing for anybody else.

    Part of the host's own request: it neither ends the host's transaction nor gives its
    connection back.
    """
    identity = chat.host.identity()
    if identity is None:
        return Markup("")
    return Markup(render_template("flask_chat/widget.html", **_values(boot(identity))))  # noqa: S704


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
    return Response(render_template("flask_chat/page.html", **values, mode="inline"))


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
