"""Module-level, legacy models with numbers, no Flask-Login, no CSRF protection, no name column."""

import os

from flask import Flask, redirect, render_template_string, request, session
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat

app = Flask(__name__)
app.secret_key = "module level"
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
database = SQLAlchemy(app)


class Account(database.Model):
    account_no = database.Column(database.Integer, primary_key=True)
    username = database.Column(database.String(40), unique=True)


def signed_in():
    return database.session.get(Account, session.get("user_id", 0))


@app.get("/")
def home():
    return render_template_string("<body>Hello {{ chat_widget() }}</body>")


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        who = Account.query.filter_by(username=request.form["username"]).one()
        session["user_id"] = who.account_no
        return redirect("/")
    return "<form method=post><input name=username></form>"


@app.post("/logout")
def logout():
    if who := signed_in():
        session.clear()
        chat.sign_out(who)
    return redirect("/")


chat = Chat(identity=signed_in)
chat.init_app(app, database, Account)


def fill():
    database.create_all()
    database.session.add_all([Account(username="ana"), Account(username="ben")])
    database.session.commit()
