"""Student records."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from host_example import relations, rest
from host_example.chat import chat
from host_example.folding import matches
from host_example.models import Guardianship, SchoolClass, StudentRecord, User, db
from host_example.views.registrar import registrar

PER_PAGE = 20


@registrar.get("/students", endpoint="students")
def list_students() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    class_name = request.args.get("class", "")
    query = (
        select(StudentRecord)
        .join(StudentRecord.student)
        .outerjoin(StudentRecord.school_class)
        .options(contains_eager(StudentRecord.student), contains_eager(StudentRecord.school_class))
        .order_by(User.name_key, User.id)
    )
    if search:
        query = query.where(
            or_(
                matches(User.name_key, search),
                StudentRecord.number.icontains(search, autoescape=True),
            )
        )
    if class_name:
        query = query.where(SchoolClass.name == class_name)
    return render_template(
        "registrar/students.html",
        page=db.paginate(query, per_page=PER_PAGE, max_per_page=PER_PAGE),
        class_names=db.session.scalars(select(SchoolClass.name).order_by(SchoolClass.name)).all(),
        search=search,
        class_name=class_name,
        rests=rest.is_rest_day(rest.today()),
    )


@registrar.post("/students/rest-day")
def toggle_rest_day() -> ResponseReturnValue:
    """Make today a rest day for pupils, or an ordinary one again."""
    day = rest.today()
    rest.mark(day, rests=not rest.is_rest_day(day))
    chat.access_changed()  # with the commit; else what waits goes within a minute
    db.session.commit()
    return redirect(url_for("registrar.students"))


@registrar.get("/students/<int:student_id>")
def student(student_id: int) -> ResponseReturnValue:
    record = db.get_or_404(
        StudentRecord,
        student_id,
        options=[
            joinedload(StudentRecord.school_class).joinedload(SchoolClass.homeroom_teacher),
            joinedload(StudentRecord.student)
            .selectinload(User.guardian_links)
            .joinedload(Guardianship.guardian),
        ],
    )
    teachers = select(User).where(
        User.id.in_(
            relations.teachers_of(
                relations.classes_attended_by(select(User.id).where(User.id == student_id))
            )
        )
    )
    return render_template(
        "registrar/student.html",
        record=record,
        teachers=db.session.scalars(teachers.order_by(User.name_key)).all(),
    )
