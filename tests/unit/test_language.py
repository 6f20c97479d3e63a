"""In which language a request is answered."""

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column

from flask_chat import Chat
from flask_chat.language import best_of

THERE = ("en", "ar", "de", "es", "zh")


@pytest.mark.parametrize(
    ("wished", "best"),
    [
        (["de"], "de"),
        (["de-AT"], "de"),
        (["DE_ch"], "de"),
        (["fr", "es-MX"], "es"),
        (["zh-Hans-CN"], "zh"),
        (["zh-TW"], "en"),
        (["zh-Hant", "de"], "de"),
        (["x"], "en"),
        ([""], "en"),
        ([], "en"),
    ],
)
def test_the_nearest_language_is_chosen(wished, best):
    assert best_of(wished, THERE) == best


def test_a_language_of_ones_own_script_goes_before_its_kin():
    assert best_of(["zh-TW"], [*THERE, "zh-TW"]) == "zh-TW"


@pytest.fixture
def app():
    """An app in which nobody is signed in."""
    app, db = Flask("language"), SQLAlchemy()
    app.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)

    class User(db.Model):
        id: Mapped[int] = mapped_column(primary_key=True)

    app.chat = Chat(identity=lambda: None)
    app.chat.init_app(app, db, User)
    return app


def refusal(app, **headers):
    return app.test_client().get("/chat/api/session", headers=headers).json["error"]["detail"]


def test_the_browser_is_asked(app):
    assert refusal(app, **{"Accept-Language": "fr, es;q=0.5"}) == "Inicie sesión."
    assert refusal(app) == "Please sign in."


def test_the_host_knows_better(app):
    app.chat.language(lambda: "de")
    assert refusal(app, **{"Accept-Language": "es"}) == "Bitte melden Sie sich an."


def test_the_host_may_not_know(app):
    app.chat.language(lambda: None)
    assert refusal(app, **{"Accept-Language": "ar"}) == "يرجى تسجيل الدخول."
