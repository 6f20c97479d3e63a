"""A host that looks at every request first, and answers errors, headers and templates in its own
way: other delimiters, pages for every status, a header on everything."""

import os

from flask import Flask, abort, redirect, render_template_string, request, session
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat

app = Flask("gatekeeper")
app.config.update(SECRET_KEY="gate", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
app.jinja_options = {"variable_start_string": "[[", "variable_end_string": "]]"}
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


@app.before_request
def look():
    if request.headers.get("X-Host") == "redirect":
        return redirect("/login")
    if request.headers.get("X-Host") == "error":
        abort(500)
    return None


@app.after_request
def sign(response):
    response.headers["X-School"] = "gate"
    return response


@app.errorhandler(Exception)
def page_of_error(problem):
    return f"<h1>{getattr(problem, 'name', 'Broken')}</h1>", getattr(problem, "code", 500)


@app.errorhandler(404)
def page_of_nothing(problem):
    return "<h1>Nothing here</h1>", 404


app.jinja_env.globals["mode"] = "of the host"
app.jinja_env.globals["boot"] = "of the host"


@app.get("/")
def home():
    return render_template_string("<body>[[ mode ]] [[ boot ]] [[ chat_widget() ]]</body>")


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
