"""The first page after signing in: each role finds its own day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from host_example import relations
from host_example.models import (
    Application,
    Guardianship,
    Lesson,
    Role,
    SchoolClass,
    StudentRecord,
    User,
    db,
)
from host_example.timetable import PERIODS, WEEKDAYS, school_day

home = Blueprint("home", __name__)


@home.get("/")
@login_required
def index() -> ResponseReturnValue:
    return HOMES[current_user.role]()


@home.get("/applications/<int:application_id>")
@login_required
def application(application_id: int) -> ResponseReturnValue:
    """Where an application is to be found, for each of those it concerns."""
    if current_user.role is Role.REGISTRAR:
        return redirect(url_for("registrar.application", application_id=application_id))
    found = db.get_or_404(Application, application_id)
    if found.guardian_id != current_user.id:
        abort(404)
    return redirect(url_for("home.index", _anchor=f"application-{application_id}"))


@home.get("/messages")
@login_required
def messages() -> ResponseReturnValue:
    """The chat, in a page of the school's own."""
    return render_template("home/messages.html")


def registrar_home() -> ResponseReturnValue:
    return redirect(url_for("registrar.applications"))


def staff_home() -> ResponseReturnValue:
    colleagues = select(User).where(
        User.active, User.role.in_([Role.REGISTRAR, Role.STAFF, Role.TEACHER])
    )
    return render_template(
        "home/staff.html", people=db.session.scalars(colleagues.order_by(User.name_key)).all()
    )


def teacher_home() -> ResponseReturnValue:
    own_classes = relations.classes_taught_by(current_user.id)
    shown_day = school_day(date.today())
    lessons = _lessons(Lesson.teacher_id == current_user.id, Lesson.weekday == shown_day.weekday())
    classes = (
        select(SchoolClass)
        .where(SchoolClass.id.in_(own_classes))
        .order_by(SchoolClass.name)
        .options(joinedload(SchoolClass.homeroom_teacher), selectinload(SchoolClass.records))
    )
    return render_template(
        "home/teacher.html",
        lessons=db.session.scalars(lessons).all(),
        periods=PERIODS,
        shown_day=shown_day,
        is_today=shown_day == date.today(),
        classes=db.session.scalars(classes).all(),
        homeroom=_pupils(
            select(SchoolClass.id).where(SchoolClass.homeroom_teacher_id == current_user.id)
        ),
    )


def student_home() -> ResponseReturnValue:
    record = db.session.get(
        StudentRecord,
        current_user.id,
        options=[joinedload(StudentRecord.school_class).joinedload(SchoolClass.homeroom_teacher)],
    )
    own_class = relations.classes_attended_by(select(User.id).where(User.id == current_user.id))
    lessons = db.session.scalars(_lessons(Lesson.class_id.in_(own_class))).all()
    return render_template(
        "home/student.html",
        record=record,
        week={(lesson.weekday, lesson.period): lesson for lesson in lessons},
        weekdays=WEEKDAYS,
        periods=PERIODS,
        today=school_day(date.today()).weekday(),
        teachers=_teachers_with_subjects(lessons),
        classmates=[
            record for record in _pupils(own_class) if record.student_id != current_user.id
        ],
    )


def guardian_home() -> ResponseReturnValue:
    children = (
        select(StudentRecord)
        .where(StudentRecord.student_id.in_(relations.children_of(current_user.id)))
        .join(StudentRecord.student)
        .order_by(User.name_key)
        .options(
            contains_eager(StudentRecord.student),
            joinedload(StudentRecord.school_class).joinedload(SchoolClass.homeroom_teacher),
        )
    )
    records = db.session.scalars(children).all()
    class_ids = [record.class_id for record in records]
    lessons = db.session.scalars(_lessons(Lesson.class_id.in_(class_ids))).all()
    applications = (
        select(Application)
        .where(Application.guardian_id == current_user.id)
        .order_by(Application.submitted_on.desc())
        .options(selectinload(Application.documents))
    )
    office = select(User).where(User.active, User.role == Role.REGISTRAR).order_by(User.name_key)
    return render_template(
        "home/guardian.html",
        records=records,
        teachers={
            class_id: _teachers_with_subjects(
                [lesson for lesson in lessons if lesson.class_id == class_id]
            )
            for class_id in class_ids
        },
        applications=db.session.scalars(applications).all(),
        office=db.session.scalars(office).all(),
    )


HOMES = {
    Role.REGISTRAR: registrar_home,
    Role.STAFF: staff_home,
    Role.TEACHER: teacher_home,
    Role.STUDENT: student_home,
    Role.GUARDIAN: guardian_home,
}


def _lessons(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Lesson)
        .where(*conditions)
        .order_by(Lesson.weekday, Lesson.period)
        .options(joinedload(Lesson.teacher), joinedload(Lesson.school_class))
    )


def _pupils(class_ids: relations.Ids) -> list[StudentRecord]:
    """Return the records of active pupils of these classes, with their guardians."""
    pupils = (
        select(StudentRecord)
        .join(StudentRecord.student)
        .where(StudentRecord.class_id.in_(class_ids), User.active)
        .order_by(User.name_key)
        .options(
            contains_eager(StudentRecord.student)
            .selectinload(User.guardian_links)
            .joinedload(Guardianship.guardian)
        )
    )
    return list(db.session.scalars(pupils))


def _teachers_with_subjects(lessons: Iterable[Lesson]) -> dict[User, list[str]]:
    """Return who teaches these lessons, by name, each with the subjects."""
    subjects: dict[User, set[str]] = {}
    for lesson in lessons:
        if lesson.teacher:
            subjects.setdefault(lesson.teacher, set()).add(lesson.subject)
    return {
        teacher: sorted(subjects[teacher])
        for teacher in sorted(subjects, key=lambda teacher: teacher.name_key)
    }
