"""Who may see and write to whom."""

from random import Random

import pytest
from sqlalchemy import select

from host_example.models import OFFICE, Guardianship, Role, User
from host_example.relations import people_known_to


def contact_ids(session, people):
    """Map the id of each person to the ids of their contacts."""
    return {
        person.id: set(session.scalars(people_known_to(person).with_only_columns(User.id)))
        for person in people
    }


def assert_symmetric(contacts):
    one_way = [(a, b) for a, known in contacts.items() for b in known if a not in contacts[b]]
    assert not one_way


def test_if_one_knows_the_other_the_other_knows_the_one(session):
    assert_symmetric(contact_ids(session, session.scalars(select(User)).all()))


@pytest.mark.parametrize("seed", range(5))
def test_the_rule_stays_symmetric_whatever_happens_to_people(session, seed):
    random = Random(seed)
    people = session.scalars(select(User)).all()
    for person in random.sample(people, 30):
        person.active = False
    for person in random.sample(people, 30):
        person.role = random.choice(list(Role))
    session.flush()
    assert_symmetric(contact_ids(session, people))


def test_the_rule_is_one_statement(app, session, person, statements):
    teacher = person("teacher")
    assert teacher.active
    statements.clear()
    session.scalars(people_known_to(teacher)).all()
    assert len(statements) == 1


def test_nobody_is_their_own_contact(session):
    contacts = contact_ids(session, session.scalars(select(User)).all())
    assert all(person_id not in known for person_id, known in contacts.items())


def test_who_has_left_is_known_to_nobody_and_knows_nobody(session, person):
    student = person("student")
    student.active = False
    session.flush()
    contacts = contact_ids(session, session.scalars(select(User)).all())
    assert contacts[student.id] == set()
    assert all(student.id not in known for known in contacts.values())


def test_the_office_knows_everyone(session, person):
    everyone = set(session.scalars(select(User.id)))
    for username in ("registrar", "o003"):
        office = person(username)
        assert office.role in OFFICE
        assert contact_ids(session, [office])[office.id] == everyone - {office.id}


def known_usernames(session, user):
    return set(session.scalars(people_known_to(user).with_only_columns(User.username)))


def test_a_teacher_knows_pupils_their_guardians_and_colleagues(session, person):
    known = known_usernames(session, person("teacher"))
    assert {"student", "guardian", "registrar", "t001"} <= known


def test_a_student_knows_teachers_guardian_and_classmates_only(session, person):
    student = person("student")
    known = session.scalars(people_known_to(student)).all()
    guardians = {someone.username for someone in known if someone.role is Role.GUARDIAN}
    students = [someone for someone in known if someone.role is Role.STUDENT]
    assert guardians == {"guardian"}
    assert len(students) == 12
    assert "teacher" in {someone.username for someone in known}


def test_a_guardian_does_not_know_other_families(session, person):
    known = session.scalars(people_known_to(person("guardian"))).all()
    assert {someone.full_name for someone in known if someone.role is Role.STUDENT} == {
        "Yanis Benhaddou",
        "Inès Benhaddou",
    }
    assert not [someone for someone in known if someone.role is Role.GUARDIAN]


def test_a_teacher_with_a_child_at_the_school_knows_the_childs_teachers_and_the_child(
    session, person
):
    parent, child = person("t001"), person("student")
    session.add(Guardianship(guardian=parent, student=child, kinship="Mother"))
    session.flush()
    assert "student" in known_usernames(session, parent)
    assert "t001" in known_usernames(session, child)
