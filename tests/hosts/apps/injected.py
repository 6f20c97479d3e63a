"""A host whose templates nobody wants to touch: the chat finds its place by itself, beside pages of
every kind. Flask-Migrate keeps its tables."""

import os

from flask import Flask, Response, redirect, request, send_file
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat

app = Flask("injected")
app.config.update(SECRET_KEY="injected", SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"])
db = SQLAlchemy(app)
login_manager = LoginManager(app)
migrate = Migrate(app, db)
PAGE = "<!doctype html><title>School</title><body>%s<p>Ačkoli</p></BODY ></html><!-- end -->"


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


@login_manager.user_loader
def load(key):
    return db.session.get(User, int(key))


@app.get("/")
def home():
    return PAGE % "<script>var end = '</body>';</script>"


@app.get("/tagged")
def tagged():
    response = Response(PAGE % "tagged")
    response.add_etag()
    return response.make_conditional(request)


@app.get("/stream")
def stream():
    return Response((piece for piece in ["<body>", "</body>"]), mimetype="text/html")


@app.get("/download")
def download():
    response = Response("<body></body>")
    response.headers["Content-Disposition"] = "attachment; filename=report.html"
    return response


@app.get("/file")
def file():
    return send_file(__file__, mimetype="text/html")


@app.get("/fragment")
def fragment():
    return "<tr><td>1</td></tr>"


@app.get("/json")
def json():
    return {"html": "<body></body>"}


@app.get("/shared")
def shared():
    response = Response("<body></body>")
    response.cache_control.public = True
    return response


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        name = request.form["username"]
        login_user(db.session.scalar(db.select(User).where(User.name == name)))
        return redirect("/")
    return ""


@app.post("/logout")
def logout():
    logout_user()
    return redirect("/")


app.config["CHAT_INJECT"] = True
Chat().init_app(app, db, User)


def fill():
    db.create_all()
    db.session.add_all([User(name="ana"), User(name="ben")])
    db.session.commit()
