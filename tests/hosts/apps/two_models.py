"""Teachers and guardians in tables of their own, with the same numbers, behind one login. Only the
teachers chat."""

import os

from flask import Flask, redirect, render_template_string, request
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat

app = Flask("two_models")
app.config.update(SECRET_KEY="two", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
db = SQLAlchemy(app)
login_manager = LoginManager(app)


class Teacher(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))

    def get_id(self):
        return f"teacher:{self.id}"


class Guardian(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))

    def get_id(self):
        return f"guardian:{self.id}"


@login_manager.user_loader
def load(mark):
    kind, _, key = mark.partition(":")
    return db.session.get({"teacher": Teacher, "guardian": Guardian}[kind], int(key))


@app.get("/")
def home():
    return render_template_string("<body>{{ chat_widget() }}</body>")


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        name = request.form["username"]
        for model in (Teacher, Guardian):
            if user := db.session.scalar(db.select(model).where(model.name == name)):
                login_user(user)
        return redirect("/")
    return ""


@app.post("/logout")
def logout():
    logout_user()
    return redirect("/")


Chat().init_app(app, db, Teacher)


def fill():
    db.create_all()
    db.session.add_all([Teacher(name="ana"), Teacher(name="ben"), Guardian(name="gus")])
    db.session.commit()
