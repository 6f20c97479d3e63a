"""Which families wait for an answer, and on whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from flask_chat.testing import ChatTest
from host_example.models import Application, ApplicationStatus, Role, User, db
from host_example.reports import school_days_ago, unanswered_applications

MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "day"), [(1, 6), (2, 5), (5, 2)], ids=["Friday", "Thursday", "Monday"]
)
def test_a_weekend_is_no_day_of_school(days, day):
    assert school_days_ago(days, MONDAY) == MONDAY.replace(day=day)


class Desk:
    """Three applications with a family each; times are the test's own."""

    def __init__(self, app) -> None:
        self.talk = ChatTest(app)
        self.registrar = db.session.scalars(select(User).where(User.role == Role.REGISTRAR)).first()
        found = select(Application).where(
            Application.guardian_id.is_not(None), Application.status == ApplicationStatus.SUBMITTED
        )
        self.applications = list(db.session.scalars(found.order_by(Application.id).limit(3)))

    def say(self, author, application, at) -> None:
        sent = self.talk.post(author, self.talk.thread(author, application), "…")
        stored = f"{at:%Y-%m-%d %H:%M:%S}.000000"
        statement = text("UPDATE chat_message SET created_at = :at WHERE id = :id")
        db.session.execute(statement, {"at": stored, "id": int(sent["id"])})
        db.session.commit()

    def family(self, application):
        return db.session.get(User, application.guardian_id)


def test_who_has_waited_two_school_days_is_listed_by_registrar(app, signed_in):
    with app.app_context():
        db.session.execute(text("DELETE FROM chat_message"))
        db.session.commit()
        desk = Desk(app)
        long, answered, fresh = desk.applications
        thursday = MONDAY - timedelta(days=4)
        for application in (long, answered):
            desk.say(desk.family(application), application, thursday - timedelta(days=1))
            desk.say(desk.registrar, application, thursday)
        desk.say(desk.family(long), long, thursday)
        desk.say(desk.family(long), long, MONDAY)
        desk.say(desk.family(fresh), fresh, MONDAY - timedelta(days=1))
        rows = db.session.execute(unanswered_applications(now=MONDAY)).all()
        assert [(row[0].id, row[2].id) for row in rows] == [(long.id, desk.registrar.id)]
        assert rows[0].since.replace(tzinfo=UTC) == thursday
        name = long.child_name
    page = signed_in("registrar").text("/registrar/reports/unanswered")
    assert name in page


def test_the_report_is_the_registrars_alone(signed_in):
    assert signed_in("teacher").get("/registrar/reports/unanswered").status_code in (403, 404)


def test_the_offices_page_says_what_waits_and_who_answered(app, signed_in):
    with app.app_context():
        talk = ChatTest(app)
        registrar, guardian = (
            db.session.scalars(select(User).where(User.username == name)).one()
            for name in ("registrar", "guardian")
        )
        talk.write_to(guardian, "registrar", "May we see the classrooms?")
        assert "Nobody has</dt><dd>1" in signed_in("registrar").text("/registrar/reports/offices")
        (letter,) = talk.queue(registrar, "registrar")
        talk.post(registrar, letter, "Gladly, on Friday.")
        name = registrar.full_name
    page = signed_in("registrar").text("/registrar/reports/offices")
    assert "Nobody has</dt><dd>0" in page
    assert name in page.split("The last 30 days")[1]
