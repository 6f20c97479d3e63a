"""Classes: for the office, and for the teachers who teach them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from host_example import relations
from host_example.models import (
    OFFICE,
    Guardianship,
    Lesson,
    Role,
    SchoolClass,
    StudentRecord,
    User,
    db,
)
from host_example.timetable import PERIODS, WEEKDAYS
from host_example.views.auth import require_role

classes = Blueprint("classes", __name__, url_prefix="/classes")
classes.before_request(require_role(*OFFICE, Role.TEACHER))


@classes.get("/")
def overview() -> ResponseReturnValue:
    query = (
        select(SchoolClass)
        .order_by(SchoolClass.name)
        .options(joinedload(SchoolClass.homeroom_teacher), selectinload(SchoolClass.records))
    )
    if current_user.role not in OFFICE:
        query = query.where(SchoolClass.id.in_(relations.classes_taught_by(current_user.id)))
    return render_template("classes/overview.html", classes=db.session.scalars(query).all())


@classes.get("/<int:class_id>")
def detail(class_id: int) -> ResponseReturnValue:
    school_class = db.get_or_404(
        SchoolClass, class_id, options=[joinedload(SchoolClass.homeroom_teacher)]
    )
    _require_connection_to(school_class)
    pupils = (
        select(StudentRecord)
        .join(StudentRecord.student)
        .where(StudentRecord.class_id == class_id, User.active)
        .order_by(User.name_key)
        .options(
            contains_eager(StudentRecord.student)
            .selectinload(User.guardian_links)
            .joinedload(Guardianship.guardian)
        )
    )
    lessons = select(Lesson).where(Lesson.class_id == class_id).options(joinedload(Lesson.teacher))
    return render_template(
        "classes/detail.html",
        school_class=school_class,
        pupils=db.session.scalars(pupils).all(),
        week={(lesson.weekday, lesson.period): lesson for lesson in db.session.scalars(lessons)},
        weekdays=WEEKDAYS,
        periods=PERIODS,
    )


def _require_connection_to(school_class: SchoolClass) -> None:
    """A teacher sees the classes taught, and no other."""
    if current_user.role in OFFICE:
        return
    taught = relations.classes_taught_by(current_user.id)
    if (
        db.session.scalar(
            select(SchoolClass.id).where(
                SchoolClass.id == school_class.id, SchoolClass.id.in_(taught)
            )
        )
        is None
    ):
        abort(403)
