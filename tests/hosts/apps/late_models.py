"""The models of the late factory."""

import secrets
import uuid
from enum import Enum

from flask_login import UserMixin
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from tests.hosts.apps.late_factory import db


class Kind(Enum):
    TEACHER = 1
    PUPIL = 2


class User(UserMixin, db.Model):
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(default=secrets.token_hex)
    kind: Mapped[Kind] = mapped_column(default=Kind.TEACHER)

    def get_id(self):
        return self.token


class Note(db.Model):
    """A class of the host's whose name is its own business."""

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str | None]


class Message(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[int | None]


def by_token(token):
    return db.session.scalar(select(User).where(User.token == token))


def by_name(name):
    return db.session.scalar(select(User).where(User.name == name))
