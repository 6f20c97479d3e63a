"""The school's nouns: people, classes, lessons, families, applications.

Relationships refuse to load by themselves (``raise_on_sql``): a page says what it needs in
its query, so a list can never quietly turn into one query per row.
"""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import DateTime, Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from werkzeug.security import check_password_hash

from host_example.database import db
from host_example.folding import fold

__all__ = [
    "DOCUMENTS",
    "OFFICE",
    "Application",
    "ApplicationStatus",
    "Document",
    "Guardianship",
    "Lesson",
    "Role",
    "SchoolClass",
    "Setting",
    "StudentRecord",
    "TimelineEntry",
    "User",
    "db",
]


class Role(enum.Enum):
    """What a person is at the school."""

    REGISTRAR = "registrar"
    STAFF = "staff"
    TEACHER = "teacher"
    STUDENT = "student"
    GUARDIAN = "guardian"

    @property
    def label(self) -> str:
        return self.value.capitalize()


OFFICE = (Role.REGISTRAR, Role.STAFF)
#: The papers that every application needs.
DOCUMENTS = (
    "Birth certificate",
    "Latest school report",
    "Proof of address",
    "Immunisation record",
    "Photo consent",
)


class ApplicationStatus(enum.Enum):
    """How far an enrolment application has come."""

    SUBMITTED = "submitted"
    DOCUMENTS_MISSING = "documents_missing"
    IN_REVIEW = "in_review"
    INTERVIEW = "interview"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def is_open(self) -> bool:
        return self not in {self.ACCEPTED, self.DECLINED, self.WITHDRAWN}


def _stored_by_value(kind: type[enum.Enum]) -> Enum:
    """Keep an enum as its plain word, readable in any SQL client."""
    return Enum(
        kind,
        native_enum=False,
        length=20,
        values_callable=lambda members: [m.value for m in members],
    )


def _linked(**options: Any) -> Any:
    return relationship(lazy="raise_on_sql", **options)


def _owned(**options: Any) -> Any:
    """Rows that mean nothing without their owner; the database deletes them with it."""
    return _linked(cascade="all, delete-orphan", passive_deletes=True, **options)


class User(UserMixin, db.Model):
    """A person with an account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(
        String(240), index=True
    )  # full_name as search and sorting see it
    email: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(_stored_by_value(Role), index=True)
    position: Mapped[str | None] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str] = mapped_column(String(255))

    record: Mapped[StudentRecord | None] = _owned(back_populates="student")
    guardian_links: Mapped[list[Guardianship]] = _owned(
        back_populates="student", foreign_keys="Guardianship.student_id"
    )
    child_links: Mapped[list[Guardianship]] = _owned(
        back_populates="guardian", foreign_keys="Guardianship.guardian_id"
    )

    @validates("full_name")
    def _remember_name_key(self, _key: str, full_name: str) -> str:
        self.name_key = fold(full_name)
        return full_name

    @property
    def is_active(self) -> bool:
        """Flask-Login's question: may this person sign in?"""
        return self.active

    def has_password(self, password: str) -> bool:
        return check_password_hash(self.password_hash, password)


class SchoolClass(db.Model):
    """A class: the pupils who share a timetable and a homeroom teacher."""

    __tablename__ = "school_classes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    grade: Mapped[int]
    room: Mapped[str] = mapped_column(String(20))
    homeroom_teacher_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )

    homeroom_teacher: Mapped[User | None] = _linked()
    records: Mapped[list[StudentRecord]] = _linked(
        back_populates="school_class", passive_deletes=True
    )


class StudentRecord(db.Model):
    """What the school keeps about a pupil."""

    __tablename__ = "student_records"

    student_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    class_id: Mapped[int | None] = mapped_column(
        ForeignKey("school_classes.id", ondelete="SET NULL"), index=True
    )
    born_on: Mapped[date]
    enrolled_on: Mapped[date]
    home_language: Mapped[str] = mapped_column(String(40))

    student: Mapped[User] = _linked(back_populates="record")
    school_class: Mapped[SchoolClass | None] = _linked(back_populates="records")


class Guardianship(db.Model):
    """A guardian's responsibility for one pupil."""

    __tablename__ = "guardianships"

    guardian_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    student_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kinship: Mapped[str] = mapped_column(String(30))

    guardian: Mapped[User] = _linked(back_populates="child_links", foreign_keys=[guardian_id])
    student: Mapped[User] = _linked(back_populates="guardian_links", foreign_keys=[student_id])


class Lesson(db.Model):
    """One hour of the weekly timetable: a teacher teaches a class a subject."""

    __tablename__ = "lessons"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(
        ForeignKey("school_classes.id", ondelete="CASCADE"), index=True
    )
    teacher_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    subject: Mapped[str] = mapped_column(String(40))
    weekday: Mapped[int]  # Monday is 0, as in datetime.date.weekday()
    period: Mapped[int]  # 1 to 6, see timetable.PERIODS
    room: Mapped[str] = mapped_column(String(20))

    school_class: Mapped[SchoolClass] = _linked()
    teacher: Mapped[User | None] = _linked()


class Application(db.Model):
    """A family's request to enrol a child."""

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    child_name: Mapped[str] = mapped_column(String(120))
    search_key: Mapped[str] = mapped_column(
        String(280), index=True
    )  # child and reference as search sees them
    born_on: Mapped[date]
    grade: Mapped[int]
    previous_school: Mapped[str] = mapped_column(String(120))
    status: Mapped[ApplicationStatus] = mapped_column(
        _stored_by_value(ApplicationStatus), index=True
    )
    submitted_on: Mapped[date]
    deadline: Mapped[date]
    # The application outlives the account of whoever sent it.
    guardian_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )

    guardian: Mapped[User | None] = _linked()
    documents: Mapped[list[Document]] = _owned(back_populates="application", order_by="Document.id")
    timeline: Mapped[list[TimelineEntry]] = _owned(
        back_populates="application", order_by="TimelineEntry.at.desc(), TimelineEntry.id.desc()"
    )

    @validates("child_name", "reference")
    def _remember_search_key(self, key: str, value: str) -> str:
        words = {"child_name": self.child_name, "reference": self.reference, key: value}
        self.search_key = fold(" ".join(word for word in words.values() if word))
        return value

    @property
    def is_withdrawn(self) -> bool:
        return self.status is ApplicationStatus.WITHDRAWN

    def move_to(self, status: ApplicationStatus, *, by: User, note: str = "") -> None:
        """Give the application a new status and write down who did it."""
        title = f"Status changed to “{status.label}”"
        entry = TimelineEntry(application=self, author_id=by.id, title=title, text=note)
        self.status = status
        db.session.add(entry)

    def add_note(self, text: str, *, by: User) -> None:
        """Add a note that only the registrars read."""
        db.session.add(TimelineEntry(application=self, author_id=by.id, title="Note", text=text))


class Document(db.Model):
    """One paper an application needs."""

    __tablename__ = "application_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    received_on: Mapped[date | None]

    application: Mapped[Application] = _linked(back_populates="documents")


class TimelineEntry(db.Model):
    """Something that happened to an application."""

    __tablename__ = "application_timeline"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime.now(UTC))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = _linked(back_populates="timeline")
    author: Mapped[User | None] = _linked()


class Setting(db.Model):
    """A fact about this installation, such as when its demo people moved in."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(240))
