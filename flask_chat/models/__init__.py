"""The tables, built on the host's own ``db``.

The classes share the host's ``MetaData`` (its bind, its ``create_all``) and nothing else of its
models: no base class, no registry, no relationship, no backref. A host that has a ``Message`` or
dataclass models of its own never meets ours. All names begin with ``chat_`` / ``Chat``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ..current import chat
from ..database import OURS
from ..errors import SetupError
from . import action, announcement, conversation, held, inquiry, ledger, message, views
from .columns import BigKey

S = TypeVar("S")
V = TypeVar("V")

_BUILT = "flask_chat.models"

#: SQLite, do not give a number out again: somebody may still remember the row that had it.
_NEVER_TWICE = {"sqlite_autoincrement": True}

#: Only the tombstones.
_DELETED: dict[str, Any] = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), text("deleted_at IS NOT NULL")
)


@dataclass(frozen=True, slots=True)
class Models:
    """The mapped classes of one ``db``, and the host's primary key that they point to."""

    Conversation: type[conversation.Conversation]
    Member: type[conversation.Member]
    Message: type[message.Message]
    Revision: type[message.Revision]
    ActionRun: type[action.ActionRun]
    Announcement: type[announcement.Announcement]
    HeldMessage: type[held.HeldMessage]
    Inquiry: type[inquiry.Inquiry]
    InquiryRound: type[inquiry.InquiryRound]
    Epoch: type[ledger.Epoch]
    Lease: type[ledger.Lease]
    Order: type[ledger.Order]
    user_key: Column[Any]


def build(user_key: Column[Any]) -> Models:
    """The models beside this user table; made once, however many apps share its ``MetaData``."""
    metadata = user_key.table.metadata
    if _BUILT not in metadata.info:
        theirs = set(metadata.tables)
        try:
            metadata.info[_BUILT] = _build(metadata, user_key)
        except InvalidRequestError as problem:
            raise SetupError(
                f"A table of yours has a name that the chat needs: {problem}"
            ) from None
        for name in metadata.tables.keys() - theirs:
            metadata.tables[name].info[OURS] = True
    built: Models = metadata.info[_BUILT]
    if built.user_key is not user_key:
        raise SetupError(
            f"The chat's tables point to the people of {built.user_key.table.fullname}; those of "
            f"{user_key.table.fullname} in the same database cannot have a chat of their own."
        )
    return built


def prepared(build: Callable[[], S]) -> Callable[[], S]:
    """A statement that is written once for each app, its values bound when it runs.

    SQLAlchemy remembers what it has compiled, but not what we write: on the way of a message,
    writing the statements anew costs more than running them.
    """

    @wraps(build)
    def statement() -> S:
        # Who takes part is in the statement: what is registered later writes it anew.
        key = build, len(chat.subjects), len(chat.inboxes), len(chat.supervision), len(chat.quiet)
        known = chat.statements
        if key not in known:
            known[key] = build()
        found: S = known[key]
        return found

    return statement


def padded(values: Collection[V]) -> list[V]:
    """These values, the last one repeated up to the next power of two: what is the same for a
    query is the same text for the database, which then plans it once and not for every number."""
    found = list(values)
    missing = (1 << (len(found) - 1).bit_length()) - len(found)
    return found + found[-1:] * missing


def _row(column: Any, name: str) -> Any:
    target = ForeignKey(column, name=f"fk_chat_{name}", ondelete="CASCADE")
    return mapped_column(BigKey, target, nullable=False)


