"""A type of one's own as key, people in a database of their own, and a bind key."""

import os
import uuid

from flask import Flask, redirect, render_template_string, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.types import CHAR, TypeDecorator

from flask_chat import Chat


class GUID(TypeDecorator):
    """UUIDs as 32 letters, whatever the database."""

    impl = CHAR(32)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value and value.hex

    def process_result_value(self, value, dialect):
        return value and uuid.UUID(value)


app = Flask("guid_bind")
app.config.update(
    SECRET_KEY="binds",
    SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"],
    SQLALCHEMY_BINDS={"people": os.environ["DATABASE_URL"] + ".people"},
)
db = SQLAlchemy(app)


class Grade(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class User(db.Model):
    __bind_key__ = "people"
    id = db.Column(GUID, primary_key=True, default=uuid.uuid4)
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
    return db.session.get(User, session["user"]) if "user" in session else None  # chat


Chat(identity=signed_in).init_app(app, db, User)


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben"), Grade()])
    db.session.commit()
