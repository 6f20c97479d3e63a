"""What the chat looks like in the school's pages: each person chooses, for this browser."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, abort, redirect, session
from flask.typing import ResponseReturnValue
from flask_login import login_required

from host_example.views.auth import wanted_page

# By what the person reads; each but the first is a file of static/themes.
THEMES = {"": "Its own", "quay": "Quay", "ink": "Ink"}

themes = Blueprint("themes", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(themes)
    app.context_processor(page_colours)


@themes.post("/chat-colours/", defaults={"theme": ""})
@themes.post("/chat-colours/<theme>")
@login_required
def choose(theme: str) -> ResponseReturnValue:
    """Remember the choice, and go back to where it was made."""
    if theme not in THEMES:
        abort(404)
    session["chat_theme"] = theme
    return redirect(wanted_page())


def page_colours() -> dict[str, Any]:
    """What the base template needs: the themes there are, and which one it is."""
    chosen = session.get("chat_theme", "")
    return {"themes": THEMES, "chat_theme": chosen if chosen in THEMES else ""}
