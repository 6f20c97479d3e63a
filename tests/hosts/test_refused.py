"""What the chat cannot live with is said in one sentence, before the app is served."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Blueprint, Flask
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat, refusals
from flask_chat.errors import SetupError
from tests.support.servers import ROOT


def app_with(uri="sqlite://", **settings):
    """An app, its ``db`` and its people."""
    app, db = Flask("refused"), SQLAlchemy()
    app.config.update(SQLALCHEMY_DATABASE_URI=uri, **settings)

    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)

    db.init_app(app)
    return app, db, User


def refusal(app, db, user) -> str:
    with pytest.raises(SetupError) as refused:
        Chat().init_app(app, db, user)
    assert "\n" not in refused.value.detail
    return refused.value.detail


MYSQL = SimpleNamespace(paramstyle="format", Error=Exception)


@pytest.mark.parametrize("kind", ["mysql", "mariadb"])
def test_a_database_that_returns_nothing_from_an_update(kind):
    refused = app_with(f"{kind}+pymysql://school", SQLALCHEMY_ENGINE_OPTIONS={"module": MYSQL})
    assert refusal(*refused).startswith("The chat runs on SQLite and PostgreSQL; the database of")


def test_also_where_the_database_is_told_of_the_app_later():
    _, db, user = app_with()
    late = Flask("late")
    late.config.update(
        SQLALCHEMY_DATABASE_URI="mysql+pymysql://school",
        SQLALCHEMY_ENGINE_OPTIONS={"module": MYSQL},
    )
    Chat().init_app(late, db, user)
    db.init_app(late)
    said = late.test_cli_runner().invoke(args=["chat", "init-db"])
    assert (said.exit_code, said.output[:26]) == (1, "Error: The chat runs on SQ")


def test_a_key_of_several_columns():
    app, db, _ = app_with()

    class Pupil(db.Model):
        school = db.Column(db.Integer, primary_key=True)
        number = db.Column(db.Integer, primary_key=True)

    assert "a primary key of several columns" in refusal(app, db, Pupil)


def test_names_that_are_taken():
    app, db, user = app_with()
    app.register_blueprint(Blueprint("chat", __name__))
    assert "CHAT_BLUEPRINT" in refusal(app, db, user)

    app, db, user = app_with()
    app.cli.command("chat")(lambda: None)
    assert "CHAT_COMMAND" in refusal(app, db, user)

    app, db, user = app_with()
    app.add_url_rule("/chat/<room>", view_func=lambda room: room)
    assert "CHAT_URL_PREFIX" in refusal(app, db, user)

    app, db, user = app_with()
    db.Table("chat_message", db.Column("id", db.Integer, primary_key=True))
    assert "A table of yours has a name that the chat needs" in refusal(app, db, user)


def test_two_models_of_people_on_one_database():
    app, db, user = app_with()

    class Guardian(db.Model):
        id = db.Column(db.Integer, primary_key=True)

    Chat().init_app(app, db, user)
    other = Flask("other")
    other.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(other)
    assert "cannot have a chat of their own" in refusal(other, db, Guardian)


def test_what_is_no_extension():
    app, db, user = app_with()
    assert "is your Flask-SQLAlchemy extension" in refusal(app, user, db)


def test_a_model_that_is_never_there_is_named_when_it_is_needed():
    app, db, _ = app_with()
    Chat().init_app(app, db, "school.models.User")
    answer = app.test_client().get("/chat/api/session")
    assert answer.status_code == 500
    assert "'school.models.User', is not there" in answer.json["error"]["detail"]


def test_packages_that_are_too_old(monkeypatch):
    refusals.refuse_old_versions()
    monkeypatch.setitem(refusals.LOWEST, "sqlalchemy", "99.1")
    with pytest.raises(SetupError, match=r"needs sqlalchemy 99\.1 or newer; this environment has"):
        refusals.refuse_old_versions()


def test_the_bounds_are_those_of_the_package():
    declared = (ROOT / "tests" / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()
    assert {f"{name}=={lowest}" for name, lowest in refusals.LOWEST.items()} <= set(declared)
