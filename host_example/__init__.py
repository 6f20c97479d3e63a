"""Alder Quay School: a small school-admin app with flask_chat embedded.

It is the documentation that runs. Everything here is what any Flask app would have
(people, classes, enrolment applications); the chat comes in through ``chat.py``, one
line in ``templates/base.html`` and the ``data-chat-with`` buttons beside people.

Nothing heavy is imported at the top of this file: Python runs it before ``wsgi.py`` and
``__main__.py`` have had the chance to let gevent patch the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["create_app"]


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """Build the app from the environment, with ``config`` laid over it."""
    from flask import Flask
    from flask_wtf import CSRFProtect

    from host_example import chat, cli, display, security, views
    from host_example.config import from_environment
    from host_example.models import db

    app = Flask(__name__)
    app.config.from_mapping(from_environment())
    app.config.from_mapping(config or {})

    db.init_app(app)
    CSRFProtect(app)
    security.init_app(app)
    display.init_app(app)
    views.init_app(app)
    cli.init_app(app)
    chat.init_app(app)
    return app