def _build(on: Any, user_key: Column[Any]) -> Models:
    class Base(DeclarativeBase):
        metadata = on

    def person(name: str) -> Any:
        # The host may delete its user at any time; what was said stays.
        target = ForeignKey(user_key, name=f"fk_chat_{name}", ondelete="SET NULL")
        return mapped_column(user_key.type, target, nullable=True)

    class ChatConversation(conversation.Conversation, Base):
        __tablename__ = "chat_conversation"
        __table_args__ = (
            UniqueConstraint("direct_key", name="uq_chat_conversation_direct_key"),
            Index("uq_chat_conversation_subject", "subject_kind", "subject_key", unique=True),
            Index("ix_chat_conversation_updated_at", "updated_at"),
            _NEVER_TWICE,
        )

    conversation_key = ChatConversation.__table__.c.id

    class ChatMember(conversation.Member, Base):
        __tablename__ = "chat_member"
        __table_args__ = (
            UniqueConstraint("conversation_id", "user_id", name="uq_chat_member_user"),
            Index("ix_chat_member_user_id", "user_id", "left_at"),
            Index("ix_chat_member_touched_at", "touched_at"),
        )
        conversation_id: Mapped[int] = _row(conversation_key, "member_conversation")
        user_id: Mapped[Any] = person("member_user")

    class ChatMessage(message.Message, Base):
        __tablename__ = "chat_message"
        __table_args__ = (
            UniqueConstraint("conversation_id", "seq", name="uq_chat_message_seq"),
            UniqueConstraint("author_id", "client_id", name="uq_chat_message_client_id"),
            Index("ix_chat_message_change", "conversation_id", "change"),
            # What is unread is everything beyond a mark, without what these two find: one's own,
            # and what was deleted.
            Index("ix_chat_message_author", "author_id", "conversation_id", "seq"),
            Index("ix_chat_message_deleted", "conversation_id", "seq", "author_id", **_DELETED),
            Index("ix_chat_message_created_at", "created_at"),
            Index("ix_chat_message_reply_to_id", "reply_to_id"),
            _NEVER_TWICE,
        )
        conversation_id: Mapped[int] = _row(conversation_key, "message_conversation")
        author_id: Mapped[Any] = person("message_author")
        reply_to_id: Mapped[int | None] = mapped_column(
            BigKey,
            ForeignKey("chat_message.id", name="fk_chat_message_reply_to", ondelete="SET NULL"),
        )

    class ChatRevision(message.Revision, Base):
        __tablename__ = "chat_revision"
        __table_args__ = (
            Index("ix_chat_revision_message_id", "message_id"),
            Index("ix_chat_revision_by_id", "by_id"),
        )
        message_id: Mapped[int] = _row(ChatMessage.__table__.c.id, "revision_message")
        by_id: Mapped[Any] = person("revision_by")

    run, announced = _build_beside(Base, conversation_key, person)
    held_back = _build_held(Base, conversation_key, user_key)
    inquired, round_ = _build_inquiries(Base, conversation_key, person)
    views.follow_drops(on)
    _build_version(on)
    return Models(
        ChatConversation, ChatMember, ChatMessage, ChatRevision,
        run, announced, held_back, inquired, round_, *_build_ledger(Base), user_key,
    )  # fmt: skip


def _build_beside(
    base: Any, conversation_key: Any, person: Callable[[str], Any]
) -> tuple[type[action.ActionRun], type[announcement.Announcement]]:
    """What a conversation may have beside its members and messages."""

    class ChatActionRun(action.ActionRun, base):  # type: ignore[misc]
        __tablename__ = "chat_action_run"
        __table_args__ = (
            UniqueConstraint("actor_id", "client_id", name="uq_chat_action_run_client_id"),
            Index("ix_chat_action_run_conversation_id", "conversation_id"),
        )
        conversation_id: Mapped[int] = _row(conversation_key, "action_run_conversation")
        actor_id: Mapped[Any] = person("action_run_actor")

    class ChatAnnouncement(announcement.Announcement, base):  # type: ignore[misc]
        __tablename__ = "chat_announcement"
        __table_args__ = (
            UniqueConstraint("conversation_id", name="uq_chat_announcement_conversation"),
        )
        conversation_id: Mapped[int] = _row(conversation_key, "announcement_conversation")

    return ChatActionRun, ChatAnnouncement


