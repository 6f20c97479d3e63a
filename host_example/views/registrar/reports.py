"""What the office owes an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby

from flask import render_template
from flask.typing import ResponseReturnValue

from host_example.models import db
from host_example.reports import unanswered_applications
from host_example.views.registrar import registrar


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
