"""The example school, seeded once and copied for every test; visitors who fill in its forms."""

import re
import shutil
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from host_example import create_app, seed
from host_example.models import User, db

TODAY = date(2027, 3, 3)  # a Wednesday


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory):
    """A database file as the demo has it on its first day."""
    path = tmp_path_factory.mktemp("school") / "seeded.db"
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}", "TESTING": True})
    with app.app_context():
        seed.ensure(TODAY)
        db.session.remove()
    assert app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    with app.app_context():
        # Leaving write-ahead mode puts everything into the one file that is copied.
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        db.engine.dispose()
    return path


@pytest.fixture
def app(seeded_file, tmp_path):
    path = shutil.copy(seeded_file, tmp_path / "school.db")
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}", "TESTING": True})
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _push_request_context():
    """Keep pytest-flask from holding a context open around the test.

    Requests would share its ``g``, and with it the person who signed in first.
    """


class Visitor:
    """A browser, as far as these tests need one: it keeps cookies and sends back CSRF tokens."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path, **query):
        return self.client.get(path, query_string=query, buffered=True)

    def text(self, path, **query):
        response = self.get(path, **query)
        assert response.status_code == 200
        return response.get_data(as_text=True)

    def post(self, path, **fields):
        return self.client.post(path, data={"csrf_token": self.token(), **fields})

    def token(self):
        # Both the login form and every signed-in page carry one.
        page = self.client.get("/login", follow_redirects=True).get_data(as_text=True)
        return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def sign_in(self, username, password=seed.PASSWORD, **query):
        fields = {"csrf_token": self.token(), "username": username, "password": password}
        return self.client.post("/login", query_string=query, data=fields)


@pytest.fixture
def visitor(app):
    return Visitor(app)


@pytest.fixture
def signed_in(app):
    """Signed-in visitors by username: ``signed_in("teacher")``."""

    def sign_in(username):
        visitor = Visitor(app)
        assert visitor.sign_in(username).status_code == 302
        return visitor

    return sign_in


@pytest.fixture
def session(app):
    """A session of the test's own: an app context held open would be shared by the requests."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def person(session):
    """People by username: ``person("teacher")``."""

    def find(username):
        return session.scalars(select(User).where(User.username == username)).one()

    return find


@pytest.fixture
def statements(app):
    """The SQL that ran since the test began."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