def _build_held(
    base: Any, conversation_key: Column[Any], user_key: Column[Any]
) -> type[held.HeldMessage]:
    class ChatHeldMessage(held.HeldMessage, base):  # type: ignore[misc]
        __tablename__ = "chat_held_message"
        __table_args__ = (
            UniqueConstraint("author_id", "client_id", name="uq_chat_held_message_client_id"),
            Index("ix_chat_held_message_conversation_id", "conversation_id"),
            Index("ix_chat_held_message_due_at", "state", "due_at"),
            _NEVER_TWICE,
        )
        conversation_id: Mapped[int] = _row(conversation_key, "held_message_conversation")
        # Unlike what was said, what nobody has heard yet goes with its author.
        author_id: Mapped[Any] = mapped_column(
            user_key.type,
            ForeignKey(user_key, name="fk_chat_held_message_author", ondelete="CASCADE"),
            nullable=False,
        )

    return ChatHeldMessage


def _build_inquiries(
    base: Any, conversation_key: Column[Any], person: Callable[[str], Any]
) -> tuple[type[inquiry.Inquiry], type[inquiry.InquiryRound]]:
    class ChatInquiry(inquiry.Inquiry, base):  # type: ignore[misc]
        __tablename__ = "chat_inquiry"
        __table_args__ = (
            UniqueConstraint("conversation_id", name="uq_chat_inquiry_conversation"),
            UniqueConstraint("notes_id", name="uq_chat_inquiry_notes"),
            UniqueConstraint("writer_id", "opened_with", name="uq_chat_inquiry_writer"),
            Index("ix_chat_inquiry_inbox", "inbox", "closed_at"),
            Index("ix_chat_inquiry_assignee_id", "assignee_id"),
            _NEVER_TWICE,
        )
        conversation_id: Mapped[int] = _row(conversation_key, "inquiry_conversation")
        notes_id: Mapped[int] = _row(conversation_key, "inquiry_notes")
        writer_id: Mapped[Any] = person("inquiry_writer")
        assignee_id: Mapped[Any] = person("inquiry_assignee")

    class ChatInquiryRound(inquiry.InquiryRound, base):  # type: ignore[misc]
        __tablename__ = "chat_inquiry_round"
        __table_args__ = (
            UniqueConstraint("inquiry_id", "number", name="uq_chat_inquiry_round_number"),
            Index("ix_chat_inquiry_round_opened_at", "opened_at"),
            Index("ix_chat_inquiry_round_answered_by_id", "answered_by_id"),
            Index("ix_chat_inquiry_round_closed_by_id", "closed_by_id"),
        )
        inquiry_id: Mapped[int] = _row(ChatInquiry.__table__.c.id, "inquiry_round_inquiry")
        answered_by_id: Mapped[Any] = person("inquiry_round_answered_by")
        closed_by_id: Mapped[Any] = person("inquiry_round_closed_by")

    return ChatInquiry, ChatInquiryRound


def _build_ledger(base: Any) -> tuple[type[ledger.Epoch], type[ledger.Lease], type[ledger.Order]]:
    class ChatEpoch(ledger.Epoch, base):  # type: ignore[misc]
        __tablename__ = "chat_epoch"

    class ChatLease(ledger.Lease, base):  # type: ignore[misc]
        __tablename__ = "chat_lease"

    class ChatOrder(ledger.Order, base):  # type: ignore[misc]
        __tablename__ = "chat_order"
        __table_args__ = (Index("ix_chat_order_answers_to", "answers_to"), _NEVER_TWICE)

    return ChatEpoch, ChatLease, ChatOrder


def _build_version(on: Any) -> None:
    """Alembic's own table, which says how far our migrations have come. Here so that the host's
    autogenerate knows it for one of ours."""
    Table(
        "chat_version",
        on,
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name="chat_version_pkc"),
    )
