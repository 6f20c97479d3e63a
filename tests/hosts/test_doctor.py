"""The doctor finds what is wrong with a host, and nothing wrong where nothing is."""

from __future__ import annotations

import json

import pytest
import websocket
from flask import Flask, redirect, request
from flask_sqlalchemy import SQLAlchemy
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from flask_chat import Chat
from tests.hosts.conftest import Start


def examined(start: Start, name: str) -> dict[str, dict]:
    """The doctor's findings about a host that is served, by name."""
    return {found["name"]: found for found in json.loads(start(name).server.flask(
        "chat", "doctor", "--json"
    ))}  # fmt: skip


def test_a_host_in_good_health(start: Start) -> None:
    start("strict_policy").browser().sign_in("ana").socket()
    found = examined(start, "strict_policy")
    assert {each["level"] for each in found.values()} <= {"ok", "warn"}
    assert "version" in found["tables"]["found"]
    assert found["server"]["level"] == "ok"
    assert "patched by gevent; " in found["server"]["found"]
    assert found["csp"]["found"] == "the Content-Security-Policy lets the widget work"
    assert found["csrf"]["found"].startswith("CSRFProtect")


def test_a_server_of_threads_is_named(start: Start) -> None:
    start("beside_socketio").browser().sign_in("ana").socket()
    server = examined(start, "beside_socketio")["server"]
    assert (server["level"], "Werkzeug" in server["found"]) == ("warn", True)


def test_a_proxy_that_is_not_believed_is_named(start: Start) -> None:
    host = start("own_csrf")
    ana = host.browser().sign_in("ana")
    address = f"ws://127.0.0.1:{host.server.port}/chat/ws"
    proxied = {"X-Forwarded-For": "10.0.0.7"}
    socket = websocket.create_connection(
        address, cookie=ana.cookie, origin=host.server.origin, header=proxied
    )
    assert json.loads(socket.recv())["type"] == "hello"
    found = examined(start, "own_csrf")["proxy"]
    assert (found["level"], "does not believe" in found["found"]) == ("warn", True)
    ana.socket()
    assert examined(start, "own_csrf")["proxy"]["found"] == "the last socket came through none"
    socket.close()


def failed(found: dict[str, dict]) -> set[str]:
    return {name for name, each in found.items() if each["level"] == "fail"}


@pytest.fixture
def ill(tmp_path):
    """An app on which everything can be wrong: ``ill(...)`` is what the doctor says."""

    def examine(change=lambda app: None, *, users=True, init=True, **settings):
        app, db = Flask("ill"), SQLAlchemy()
        app.config.from_mapping(
            CHAT_RECONCILE_SECONDS=0.1,
            SECRET_KEY="ill",
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/ill.db",
        )
        app.config.from_mapping(settings)

        class User(db.Model):
            id = db.Column(db.Integer, primary_key=True)

        db.init_app(app)
        Chat(identity=lambda: None).init_app(app, db, User)
        if users:
            with app.app_context():
                User.__table__.create(db.engine, checkfirst=True)
        run = app.test_cli_runner().invoke
        if init:
            assert run(args=["chat", "init-db"]).exit_code == 0
        change(app)
        said = run(args=["chat", "doctor", "--json"])
        with app.app_context():
            db.engine.dispose()
        found = {each["name"]: each for each in json.loads(said.output)}
        assert said.exit_code == bool(failed(found))
        assert all(each["do"] for each in found.values() if each["level"] != "ok")
        return found

    return examine


def after(header):
    def change(app):
        @app.after_request
        def add(response):
            response.headers["Content-Security-Policy"] = header
            return response

    return change


def at_the_gate(app):
    @app.before_request
    def gate():
        return None if request.path == "/login" else redirect("/login")


def without_secret(app):
    app.secret_key = None


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda app: None, set()),
        (without_secret, {"secret"}),
        (at_the_gate, {"requests"}),
        (after("default-src 'self'"), set()),
        (after("default-src 'none'; script-src 'self'"), {"csp"}),
        (after("script-src 'strict-dynamic' 'nonce-x'"), {"csp"}),
    ],
)
def test_what_is_wrong_is_found(ill, change, wrong):
    assert failed(ill(change)) == wrong


def test_a_proxy_is_believed_below_other_wrappers(ill):
    def wrap(app):
        app.wsgi_app = DispatcherMiddleware(ProxyFix(app.wsgi_app))

    assert ill(wrap)["proxy"]["level"] == "ok"
    assert ill()["proxy"]["level"] == "warn"


def test_tables_that_are_missing_and_an_absent_bus_are_found(ill):
    assert failed(ill(users=False, init=False)) == {"users"}
    assert failed(ill(init=False)) == {"tables"}
    assert failed(ill(CHAT_BUS_URL="redis://127.0.0.1:1/0")) == {"bus"}
