"""The offices that families and teachers write to, instead of to whoever happens to work there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from flask_chat import Chat, Hours
from host_example.models import Application, ApplicationStatus, Role, User, db

OFFICES = {"registrar": "Registrar’s Office", "office": "School Office"}
WRITERS = (Role.GUARDIAN, Role.TEACHER, Role.STUDENT)
HOURS = Hours(
    "Europe/Dublin",
    {day: ["08:00-12:30", "13:15-16:30"] for day in ("mon", "tue", "wed", "thu", "fri")},
    answer="Thank you, {person.name}. {office.title} is closed now and opens again {opens}.",
)
REPLIES = {
    "Received": "Dear {person.name},\n\nthank you, we have received it.\n\n{me.name}",
    "Documents missing": (
        "Dear {person.name},\n\nfor {record.child}’s application {record.reference} we still need: "
        "{record.missing}.\n\n{me.name}\n{office.title}"
    ),
    "When we decide": (
        "Dear {person.name},\n\nwe decide on {record.child}’s application by {record.deadline}."
        "\n\n{me.name}\n{office.title}"
    ),
}


def register(chat: Chat) -> None:
    """Open the registrar’s office and the school office for letters."""
    writers = select(User.id).where(User.active, User.role.in_(WRITERS))
    chat.inbox(
        "registrar",
        title=OFFICES["registrar"],
        staff=_who_are(Role.REGISTRAR),
        writers=writers,
        order={"Decision due": _deadlines},
        replies=REPLIES,
        record=application_of,
        fields={
            "child": "child_name",
            "reference": "reference",
            "deadline": lambda application: f"{application.deadline:%d %B}",
            "missing": missing_documents,
        },
        hours=HOURS,
    )
    chat.inbox("office", title=OFFICES["office"], staff=_who_are(Role.STAFF), writers=writers)


def application_of(user: User) -> Application | None:
    """The application that a family’s letter is about: the newest that is not decided."""
    return db.session.scalars(
        select(Application)
        .where(Application.guardian_id == user.id, Application.status.in_(_open()))
        .order_by(Application.submitted_on.desc())
    ).first()


def missing_documents(application: Application) -> str:
    """What the family has still to send, in a row of words."""
    db.session.refresh(application, ["documents"])
    return ", ".join(paper.name for paper in application.documents if paper.received_on is None)


def _who_are(role: Role) -> Select[Any]:
    return select(User.id).where(User.active, User.role == role)


def _deadlines() -> Select[Any]:
    return (
        select(Application.guardian_id, func.min(Application.deadline))
        .where(Application.status.in_(_open()))
        .group_by(Application.guardian_id)
    )


def _open() -> list[ApplicationStatus]:
    return [status for status in ApplicationStatus if status.is_open]
