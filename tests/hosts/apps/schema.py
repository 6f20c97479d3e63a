"""E-mail addresses as keys, in a schema of PostgreSQL that holds everything of the host's."""

import os

from flask import Flask, redirect, render_template_string, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, text

from flask_chat import Chat

app = Flask("schema")
app.config.update(SECRET_KEY="schema", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
db = SQLAlchemy(app, metadata=MetaData(schema="school"))


class User(db.Model):
    email = db.Column(db.String(120), primary_key=True)


@app.get("/")
def home():
    return render_template_string("<body>{{ chat_widget() }}</body>")


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        session["user"] = f"{request.form['username']}+x@škola.example"
        return redirect("/")
    return ""


@app.post("/logout")
def logout():
    session.pop("user", None)
    return redirect("/")


def signed_in():  # chat
    return db.session.get(User, session.get("user", ""))  # chat


Chat(identity=signed_in).init_app(app, db, User)


def fill():
    db.session.execute(text("CREATE SCHEMA school"))
    db.session.commit()
    User.__table__.create(db.engine)
    db.session.add_all([User(email="ana+x@škola.example"), User(email="ben+x@škola.example")])
    db.session.commit()
