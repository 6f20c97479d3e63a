"""Who belongs to whom: the school's rules about people, written once, as SQL.

Every function returns a SELECT, so rules compose inside the database and no page walks
over rows in Python. A rule and its inverse stand next to each other: that is what makes
“a knows b” and “b knows a” always the same answer.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CompoundSelect, Select, false, select, true, union, union_all
from sqlalchemy.orm import aliased

from flask_chat.schools import Rules
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
    return RULES.contacts(user).where(User.active)


def taught_pupils() -> Ids:
    """Each teacher with each pupil of their lessons and of their homeroom."""
    of_class = StudentRecord.class_id
    return union(
        select(Lesson.teacher_id, StudentRecord.student_id).join(
            StudentRecord, of_class == Lesson.class_id
        ),
        select(SchoolClass.homeroom_teacher_id, StudentRecord.student_id).join(
            StudentRecord, of_class == SchoolClass.id
        ),
    )


def classmates() -> Ids:
    """Each two pupils of one class."""
    one, other = aliased(StudentRecord), aliased(StudentRecord)
    return select(one.student_id, other.student_id).join(
        other, (other.class_id == one.class_id) & (other.student_id > one.student_id)
    )


RULES = Rules(
    User,
    staff=select(User.id).where(User.role.in_([*OFFICE, Role.TEACHER])),
    office=select(User.id).where(User.role.in_(OFFICE)),
    pupils=select(User.id).where(User.role == Role.STUDENT),
    guardians=select(Guardianship.guardian_id, Guardianship.student_id),
    taught=taught_pupils,
    classmates=classmates,
    pupils_write="class",
    guardians_reach="taught",
)


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
