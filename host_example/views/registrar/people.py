"""People and their accounts: who is here, who has left."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from host_example.chat import chat
from host_example.folding import matches
from host_example.models import Guardianship, Role, User, db
from host_example.views.registrar import registrar

PER_PAGE = 20


@registrar.get("/people", endpoint="people")
def list_people() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    role = _role_from(request.args.get("role", ""))
    query = select(User).order_by(User.name_key, User.id)
    if search:
        query = query.where(
            or_(matches(User.name_key, search), User.username.icontains(search, autoescape=True))
        )
    if role:
        query = query.where(User.role == role)
    return render_template(
        "registrar/people.html",
        page=db.paginate(query, per_page=PER_PAGE, max_per_page=PER_PAGE),
        search=search,
        role=role,
    )


@registrar.get("/people/<int:user_id>")
def person(user_id: int) -> ResponseReturnValue:
    # A query and not a get: one's own row is loaded already, without what this page shows.
    query = (
        select(User)
        .where(User.id == user_id)
        .options(
            joinedload(User.record),
            selectinload(User.guardian_links).joinedload(Guardianship.guardian),
            selectinload(User.child_links).joinedload(Guardianship.student),
        )
    )
    return render_template("registrar/person.html", person=db.one_or_404(query))


@registrar.post("/people/<int:user_id>/deactivate")
def deactivate(user_id: int) -> ResponseReturnValue:
    """Close an account: the person is out everywhere, the records stay."""
    found = _someone_else(user_id)
    found.active = False
    db.session.commit()
    chat.sign_out(found)
    flash(f"{found.full_name} can no longer sign in.")
    return redirect(url_for("registrar.person", user_id=user_id))


@registrar.post("/people/<int:user_id>/reactivate")
def reactivate(user_id: int) -> ResponseReturnValue:
    found = _someone_else(user_id)
    found.active = True
    db.session.commit()
    flash(f"{found.full_name} can sign in again.")
    return redirect(url_for("registrar.person", user_id=user_id))


@registrar.post("/people/<int:user_id>/role")
def change_role(user_id: int) -> ResponseReturnValue:
    found = _someone_else(user_id)
    role = _role_from(request.form.get("role", ""))
    if role is None:
        abort(400)
    found.role = role
    db.session.commit()
    flash(f"{found.full_name} now has the role “{role.label}”.")
    return redirect(url_for("registrar.person", user_id=user_id))


@registrar.get("/people/<int:user_id>/delete")
def confirm_deletion(user_id: int) -> ResponseReturnValue:
    return render_template("registrar/delete_person.html", person=_someone_else(user_id))


@registrar.post("/people/<int:user_id>/delete")
def delete(user_id: int) -> ResponseReturnValue:
    """Remove a person for good; what others wrote about them keeps standing without the name."""
    found = _someone_else(user_id)
    name = found.full_name
    db.session.delete(found)
    db.session.commit()
    flash(f"{name} has been deleted.")
    return redirect(url_for("registrar.people"))


def _someone_else(user_id: int) -> User:
    """Return the person, unless it is the one who asks: nobody saws off their own branch."""
    if user_id == current_user.id:
        abort(403)
    return db.get_or_404(User, user_id)


def _role_from(value: str) -> Role | None:
    return next((role for role in Role if role.value == value), None)
