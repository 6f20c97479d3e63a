"""Who may announce something to whom: the office to the school, teachers to their own classes."""

from __future__ import annotations

from sqlalchemy import select

from flask_chat import Recipients
from host_example import relations
from host_example.models import OFFICE, Role, SchoolClass, User, db


def lists_of(user: User) -> list[Recipients]:
    """The lists that this person may announce to; none for pupils and guardians."""
    if user.role in OFFICE:
        return [
            _everybody(Role.GUARDIAN, "All guardians"),
            _everybody(Role.TEACHER, "All teachers"),
            _everybody(Role.STUDENT, "All students"),
            *_guardians_by_class(),
        ]
    if user.role is Role.TEACHER:
        return _guardians_by_class(taught_by=user)
    return []


def _everybody(role: Role, label: str) -> Recipients:
    return Recipients(f"all-{role.value}", label, select(User).where(User.role == role))


def _guardians_by_class(*, taught_by: User | None = None) -> list[Recipients]:
    classes = select(SchoolClass).order_by(SchoolClass.grade, SchoolClass.name)
    if taught_by is not None:
        classes = classes.where(SchoolClass.id.in_(relations.classes_taught_by(taught_by.id)))
    return [
        Recipients(
            f"guardians-{one.id}",
            f"Guardians of {one.name}",
            relations.guardians_of(
                relations.pupils_in(select(SchoolClass.id).where(SchoolClass.id == one.id))
            ),
        )
        for one in db.session.scalars(classes)
    ]
