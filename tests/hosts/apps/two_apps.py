"""Two schools in one process, each with a database of its own, the same models, the same chat."""

import os

from flask import Flask, redirect, render_template_string, request, session
from flask_sqlalchemy import SQLAlchemy
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from flask_chat import Chat

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


def signed_in():  # chat
    return db.session.get(User, session.get("user", 0))  # chat


chat = Chat(identity=signed_in)


def create_app(name):
    app = Flask(name)
    app.config.update(SECRET_KEY=name, SESSION_COOKIE_NAME=name)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"{os.environ['DATABASE_URL']}.{name}"
    db.init_app(app)
    chat.init_app(app, db, User)

    @app.get("/")
    def home():
        return render_template_string("<body>{{ chat_widget() }}</body>")

    @app.route("/login", methods=["GET", "POST"])
    def login():
        if request.method == "POST":
            name = request.form["username"]
            session["user"] = db.session.scalar(db.select(User).where(User.name == name)).id
            return redirect("/")
        return ""

    @app.post("/logout")
    def logout():
        session.pop("user", None)
        return redirect("/")

    return app


north, south = create_app("north"), create_app("south")
apps = [north, south]
app = DispatcherMiddleware(north, {"/south": south})


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
