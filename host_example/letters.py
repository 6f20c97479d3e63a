"""A few letters for the demo’s registrars, so that their queue is not empty on the first day."""

from __future__ import annotations

from sqlalchemy import select

from host_example.chat import chat
from host_example.models import Application, User, db

WORDS = (
    "Good morning! Is there anything still missing from our application?",
    "We are moving in June. May our daughter visit the school before?",
    "Could you tell me when we will hear from you?",
)


def write() -> None:
    """Let the families of the newest applications write to the registrar’s office."""
    families = db.session.scalars(
        select(User)
        .join(Application, Application.guardian_id == User.id)
        .where(User.active)
        .order_by(Application.submitted_on.desc(), Application.id.desc())
        .limit(len(WORDS))
    )
    for family, words in zip(families.all(), WORDS, strict=False):
        chat.post_message(family, chat.open_inbox(family, "registrar"), words)
    db.session.commit()
