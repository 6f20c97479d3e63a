"""An admin theme that takes a list of scripts and nothing else; Flask-Alembic keeps the tables."""

import os

from flask import Flask, redirect, render_template_string, request
from flask_alembic import Alembic
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from flask_chat import Chat

app = Flask("script_only")
app.config.update(SECRET_KEY="script", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
db = SQLAlchemy(app)
login_manager = LoginManager(app)
CSRFProtect(app)
alembic = Alembic(app, run_mkdir=False)
extra_js = [
    "/chat/widget.js",
]
PAGE = """<!doctype html><html lang="en"><head><title>Admin</title>
{% for path in scripts %}<script src="{{ path }}"></script>{% endfor %}
</head><body><h1>Admin</h1></body></html>"""


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


@login_manager.user_loader
def load(key):
    return db.session.get(User, int(key))


@app.get("/")
def home():
    return render_template_string(PAGE, scripts=extra_js)


@app.after_request
def own_scripts_only(response):
    response.headers["Content-Security-Policy"] = "default-src 'self'"
    return response


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        name = request.form["username"]
        login_user(db.session.scalar(db.select(User).where(User.name == name)))
        return redirect("/")
    return render_template_string(
        '<form method="post"><input name="csrf_token" value="{{ csrf_token() }}">'
        '<input name="username"><button>Sign in</button></form>'
    )


@app.post("/logout")
def logout():
    logout_user()
    return redirect("/")


Chat().init_app(app, db, User)


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
