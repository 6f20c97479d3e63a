"""Flask-Talisman: nothing but one's own, a nonce on every script, a style guide that resets all."""

import os

from flask import Flask, redirect, render_template_string, request
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from flask_chat import Chat

app = Flask("strict_policy")
app.config.update(SECRET_KEY="strict", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
db = SQLAlchemy(app)
login_manager = LoginManager(app)
CSRFProtect(app)
policy = {"default-src": "'self'", "script-src": "'strict-dynamic'", "object-src": "'none'"}
Talisman(
    app,
    force_https=False,
    session_cookie_secure=False,
    content_security_policy=policy,
    content_security_policy_nonce_in=["script-src"],
)
chat = Chat()


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


@login_manager.user_loader
def load(key):
    return db.session.get(User, int(key))


@app.get("/")
def home():
    return render_template_string(
        "<!doctype html><title>Strict</title><body>Hello{{ chat_widget() }}</body>"
    )


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        name = request.form["username"]
        login_user(db.session.scalar(db.select(User).where(User.name == name)))
        return redirect("/")
    return render_template_string('<input name="csrf_token" value="{{ csrf_token() }}">')


@app.post("/logout")
def logout():
    logout_user()
    return redirect("/")


chat.init_app(app, db, User)


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
