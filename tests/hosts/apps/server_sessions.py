"""Flask-Session: sessions are files on the server, written at the end of whatever request."""

import os
import tempfile

from cachelib.file import FileSystemCache
from flask import Flask, redirect, render_template_string, request
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_session import Session
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat

app = Flask("server_sessions")
app.config.update(
    SECRET_KEY="sessions",
    SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"],
    SESSION_TYPE="cachelib",
    SESSION_CACHELIB=FileSystemCache(tempfile.mkdtemp(prefix="sessions-")),
)
db = SQLAlchemy(app)
login_manager = LoginManager(app)
Session(app)


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


@login_manager.user_loader
def load(key):
    return db.session.get(User, int(key))


@app.get("/")
def home():
    return render_template_string("<body>{{ chat_widget() }}</body>")


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        name = request.form["username"]
        login_user(db.session.scalar(db.select(User).where(User.name == name)))
        return redirect("/")
    return ""


@app.post("/logout")
def logout():
    logout_user()
    return redirect("/")


Chat().init_app(app, db, User)


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
