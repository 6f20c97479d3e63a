"""The mistakes of the first afternoon are answered in a sentence that says what to change."""

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_chat import Chat
from flask_chat.errors import SetupError

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


def embed(user=User, settings=(), **hooks):
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", **dict(settings))
    db.init_app(app)
    Chat().init_app(app, db, user, **hooks)
    return app


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        ({"user": "User"}, "The model of your users, 'User', is not there"),
        ({"user": Chat}, "model of your users, .* is no mapped class"),
        ({"display_name": "nickname"}, "display_name names 'nickname', which User does not have"),
        ({"nickname": "name"}, "no hook 'nickname'"),
        ({"settings": {"CHAT_BODY_LIMT": 10}}, "did you mean CHAT_BODY_LIMIT?"),
        ({"settings": {"CHAT_BODY_LIMIT": "10"}}, "CHAT_BODY_LIMIT must be a whole number"),
        ({"settings": {"CHAT_BUS_URL": "rabbit://"}}, "CHAT_BUS_URL must begin with one of"),
    ],
)
def test_a_mistake_is_named_when_the_app_starts(mistake, sentence):
    with pytest.raises(SetupError, match="(?s)" + sentence.replace("?", r"\?")):
        embed(**mistake)


def test_an_app_without_login_is_told_of_the_identity_hook(caplog):
    answer = embed().test_client().get("/chat/api/session")
    assert answer.status_code == 500
    assert "`identity` hook" in answer.json["error"]["detail"]
    assert "`identity` hook" in caplog.text
