"""The only door to the bus: :func:`after_commit` and :func:`now`.

An event is encoded when it is announced, inside the transaction: what has no JSON form fails the
request before anything is stored. It leaves when the outermost transaction has committed, and
never if its transaction, or the savepoint it was announced in, was rolled back. A bus that fails
is logged and harms nobody: the row is the truth, and clients find it.

Drafts are verbs that host code called inside its own transaction. They wait here, cheap and
unlocked, and are carried out by the outermost ``before_commit`` in the order of their
conversations, so that two hosts' transactions cannot lock each other out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session, SessionTransaction

from . import database, protocol
from .current import chat
from .events import Control, Entry, Event

log = logging.getLogger("flask_chat.announce")

_KEY = "flask_chat.announced"


@dataclass(slots=True)
class _Waiting:
    """One thing that waits for the end of the transaction it belongs to."""

    transaction: SessionTransaction
    conversation: int = 0
    draft: Callable[[], object] | None = None
    entry: Entry | Control | None = None
    event: Event | None = None


@dataclass(slots=True)
class _Ledger:
    """What waits in one session."""

    waiting: list[_Waiting] = field(default_factory=list)
    committed: bool = False
    released: SessionTransaction | None = None  # the savepoint that was released last
    refused: Exception | None = None


def after_commit(*events: Event) -> None:
    """Tell each event's audience, if and when the transaction they are part of commits.

    :raises TypeError: if one cannot be written as JSON.
    """
    transaction, ledger = _under_way()
    ledger.waiting += [
        _Waiting(transaction, entry=protocol.entry(event), event=event) for event in events
    ]


def order_after_commit(control: Control) -> None:
    """Give every process an order, if and when the transaction commits."""
    transaction, ledger = _under_way()
    ledger.waiting.append(_Waiting(transaction, entry=control))


def draft(conversation: int, act: Callable[[], object]) -> None:
    """Carry ``act`` out just before the host's outermost commit."""
    transaction, ledger = _under_way()
    ledger.waiting.append(_Waiting(transaction, conversation, act))


def now(*events: Event) -> None:
    """Tell of something that no transaction stands behind: typing, presence, a poke."""
    _publish([protocol.entry(event) for event in events])


def order(control: Control) -> None:
    """Give every process an order at once."""
    _publish([control])


def install(db: SQLAlchemy) -> None:
    """Listen to the sessions of this ``db``; harmless when repeated."""
    for name, listener in _LISTENERS.items():
        if not sqlalchemy_event.contains(db.session, name, listener):
            sqlalchemy_event.listen(db.session, name, listener)


def _under_way() -> tuple[SessionTransaction, _Ledger]:
    """The innermost transaction or savepoint, and what waits for it and those around it."""
    session = database.session()
    innermost = session.get_nested_transaction() or session.get_transaction() or session.begin()
    return innermost, session.info.setdefault(_KEY, _Ledger())


def _ledger(session: Session) -> _Ledger | None:
    return cast("_Ledger | None", session.info.get(_KEY))


def _before_commit(session: Session) -> None:
    # SQLAlchemy fires this for savepoints too; only the outermost commit is the end.
    ledger = _ledger(session)
    if ledger is None or session.get_nested_transaction() is not None:
        return
    if ledger.refused is not None:
        # Its number is taken and its fellows are not stored: only a rollback leads on from here.
        raise ledger.refused
    try:
        with database.joining():
            _carry_out_drafts(ledger)
    except Exception as problem:
        ledger.refused = problem
        raise


def _carry_out_drafts(ledger: _Ledger) -> None:
    while drafts := [w for w in ledger.waiting if w.draft]:
        ledger.waiting = [w for w in ledger.waiting if not w.draft]
        for waiting in sorted(drafts, key=lambda w: w.conversation):
            cast(Callable[[], object], waiting.draft)()


def _after_commit(session: Session) -> None:
    ledger = _ledger(session)
    if ledger is None:
        return
    ledger.released = session.get_nested_transaction()
    ledger.committed = ledger.released is None


def _after_transaction_end(session: Session, transaction: SessionTransaction) -> None:
    ledger = _ledger(session)
    if ledger is None:
        return
    if transaction.parent is not None:
        _end_savepoint(ledger, transaction, transaction.parent)
        return
    session.info.pop(_KEY, None)
    if ledger.committed:
        _publish([w.entry for w in ledger.waiting if w.entry is not None])
        _signal([w.event for w in ledger.waiting if w.event is not None])


def _end_savepoint(
    ledger: _Ledger, savepoint: SessionTransaction, around: SessionTransaction
) -> None:
    """What a released savepoint announced hangs on what encloses it; one that was rolled back
    takes its own along. SQLAlchemy tells of a rollback only after this end, too late to ask."""
    if ledger.released is not savepoint:
        ledger.waiting = [w for w in ledger.waiting if w.transaction is not savepoint]
    for waiting in ledger.waiting:
        if waiting.transaction is savepoint:
            waiting.transaction = around


_LISTENERS: dict[str, Callable[..., Any]] = {
    "before_commit": _before_commit,
    "after_commit": _after_commit,
    "after_transaction_end": _after_transaction_end,
}


def _publish(entries: Sequence[Entry | Control]) -> None:
    if not entries:
        return
    try:
        chat.bus.publish(entries)
        chat.counts.add("events", len(entries))
    except Exception:
        chat.counts.add("bus_failures")
        # Stored and acknowledged all the same; the reconciler tells those who missed it.
        log.exception("the bus took none of %d entries", len(entries))


def _signal(events: Sequence[Event]) -> None:
    for event in events:
        try:
            chat.tell_host(event)
        except Exception:
            log.exception("a receiver of the signal for %s failed", event.type)
