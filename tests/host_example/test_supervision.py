"""The guardian who reads along in the lower school."""

from sqlalchemy import select

from flask_chat.testing import ChatTest
from host_example.models import User


def test_a_guardian_is_in_what_staff_write_to_a_pupil_of_the_lower_school(app, session, person):
    talk, registrar, guardian = ChatTest(app), person("registrar"), person("guardian")
    ines = session.scalars(select(User).where(User.full_name == "Inès Benhaddou")).one()
    for pupil in (ines, person("student")):
        talk.post(registrar, talk.direct(registrar, pupil), "Please see me tomorrow.")
    (conversation,) = talk.conversations(guardian)
    assert {member["name"]: bool(member["rule"]) for member in conversation["members"]} == {
        "Ingrid Sjöström": False, "Inès Benhaddou": False, "Samira Benhaddou": True,
    }  # fmt: skip
