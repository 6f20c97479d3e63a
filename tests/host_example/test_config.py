"""What the environment decides."""

import pytest
from sqlalchemy import text

from host_example import config


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u:p@db/school", "postgresql+psycopg://u:p@db/school"),
        ("postgres://db/school", "postgresql+psycopg://db/school"),
        ("postgresql+psycopg://db/school", "postgresql+psycopg://db/school"),
        ("sqlite:////srv/school.db", "sqlite:////srv/school.db"),
    ],
)
def test_postgresql_is_spoken_to_with_psycopg_3(given, used):
    assert config.database_url(given) == used


def test_without_an_environment_the_demo_runs_on_sqlite_and_memory():
    settings = config.from_environment({})
    assert settings["SQLALCHEMY_DATABASE_URI"] == "sqlite:///school.db"
    assert settings["CHAT_BUS_URL"] == "memory://"


def test_the_environment_is_heard():
    environ = {"SECRET_KEY": "s", "CHAT_BUS_URL": "redis://r", "SESSION_COOKIE_SECURE": "1"}
    settings = config.from_environment(environ)
    assert settings["SECRET_KEY"] == "s"
    assert settings["CHAT_BUS_URL"] == "redis://r"
    assert settings["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1", "5000.0", "٥٠٠٠"])
def test_a_port_that_is_none_is_explained(value):
    with pytest.raises(ValueError, match="PORT should be a number"):
        config.port({"PORT": value})


def test_the_port_is_5000_unless_told():
    assert config.port({}) == 5000
    assert config.port({"PORT": "8080"}) == 8080


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 1), ("busy_timeout", 5000)],
)
def test_sqlite_is_told_to_behave(session, pragma, value):
    assert session.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
