"""Who reads along where staff write to pupils: the school’s rule, and the chat keeps it."""

from __future__ import annotations

from sqlalchemy import select

from flask_chat import Chat
from host_example import relations
from host_example.models import SchoolClass, StudentRecord

LOWER_SCHOOL = 6  # the last grade in which a guardian reads along


def register(chat: Chat) -> None:
    """In the lower school a pupil's guardians are in every conversation with staff."""
    younger = (
        select(StudentRecord.student_id)
        .join(SchoolClass, SchoolClass.id == StudentRecord.class_id)
        .where(SchoolClass.grade <= LOWER_SCHOOL)
    )
    chat.supervise(
        "guardian",
        of=relations.RULES.guardians_of(younger),
        talking_with=relations.RULES.staff,
        reason="In grades 5 and 6 a guardian reads what staff and pupils write to each other.",
    )
