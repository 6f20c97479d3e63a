"""The demo school's first day."""

import unicodedata
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from host_example import create_app, seed
from host_example.models import Application, ApplicationStatus, Lesson, Role, Setting, User, db


@pytest.fixture
def empty_school(tmp_path):
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'empty.db'}"})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def everything():
    """Every row of the school, but for the salt in the password hashes."""
    rows = {}
    for table in db.metadata.sorted_tables:
        if not table.name.startswith("chat_"):
            columns = [column for column in table.columns if column.name != "password_hash"]
            rows[table.name] = db.session.execute(select(*columns)).all()
    return rows


def test_the_same_day_gives_the_same_school(empty_school):
    today = date(2027, 3, 3)
    seed.ensure(today)
    first = everything()
    db.session.remove()
    db.drop_all()
    seed.ensure(today)
    assert everything() == first


def test_the_four_accounts_come_first(session):
    first = session.scalars(select(User.username).order_by(User.id).limit(4)).all()
    assert first == ["registrar", "teacher", "student", "guardian"]


def test_there_are_about_two_hundred_people_in_many_scripts(session):
    names = session.scalars(select(User.full_name)).all()
    assert len(names) == len(set(names)) > 200
    letters = {unicodedata.name(letter).split()[0] for name in names for letter in name[:1]}
    expected = "LATIN CYRILLIC GREEK ARABIC HEBREW CJK HANGUL DEVANAGARI THAI ETHIOPIC GEORGIAN"
    assert set(expected.split()) <= letters


def test_every_role_and_every_status_occurs(session):
    assert set(session.scalars(select(User.role))) == set(Role)
    assert set(session.scalars(select(Application.status))) == set(ApplicationStatus)
    assert session.scalar(select(func.count()).select_from(Application)) == 40


def test_no_teacher_and_no_class_is_in_two_lessons_at_once(session):
    lessons = session.scalars(select(Lesson)).all()
    for who in ("teacher_id", "class_id"):
        times = Counter((getattr(lesson, who), lesson.weekday, lesson.period) for lesson in lessons)
        assert max(times.values()) == 1


def test_a_full_school_is_left_alone(empty_school):
    assert seed.ensure()
    assert not seed.ensure()


def test_an_empty_file_is_filled(tmp_path, empty_school):
    (tmp_path / "empty.db").touch()
    assert not seed.is_complete()
    assert seed.ensure()
    assert seed.is_complete()


def test_a_school_without_its_mark_is_built_again(empty_school):
    seed.ensure()
    db.session.delete(db.session.get(Setting, seed.SEEDED))
    db.session.execute(Application.__table__.delete().where(Application.id > 5))
    db.session.commit()
    assert seed.ensure()
    assert db.session.scalar(select(func.count()).select_from(Application)) == 40


def test_an_interrupted_start_leaves_no_half_school(empty_school, monkeypatch):
    def power_cut(_school):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("host_example.seed_applications.applications", power_cut)
        with pytest.raises(KeyboardInterrupt):
            seed.ensure()
    db.session.remove()
    assert db.session.scalar(select(func.count()).select_from(User)) == 0
    assert seed.ensure()


def test_the_seed_command_says_what_it_did(empty_school):
    runner = empty_school.test_cli_runner()
    assert "is ready" in runner.invoke(args=["seed"]).output
    assert "was there already" in runner.invoke(args=["seed"]).output
