"""What is decided about an application inside its conversation, by the office or the family."""

from __future__ import annotations

from flask_chat import Chat, Field
from flask_chat.errors import Conflict
from host_example.models import DOCUMENTS, Application, ApplicationStatus, Role, User
from host_example.offices import missing_documents


def register(chat: Chat) -> None:
    """Put the school's buttons above the conversation of each application."""
    chat.action(
        "request_documents",
        "Request documents",
        on=Application,
        allowed=_is_open_to_office,
        fields={
            "paper": Field("Which document?", choices=DOCUMENTS),
            "note": Field("Anything to add?", required=False),
        },
    )(request_documents)
    chat.action(
        "invite",
        "Invite to an interview",
        on=Application,
        allowed=_is_open_to_office,
        fields={"day": Field("When, and where?")},
    )(invite)
    chat.action(
        "accept",
        "Accept",
        on=Application,
        allowed=_is_open_to_office,
        confirm="Accept this child? The family is told at once.",
    )(accept)
    chat.action(
        "withdraw",
        "Withdraw the application",
        on=Application,
        allowed=lambda application, user: (
            user.id == application.guardian_id and application.status.is_open
        ),
        confirm="Withdraw it? The place is given to another child.",
    )(withdraw)


def request_documents(application: Application, user: User, paper: str, note: str) -> str:
    application.move_to(ApplicationStatus.DOCUMENTS_MISSING, by=user, note=note)
    return f"Please send us the document “{paper}”. {note}".strip()


def invite(application: Application, user: User, day: str) -> str:
    application.move_to(ApplicationStatus.INTERVIEW, by=user, note=day)
    return f"We invite {application.child_name} to an interview: {day}"


def accept(application: Application, user: User) -> str:
    """A place is given when all papers are there."""
    if missing := missing_documents(application):
        raise Conflict(f"Not yet, these are still missing: {missing}.")
    application.move_to(ApplicationStatus.ACCEPTED, by=user)
    return f"{application.child_name} is accepted. Welcome to the school!"


def withdraw(application: Application, user: User) -> str:
    application.move_to(ApplicationStatus.WITHDRAWN, by=user)
    return "The family has withdrawn the application."


def _is_open_to_office(application: Application, user: User) -> bool:
    return user.role is Role.REGISTRAR and application.status.is_open
