"""The smallest app that can embed the chat. It runs in the environments under test, far from the
checkout, so it knows nothing but Flask, Flask-SQLAlchemy and flask_chat."""

import os

from flask import Flask, render_template_string, session
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)


def signed_in_user():
    return db.session.get(User, session["user"]) if "user" in session else None


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="packaging", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
    db.init_app(app)
    Chat(identity=signed_in_user, display_name="name").init_app(app, db, User)
    app.add_url_rule("/", view_func=home)
    app.add_url_rule("/sign-in", view_func=sign_in)
    return app


def home():
    return render_template_string("<!doctype html><body>{{ chat_widget() }}</body>")


def sign_in():
    db.create_all()
    user = User(name="Ana")
    db.session.add(user)
    db.session.commit()
    session["user"] = user.id
    return user.name
