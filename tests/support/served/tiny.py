"""The smallest host with Flask-Login: people with numbers for names, and odd habits on demand.

Headers of a request ask for the habits, so that one server can show all of them:
``X-Host: redirect | error`` is answered by the host's own ``before_request``, and
``X-Host: slow`` makes the loading of the person take as long as the file ``HOLD`` exists.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

if os.environ.get("HOST_THREADS") != "1":
    from gevent import monkey

    monkey.patch_all()  # before every other import

import click
from flask import Flask, abort, redirect, request
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from flask_chat import Chat
from tests.support.served import inside

db = SQLAlchemy()
login_manager = LoginManager()
chat = Chat(display_name="name", is_active="active")
PEOPLE = 100


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)
    active = db.Column(db.Boolean, nullable=False, default=True)


@login_manager.user_loader
def load_user(key: str) -> Any:
    user = db.session.get(User, int(key))
    if request.headers.get("X-Host") == "slow":
        db.session.rollback()  # what is slow at this host is not its database
        hold = Path(os.environ["HOST_HOLD"])
        hold.with_suffix(".reached").touch()
        while hold.exists():
            time.sleep(0.01)
    return user if user and user.active else None


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="tiny", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
    app.config.update(inside.settings())
    db.init_app(app)
    login_manager.init_app(app)
    chat.init_app(app, db, User)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", hurry)
    inside.attach(app, db)
    app.before_request(habits)
    app.add_url_rule("/", view_func=lambda: "tiny", endpoint="home")
    app.add_url_rule("/login", view_func=login, methods=["POST"])
    app.add_url_rule("/logout", view_func=logout, methods=["POST"])
    app.cli.command("fill")(fill)
    app.cli.command("delete")(click.argument("key", type=int)(delete))
    return app


def hurry(connection: Any, _record: object) -> None:
    """What survives the end of a process need not survive the end of the machine."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")


def fill() -> None:
    """Create the tables and the people."""
    db.create_all()
    db.session.add_all([User(name=f"Person {number}") for number in range(1, PEOPLE + 1)])
    db.session.commit()


def delete(key: int) -> None:
    """Delete somebody, as a cron job of the host would."""
    db.session.delete(db.session.get(User, key))
    db.session.commit()


def habits() -> Any:
    habit = request.headers.get("X-Host")
    if habit == "redirect":
        return redirect("/elsewhere")
    if habit == "error":
        abort(500)
    return None


def login() -> Any:
    login_user(db.get_or_404(User, int(request.form["username"])))
    return redirect("/")


def logout() -> Any:
    logout_user()
    return redirect("/")


app = create_app()
