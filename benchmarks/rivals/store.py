"""What the rivals written in Python store, with SQLAlchemy's ORM as most of them would."""

import os
from datetime import UTC, datetime

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

engine = create_engine(f"sqlite:///{os.environ['BENCH_FILE']}")
Session = sessionmaker(engine)


@event.listens_for(engine, "connect")
def write_ahead(connection, _record):
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    token: Mapped[str]


class Membership(Base):
    __tablename__ = "membership"
    conversation: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(primary_key=True)


class Message(Base):
    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[int]
    author: Mapped[int]
    text: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))

    def as_json(self):
        return {
            "type": "message", "id": self.id, "conversation": self.conversation,
            "author": self.author, "text": self.text, "sent_at": self.sent_at.isoformat(),
        }  # fmt: skip


def person_with(token):
    """The id of the person this token belongs to, or None."""
    with Session() as session:
        found = session.scalar(select(Person).where(Person.token == token))
        return found and found.id


def conversations_of(person):
    """The ids of the conversations somebody is in."""
    with Session() as session:
        return list(
            session.scalars(select(Membership.conversation).where(Membership.person == person))
        )


def members_of(conversation):
    """The ids of the people in a conversation."""
    with Session() as session:
        return list(
            session.scalars(
                select(Membership.person).where(Membership.conversation == conversation)
            )
        )


def add_message(person, conversation, text):
    """Store a message of a member; what the sockets are told."""
    with Session() as session:
        if session.get(Membership, (conversation, person)) is None:
            raise PermissionError("not a member")
        message = Message(conversation=conversation, author=person, text=text)
        session.add(message)
        session.commit()
        return message.as_json()
