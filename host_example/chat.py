"""The chat: all the code the school had to write to have one.

Beside this file there is ``{{ chat_widget() }}`` in ``templates/base.html`` and a
``data-chat-with`` attribute on each “Message” button, and ``data-chat-inbox`` on that of an office.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for
from sqlalchemy import Select

from flask_chat import Chat
from host_example import actions, announcements, offices, relations, rest, supervision
from host_example.models import Application, User, db

chat = Chat()


@chat.contacts
def contacts(user: User) -> Select[Any]:
    """Who may see and write to whom is the school's rule, and the chat obeys it."""
    return relations.people_known_to(user)


chat.announcements(announcements.lists_of)
offices.register(chat)
supervision.register(chat)
rest.register(chat)


@chat.subject(
    Application,
    name="application",
    participants=relations.people_of_applications,
    closed="is_withdrawn",
)
def application_card(application: Application) -> dict[str, Any]:
    """What an application's conversation says of it, to the family as to the office."""
    return {
        "title": f"{application.child_name}, {application.reference}",
        "link": url_for("home.application", application_id=application.id),
        "details": {
            "Status": application.status.label,
            "Decision due": application.deadline if application.status.is_open else None,
        },
    }


actions.register(chat)


def role(user: User) -> str:
    """The line below a name: what somebody does here, “Mathematics” rather than “teacher”."""
    return user.position or user.role.label


def init_app(app: Flask) -> None:
    chat.init_app(app, db, User, display_name="full_name", role=role, is_active="active")
