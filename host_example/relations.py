"""Who belongs to whom: the school's rules about people, written once, as SQL.

Every function returns a SELECT, so rules compose inside the database and no page walks
over rows in Python. A rule and its inverse stand next to each other: that is what makes
“a knows b” and “b knows a” always the same answer.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CompoundSelect, Select, false, or_, select, true, union, union_all

from host_example.models import (
    OFFICE,
    Application,
    Guardianship,
    Lesson,
    Role,
    SchoolClass,
    StudentRecord,
    User,
)

Ids = Select[Any] | CompoundSelect[Any]


def people_known_to(user: User) -> Select[Any]:
    """Whom ``user`` may see and write to.

    The office and everyone; teachers and their colleagues, their pupils and those pupils'
    guardians; pupils and their teachers, classmates and guardians; guardians and their
    children and the children's teachers. Never oneself, never anyone who has left.
    """
    if not user.active:
        return select(User).where(false())
    my_pupils = pupils_in(classes_taught_by(user.id))
    my_children = children_of(user.id)
    my_class = classes_attended_by(select(User.id).where(User.id == user.id))
    known = or_(
        true() if user.role in OFFICE else User.role.in_(OFFICE),
        User.role == Role.TEACHER if user.role is Role.TEACHER else false(),
        User.id.in_(my_pupils),
        User.id.in_(teachers_of(my_class)),
        User.id.in_(guardians_of(my_pupils)),
        User.id.in_(teachers_of(classes_attended_by(my_children))),
        User.id.in_(my_children),
        User.id.in_(select(Guardianship.guardian_id).where(Guardianship.student_id == user.id)),
        User.id.in_(pupils_in(my_class)),
    )
    return select(User).where(User.active, User.id != user.id, known)


def classes_taught_by(teacher_id: int) -> Ids:
    """The classes a teacher has a lesson with, or is the homeroom teacher of."""
    return union(
        select(Lesson.class_id).where(Lesson.teacher_id == teacher_id),
        select(SchoolClass.id).where(SchoolClass.homeroom_teacher_id == teacher_id),
    )


def teachers_of(class_ids: Ids) -> Ids:
    """The teachers of these classes, homeroom teachers included."""
    return union(
        select(Lesson.teacher_id).where(Lesson.class_id.in_(class_ids)),
        select(SchoolClass.homeroom_teacher_id).where(SchoolClass.id.in_(class_ids)),
    )


def pupils_in(class_ids: Ids) -> Ids:
    """The pupils of these classes."""
    return select(StudentRecord.student_id).where(StudentRecord.class_id.in_(class_ids))


def classes_attended_by(student_ids: Ids) -> Ids:
    """The classes these pupils are in."""
    return select(StudentRecord.class_id).where(StudentRecord.student_id.in_(student_ids))


def guardians_of(student_ids: Ids) -> Ids:
    """The guardians of these pupils."""
    return select(Guardianship.guardian_id).where(Guardianship.student_id.in_(student_ids))


def children_of(guardian_id: int) -> Ids:
    """The pupils this person is a guardian of."""
    return select(Guardianship.student_id).where(Guardianship.guardian_id == guardian_id)


def people_of_applications() -> Ids:
    """Who talks about which application: the family that sent it, and every registrar."""
    registrars = (
        select(Application.id, User.id)
        .join(User, true())
        .where(User.role == Role.REGISTRAR, User.active)
    )
    return union_all(select(Application.id, Application.guardian_id), registrars)
