"""The school's pages: one file per room, and the doors between them."""

from __future__ import annotations

from flask import Flask

from host_example.views import auth, classes, errors, home, registrar, themes


def init_app(app: Flask) -> None:
    auth.init_app(app)
    errors.init_app(app)
    themes.init_app(app)
    app.register_blueprint(auth.auth)
    app.register_blueprint(home.home)
    app.register_blueprint(classes.classes)
    app.register_blueprint(registrar.registrar)
