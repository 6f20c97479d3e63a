"""Enrolment applications: find one, read it, decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from host_example.chat import chat
from host_example.folding import matches
from host_example.forms import NoteForm, StatusForm
from host_example.models import Application, ApplicationStatus, Document, TimelineEntry, User, db
from host_example.reports import waiting_since
from host_example.views.registrar import registrar

PER_PAGE = 10


@registrar.get("", endpoint="applications")
def list_applications() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    status = _status_from(request.args.get("status", ""))
    query = select(Application).options(joinedload(Application.guardian))
    if search:
        by_guardian = Application.guardian_id.in_(
            select(User.id).where(matches(User.name_key, search))
        )
        query = query.where(or_(matches(Application.search_key, search), by_guardian))
    if status:
        query = query.where(Application.status == status)
    query = query.order_by(Application.submitted_on.desc(), Application.id.desc())
    page = db.paginate(query, per_page=PER_PAGE, max_per_page=PER_PAGE)
    return render_template(
        "registrar/applications.html",
        page=page,
        unread=chat.unread(current_user, page.items),
        waiting=_waiting(page.items),
        counts=_counts(),
        statuses=ApplicationStatus,
        search=search,
        status=status,
    )


@registrar.get("/applications/<int:application_id>")
def application(application_id: int) -> ResponseReturnValue:
    found = _get(application_id)
    return _show(found, StatusForm(status=found.status.value), NoteForm())


@registrar.post("/applications/<int:application_id>/status")
def change_status(application_id: int) -> ResponseReturnValue:
    found = _get(application_id)
    form = StatusForm()
    if not form.validate_on_submit():
        return _show(found, form, NoteForm()), 400
    status = ApplicationStatus(form.status.data)
    found.move_to(status, by=current_user, note=(form.note.data or "").strip())
    chat.post_system(found, f"The application is now “{status.label}”.", by=current_user)
    db.session.commit()
    flash(f"{found.reference} is now “{status.label}”.")
    return redirect(url_for("registrar.application", application_id=application_id))


@registrar.post("/applications/<int:application_id>/notes")
def add_note(application_id: int) -> ResponseReturnValue:
    found = _get(application_id)
    form = NoteForm()
    if not form.validate_on_submit():
        return _show(found, StatusForm(formdata=None, status=found.status.value), form), 400
    found.add_note(form.text.data.strip(), by=current_user)
    db.session.commit()
    return redirect(
        url_for("registrar.application", application_id=application_id, _anchor="timeline")
    )


@registrar.post("/applications/<int:application_id>/documents/<int:document_id>")
def toggle_document(application_id: int, document_id: int) -> ResponseReturnValue:
    """Mark a paper as received today, or as missing again."""
    document = db.get_or_404(Document, document_id)
    if document.application_id != application_id:
        abort(404)
    document.received_on = None if document.received_on else date.today()
    if document.received_on:
        found = db.get_or_404(Application, application_id)
        chat.post_system(found, f"{document.name} received.", by=current_user)
    db.session.commit()
    return redirect(
        url_for("registrar.application", application_id=application_id, _anchor="documents")
    )


def _get(application_id: int) -> Application:
    return db.get_or_404(
        Application,
        application_id,
        options=[
            joinedload(Application.guardian),
            selectinload(Application.documents),
            selectinload(Application.timeline).joinedload(TimelineEntry.author),
        ],
    )


def _show(application: Application, status_form: StatusForm, note_form: NoteForm) -> str:
    return render_template(
        "registrar/application.html",
        application=application,
        statuses=ApplicationStatus,
        status_form=status_form,
        note_form=note_form,
    )


def _status_from(value: str) -> ApplicationStatus | None:
    """Return the status named in the address; an unknown one filters nothing."""
    return next((status for status in ApplicationStatus if status.value == value), None)


def _waiting(applications: Sequence[Application]) -> dict[int, float]:
    """For how many seconds each family that waits for an answer has waited."""
    now = datetime.now(UTC)
    rows = db.session.execute(waiting_since([application.id for application in applications]))
    return {number: (now - since).total_seconds() for number, since in rows}


def _counts() -> dict[ApplicationStatus, int]:
    rows = db.session.execute(select(Application.status, func.count()).group_by(Application.status))
    return dict(rows.all())
