"""Flask-SocketIO has sockets of its own, in the same server of threads."""

import os

from flask import Flask, redirect, render_template_string, request, session
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat

app = Flask("beside_socketio")
app.config.update(SECRET_KEY="beside", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
db = SQLAlchemy(app)
socketio = SocketIO(app, async_mode="threading")


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


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


def signed_in():  # chat
    return db.session.get(User, session.get("user", 0))  # chat


Chat(identity=signed_in).init_app(app, db, User)


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
