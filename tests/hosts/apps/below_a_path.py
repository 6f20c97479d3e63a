"""Below a path that a proxy takes away, with names that others have taken: a blueprint `chat`, a
route `/chat`, a command `flask chat`."""

import os

import click
from flask import Blueprint, Flask, redirect, render_template_string, request, session, url_for
from flask_sqlalchemy import SQLAlchemy
from werkzeug.middleware.proxy_fix import ProxyFix

from flask_chat import Chat

app = Flask("below_a_path")
app.config.update(SECRET_KEY="path", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
app.config.update(CHAT_URL_PREFIX="/talk", CHAT_BLUEPRINT="talk", CHAT_COMMAND="talk")
app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1, x_prefix=1)
db = SQLAlchemy(app)
smalltalk = Blueprint("chat", __name__)  # of the host


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


@smalltalk.get("/chat/")  # of the host
def rooms():
    return "the rooms of the host"


@app.cli.command("chat")  # of the host
@click.argument("words")
def gossip(words):
    """Print what is said."""
    click.echo(f"They say: {words}")


app.register_blueprint(smalltalk)


@app.get("/")
def home():
    return render_template_string("<body>{{ chat_widget() }}</body>")


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        name = request.form["username"]
        session["user"] = db.session.scalar(db.select(User).where(User.name == name)).id
        return redirect(url_for("home"))
    return ""


@app.post("/logout")
def logout():
    session.pop("user", None)
    return redirect(url_for("home"))


def signed_in():  # chat
    return db.session.get(User, session.get("user", 0))  # chat


Chat(identity=signed_in).init_app(app, db, User)


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
