"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_required, login_user, logout_user
from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from host_example.forms import LoginForm
from host_example.models import Role, User, db

auth = Blueprint("auth", __name__)
login_manager = LoginManager()
login_manager.login_view = "auth.login"
login_manager.login_message = "Please sign in to see this page."

# An unknown name is checked against this, so that the answer takes as long as for a known
# one: otherwise a stopwatch tells which usernames exist.
_NOBODY = generate_password_hash("nobody has this password")


def init_app(app: Flask) -> None:
    login_manager.init_app(app)


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    """Return the person of a session; somebody deactivated since is nobody."""
    user = db.session.get(User, int(user_id)) if user_id.isdecimal() else None
    return user if user and user.active else None


def require_role(*roles: Role) -> Callable[[], ResponseReturnValue | None]:
    """Return a before-request check: sign in first, then one of ``roles`` or 403."""

    def check() -> ResponseReturnValue | None:
        if not current_user.is_authenticated:
            return login_manager.unauthorized()
        if current_user.role not in roles:
            abort(403)
        return None

    return check


@auth.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("login.html", form=form)
    user = db.session.scalar(
        select(User).where(User.username == form.username.data.strip().lower())
    )
    if (
        not check_password_hash(user.password_hash if user else _NOBODY, form.password.data)
        or user is None
    ):
        flash("That username and password do not belong together.", "error")
        return render_template("login.html", form=form), 401
    if not login_user(user):
        flash("This account is closed. The registrar’s office can open it again.", "error")
        return render_template("login.html", form=form), 403
    return redirect(wanted_page())


@auth.post("/logout")
@login_required
def logout() -> ResponseReturnValue:
    logout_user()
    flash("You are signed out.")
    return redirect(url_for("auth.login"))


def wanted_page() -> str:
    """Return the page the person wanted (`next` in the address), or home.

    Only paths of this site: a link that sends people to a copy of the login page on
    another host after a true login would be a phishing aid.
    """
    wanted = request.args.get("next", "").replace("\\", "/")
    parts = urlsplit(wanted)
    is_local = (
        wanted.startswith("/")
        and not wanted.startswith("//")
        and not parts.netloc
        and wanted.isprintable()
    )
    return wanted if is_local else url_for("home.index")
