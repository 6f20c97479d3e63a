"""What the host does to its accounts and records, noticed by us: logouts, deletions, changes.

Assembly floor, below ``extension``, which asks for it once per app. It listens to the host's own
session and to Flask-Login, and hands what it hears to the verbs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, after_this_request, current_app, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session as DatabaseSession

from . import database
from .current import EXTENSION, chat
from .errors import ChatError
from .models import access
from .services import accounts, orders, threads
from .ws.parts import sockets

log = logging.getLogger("flask_chat")


# Accounts


def accounts_of(app: Flask, db: SQLAlchemy) -> None:
    """Notice who signs out, is deleted, or is new under an old key."""
    if not sqlalchemy_event.contains(db.session, "before_flush", _before_deletions):
        sqlalchemy_event.listen(db.session, "before_flush", _before_deletions)
        sqlalchemy_event.listen(db.session, "after_flush", _after_insertions)
    try:
        from flask_login import user_logged_out
    except ImportError:
        return
    user_logged_out.connect(_after_logout, app)


def _before_deletions(session: DatabaseSession, context: Any, instances: Any) -> None:
    gone = _people_among(session.deleted)
    if gone:
        with session.no_autoflush:
            for row in gone:
                accounts.depart(chat.host.key_of(row))
                if not sockets().beat.reaches_all:
                    # Part of the host's transaction, as the deletion is.
                    orders.give(orders.KICK, user=str(chat.host.key_of(row)))


def _after_insertions(session: DatabaseSession, context: Any) -> None:
    new = [chat.host.key_of(row) for row in _people_among(session.new)]
    if new:
        accounts.disinherit(new)


def _people_among(rows: Iterable[Any]) -> list[Any]:
    """Those of the host's rows that are people of this app's chat, if it has one with tables:
    models may be shared with apps that have none."""
    if EXTENSION not in current_app.extensions:
        return []
    people = [row for row in rows if isinstance(row, chat.host.user_class)]
    return people if people and database.has_tables() else []


# Records that have a conversation


def _before_commit(session: DatabaseSession) -> None:
    # The commit would flush a moment later, after the drafts: what a flush has to say about the
    # records of threads must be among them.
    if session.get_nested_transaction() is None and _has_rules():
        session.flush()


def _before_flush(session: DatabaseSession, context: Any, instances: Any) -> None:
    if _has_rules():
        with session.no_autoflush:
            threads.before_flush(session)


def _after_flush(session: DatabaseSession, context: Any) -> None:
    if _has_rules():
        threads.after_flush(session)


def records_of(db: SQLAlchemy) -> None:
    """Notice which records are changed or deleted, and which rows that decide on access."""
    if not sqlalchemy_event.contains(db.session, "before_commit", _before_commit):
        sqlalchemy_event.listen(db.session, "before_commit", _before_commit, insert=True)
        sqlalchemy_event.listen(db.session, "before_flush", _before_flush)
        sqlalchemy_event.listen(db.session, "after_flush", _after_flush)


def _has_rules() -> bool:
    """Whether there is anything that the host's rows decide on."""
    if EXTENSION not in current_app.extensions:
        return False
    return access.has_rules() and database.has_tables()


def _after_logout(app: Flask, user: Any = None, **extra: Any) -> None:
    """End the sockets once the answer is on its way: told earlier, a tab would come back with
    the cookie it still has."""
    if user is None or not isinstance(user, chat.host.user_class):
        return
    gone = str(chat.host.key_of(user))

    def revoke() -> None:
        accounts.sign_out(gone)
        leave_word(gone)

    when_answered(revoke)


def leave_word(gone: str) -> None:
    """Where the bus ends at this process, the one that serves the sockets finds an order."""
    if sockets().beat.reaches_all:
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        with database.context(app):
            orders.give(orders.REVOKE, user=gone)
    except ChatError as problem:
        log.warning("the sockets of user %s stay until the next sweep: %s", gone, problem.detail)


def when_answered(act: Callable[[], None]) -> None:
    """Once this request's answer is on its way, and its session gone; at once without a request."""
    if not has_request_context():
        act()
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def when_sent() -> None:
        with app.app_context():
            act()

    def follow(response: Response) -> Response:
        response.call_on_close(when_sent)
        return response

    after_this_request(follow)
