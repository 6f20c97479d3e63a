"""What the offices owe an answer, and how quickly they give one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby

from flask import render_template
from flask.typing import ResponseReturnValue

from host_example.models import db
from host_example.offices import OFFICES
from host_example.reports import office_queues, office_work, unanswered_applications
from host_example.views.registrar import registrar

DAYS = 30


@registrar.get("/reports/unanswered")
def unanswered() -> ResponseReturnValue:
    """Applications that have waited for two school days, by registrar."""
    rows = db.session.execute(unanswered_applications()).all()
    by_registrar = [
        (registrar, list(found)) for registrar, found in groupby(rows, key=lambda row: row[2])
    ]
    return render_template(
        "registrar/unanswered.html", by_registrar=by_registrar, now=datetime.now(UTC)
    )


@registrar.get("/reports/offices")
def offices() -> ResponseReturnValue:
    """The queues of the offices, and what each of their staff did in the last thirty days."""
    since = datetime.now(UTC) - timedelta(days=DAYS)
    return render_template(
        "registrar/offices.html",
        titles=OFFICES,
        queues={row.inbox: row for row in db.session.execute(office_queues())},
        work=db.session.execute(office_work(since)).all(),
        days=DAYS,
    )
