"""ULIDs, a prefix before every table, methods where others have attributes, a guest with an id, and
CSRF protection in forms only."""

import os

from flask import Flask, redirect, render_template_string, request
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from sqlalchemy.orm import declared_attr
from wtforms import StringField

from flask_chat import Chat


class Prefixed:
    @declared_attr.directive
    def __tablename__(cls):
        return f"sis_{cls.__name__.lower()}"


db = SQLAlchemy()
app = Flask("methods")
app.config.update(SECRET_KEY="methods", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
db.init_app(app)
login_manager = LoginManager(app)


class Person(Prefixed, db.Model):
    ulid = db.Column(db.String(26), primary_key=True)
    email = db.Column(db.String(80))
    photo = db.Column(db.String(80))
    blocked = db.Column(db.Boolean, default=False)

    def is_active(self):
        return not self.blocked

    def is_authenticated(self):
        return self.ulid != GUEST

    def is_admin(self):
        return False

    def get_id(self):
        return self.ulid

    def picture(self, size):
        return self.photo and f"/photos/{size}/{self.photo}"


GUEST = "0" * 26
login_manager.anonymous_user = lambda: db.session.get(Person, GUEST)


@login_manager.user_loader
def load(key):
    return db.session.get(Person, key)


class LoginForm(FlaskForm):
    username = StringField()


@app.get("/")
def home():
    return render_template_string("<body>{{ chat_widget() }}</body>")


@app.route("/login", methods=["GET", "POST"])
def login():
    form = LoginForm()
    if form.validate_on_submit():
        email = f"{form.username.data}@school.example"
        login_user(db.session.scalar(db.select(Person).where(Person.email == email)), force=True)
        return redirect("/")
    return render_template_string("<form method=post>{{ form.csrf_token }}</form>", form=form)


@app.post("/logout")
def logout():
    logout_user()
    return redirect("/")


@app.post("/block")
def block():
    current_user.blocked = request.form["blocked"] == "yes"
    db.session.commit()
    return "done"


def people():  # chat
    return Person  # chat


chat = Chat(avatar=lambda person: person.picture(64))
chat.init_app(app, db, people)


def fill():
    db.create_all()
    rows = {"0" * 26: "guest", "01HZX3" + "A" * 20: "ana", "01HZX3" + "B" * 20: "ben"}
    for key, name in rows.items():
        db.session.add(Person(ulid=key, email=f"{name}@school.example", photo=f"{name}.png"))
    db.session.commit()
