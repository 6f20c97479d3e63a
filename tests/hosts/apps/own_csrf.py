"""A CSRF protection of the host's own, with a header of its own, on every request that changes
anything."""

import hmac
import os
import secrets

from flask import Flask, abort, redirect, render_template_string, request, session
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat

app = Flask("own_csrf")
app.config.update(SECRET_KEY="own", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
app.config["CHAT_CSRF_HEADER"] = "X-School-Nonce"
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


def csrf_token():
    return session.setdefault("nonce", secrets.token_hex())


app.jinja_env.globals["csrf_token"] = csrf_token


@app.before_request
def protect():
    if request.method in ("POST", "PUT", "PATCH", "DELETE"):
        given = request.headers.get("X-School-Nonce") or request.form.get("csrf_token", "")
        if not hmac.compare_digest(given, session.get("nonce", "none")):
            abort(403)


@app.get("/")
def home():
    return render_template_string("<body>{{ chat_widget() }}</body>")


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        name = request.form["username"]
        session["user"] = db.session.scalar(db.select(User).where(User.name == name)).id
        return redirect("/")
    return render_template_string('<input name="csrf_token" value="{{ csrf_token() }}">')


@app.post("/logout")
def logout():
    session.pop("user", None)
    return redirect("/")


def signed_in():  # chat
    return db.session.get(User, session.get("user", 0))  # chat


Chat(identity=signed_in).init_app(app, db, User)


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
