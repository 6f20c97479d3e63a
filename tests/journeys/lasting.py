"""A school that can be killed and started again where it was, and the people who go to it."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from werkzeug.security import generate_password_hash

from flask_chat.testing import ChatTest
from host_example import create_app
from host_example.models import (
    Application,
    ApplicationStatus,
    Document,
    Guardianship,
    Role,
    SchoolClass,
    StudentRecord,
    User,
    db,
)
from host_example.seed import PASSWORD
from tests.support.servers import COMMANDS, ROOT, SCHOOL, Server

COMPLAINT = re.compile(r"Traceback|ResourceWarning|Exception ignored")
# Checking a password is slow on purpose; these are no secrets.
QUICK_HASH = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")
_numbers = itertools.count(1)


class LastingServer(Server):
    """A server whose pages outlive it: killed, it comes back at the same address."""

    def kill_at_once(self) -> None:
        """What the power cord does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def start_again(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                COMMANDS["pywsgi"](SCHOOL, self.port),
                env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._wait_until_ready()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It hears, and does not answer."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGCONT)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Fails if something goes wrong inside meanwhile."""
        begin = len(self.log)
        yield
        said = self.log[begin:]
        assert not COMPLAINT.search(said), said


@dataclass(frozen=True)
class Account:
    """Somebody with an account at the school."""

    id: str
    username: str
    name: str
    role: str


class Office:
    """The school's database from within: new people, and conversations that began long ago."""

    def __init__(self, database: str) -> None:
        self._app = create_app({"SQLALCHEMY_DATABASE_URI": database})
        self._talk = ChatTest(self._app)

    def enrol(self, role: str, name: str) -> Account:
        username = f"journey{next(_numbers)}"
        with self._app.app_context():
            user = User(
                username=username, full_name=name, email=f"{username}@alderquay.example",
                role=Role(role), active=True, password_hash=QUICK_HASH,
            )  # fmt: skip
            db.session.add(user)
            db.session.commit()
            return Account(str(user.id), username, name, role)

    def child_of(self, guardian: Account, name: str, *, class_name: str) -> Account:
        """A pupil of this class, and of this family."""
        child, today = self.enrol("student", name), date.today()
        with self._app.app_context():
            school_class = select(SchoolClass.id).where(SchoolClass.name == class_name)
            record = StudentRecord(
                student_id=int(child.id), number=f"J-{child.id}", born_on=today,
                class_id=db.session.scalar(school_class), enrolled_on=today,
                home_language="English",
            )  # fmt: skip
            family = {"guardian_id": int(guardian.id), "student_id": int(child.id)}
            db.session.add_all([record, Guardianship(**family, kinship="Mother")])
            db.session.commit()
        return child

    def expel(self, account: Account) -> None:
        """Their account is deleted."""
        with self._app.app_context():
            db.session.delete(db.session.get_one(User, int(account.id)))
            db.session.commit()

    def rename(self, account: Account, name: str) -> None:
        with self._app.app_context():
            db.session.get_one(User, int(account.id)).full_name = name
            db.session.commit()

    def conversation(self, one: Account, other: Account, *bodies: str) -> str:
        """A direct conversation; the first writes the bodies."""
        with self._app.app_context():
            users = [db.session.get_one(User, int(account.id)) for account in (one, other)]
            conversation = self._talk.direct(*users)
            for body in bodies:
                self._talk.post(users[0], conversation, body)
            return str(conversation)

    def group(self, title: str, owner: Account, *others: Account) -> str:
        with self._app.app_context():
            users = [db.session.get_one(User, int(account.id)) for account in (owner, *others)]
            return str(self._talk.group(users[0], title, users[1:]))

    def application(self, *, child: str = "Mila Novák") -> tuple[Account, str]:
        """A family that has just applied, and the number of its application."""
        family = self.enrol("guardian", "Jana Nováková")
        today = date.today()
        with self._app.app_context():
            application = Application(
                reference=f"J-{family.id}", child_name=child, born_on=today, grade=1,
                previous_school="", status=ApplicationStatus.SUBMITTED, submitted_on=today,
                deadline=today, guardian_id=int(family.id),
            )  # fmt: skip
            db.session.add(application)
            db.session.commit()
            return family, str(application.id)

    def thread(self, author: Account, application: str, *bodies: str) -> str:
        """The conversation about an application; the author writes the bodies."""
        with self._app.app_context():
            user = db.session.get_one(User, int(author.id))
            record = db.session.get_one(Application, int(application))
            conversation = self._talk.thread(user, record)
            for body in bodies:
                self._talk.post(user, conversation, body)
            return str(conversation)

    def asks_for(self, application: str, paper: str) -> None:
        """A document that is still missing."""
        with self._app.app_context():
            db.session.add(Document(application_id=int(application), name=paper))
            db.session.commit()

    def orphan(self, application: str) -> None:
        """The family has nothing to do with it any more; noticed like any change of the host's."""
        with self._app.app_context():
            db.session.get_one(Application, int(application)).guardian_id = None
            db.session.commit()

    def shred(self, application: str) -> None:
        with self._app.app_context():
            db.session.delete(db.session.get_one(Application, int(application)))
            db.session.commit()

    def unread(self, reader: Account) -> int:
        with self._app.app_context():
            return self._talk.unread(db.session.get_one(User, int(reader.id)))

    def history(self, reader: Account, conversation: str) -> list[str]:
        """What is stored, as this person may read it."""
        with self._app.app_context():
            user: Any = db.session.get_one(User, int(reader.id))
            return self._talk.read(user, int(conversation))

    def close(self) -> None:
        with self._app.app_context():
            db.engine.dispose()
