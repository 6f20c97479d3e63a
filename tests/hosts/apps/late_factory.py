"""A factory whose models are imported late: DeclarativeBase, UUIDs, a naming convention, tokens
instead of ids in the session, CSRFProtect everywhere, StrictUndefined."""

import os

from flask import Flask, redirect, render_template_string, request
from flask_login import LoginManager, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from flask_chat import Chat


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
login_manager = LoginManager()
csrf = CSRFProtect()
chat = Chat(role="kind")


def create_app():
    app = Flask("late_factory")
    app.config.from_mapping(
        SECRET_KEY="factory", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"]
    )
    app.jinja_options = {"undefined": StrictUndefined}
    chat.init_app(app, db, "tests.hosts.apps.late_models.User")
    db.init_app(app)
    login_manager.init_app(app)
    csrf.init_app(app)
    from tests.hosts.apps import late_models

    login_manager.user_loader(late_models.by_token)

    @app.get("/")
    def home():
        return render_template_string("<body>Hello {{ chat_widget() }}</body>")

    @app.route("/login", methods=["GET", "POST"])
    def login():
        if request.method == "POST":
            login_user(late_models.by_name(request.form["username"]))
            return redirect("/")
        return render_template_string(
            '<form method=post><input name="csrf_token" value="{{ csrf_token() }}"></form>'
        )

    @app.post("/logout")
    def logout():
        logout_user()
        return redirect("/")

    return app


def fill():
    from tests.hosts.apps.late_models import User

    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
