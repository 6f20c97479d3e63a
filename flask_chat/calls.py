"""What the host's own code asks of the chat: ``chat.post_message(...)`` and its like.

Assembly floor, below ``extension``, whose ``Chat`` has all of these. Each joins the host's
transaction: commit, and it is seen; roll back, and it never was.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from sqlalchemy import Select, inspect

from . import following, schemas
from .announcements import Recipients
from .current import Identity, chat
from .errors import SetupError
from .models import views
from .models.views import Views
from .services import accounts, announcements, conversations, inboxes, posting, threads


class Calls:
    """The half of :class:`~flask_chat.Chat` that is used after ``init_app``."""

    def open_direct(self, user: Any, other: Any) -> int:
        """The conversation of two users, made if there is none; returns its number.

        :raises NotFound: if ``user`` may not write to ``other``.
        """
        opened = conversations.open_direct(_identity(user), _identity(other).user)
        return int(opened.conversation["id"])

    def open_inbox(self, user: Any, inbox: str, *, writer: Any = None) -> int:
        """The conversation of a user with an office, made if there is none; returns its number.

        The other side hears of it with the first message.

        :param inbox: the name it was registered under with :meth:`inbox`.
        :param writer: with whom, where ``user`` works in the office and opens it for the office.
        :raises NotFound: if there is no such office, or ``user`` may not write to it.
        :raises Forbidden: if ``writer`` is nobody the office may write to.
        :raises Conflict: if another office has the conversation with them now.
        """
        if writer is None:
            opened = inboxes.open_inquiry(_identity(user), inbox=inbox)
        else:
            whom = _identity(writer).user
            opened = inboxes.open_as_office(_identity(user), inbox=inbox, user=whom)
        return int(opened.conversation["id"])

    def create_group(self, owner: Any, title: str, members: Iterable[Any] = ()) -> int:
        """A new group with these users; returns its number."""
        schemas.CHANGE_CONVERSATION.read({"title": title})
        users = [_identity(member).user for member in members]
        opened = conversations.create_group(_identity(owner), title=title, users=users)
        return int(opened.conversation["id"])

    def post_message(self, author: Any, conversation: int, body: str) -> None:
        """Send a message with the host's commit.

        It is numbered just before the commit, so no lock is held while the host goes on
        working. If it may not be sent, the commit raises the reason and does not happen.

        :param author: one of the host's users; ``None`` for a message of the system.
        :raises Invalid: if the body is empty, too long, or no text.
        """
        schemas.EDIT_MESSAGE.read({"body": body})
        posting.draft_message(
            None if author is None else _identity(author), conversation, body=body
        )

    def post_system(self, record: Any, body: str, *, by: Any = None) -> None:
        """Say something in the conversation of a record, with the host's commit.

        Makes the conversation if there is none yet. Rolled back, a savepoint's rollback included,
        it never was, and no number is used up.

        :param record: a row of a model registered with :meth:`subject`; it may be new.
        :param by: the user whose doing it was, shown beside it.
        :raises Invalid: if the body is empty, too long, or no text.
        :raises SetupError: if the record's model is no subject.
        """
        schemas.EDIT_MESSAGE.read({"body": body})
        threads.draft_system(record, body, by=None if by is None else _identity(_row(by)))

    def announce(
        self,
        sender: Any,
        recipients: Select[Any],
        body: str,
        *,
        title: str,
        to: str = "",
        confirm: bool = False,
        key: str | None = None,
    ) -> int:
        """Announce something to everybody in a query of yours; returns the conversation's number.

        Its sender alone writes there, and none of the others is shown another; they answer the
        sender in private. Who is in the query is asked now, and whom the ``announcements`` hook
        lets announce is not: your code decides.

        :param recipients: a ``Select`` over your users, or over their keys.
        :param to: what the list is called in the sender's table of who has read it.
        :param confirm: ask everybody to confirm that they have read it.
        :param key: announcing again under the same key finds what was announced.
        :raises Invalid: if there is nobody in it, or a text is empty, too long, or no text.
        :raises Conflict: if the key was used for another announcement.
        """
        schemas.EDIT_MESSAGE.read({"body": body})
        schemas.CHANGE_CONVERSATION.read({"title": title})
        announced = announcements.post_announcement(
            _identity(_row(sender)),
            Recipients("query", to or title, recipients),
            title=title,
            body=body,
            client_id=key,
            confirm=confirm,
        )
        return int(announced.conversation["id"])

    def unread(self, user: Any, records: Iterable[Any]) -> dict[Any, int]:
        """How many messages a user has not read about each of these records, by its primary key:
        for a list of them. What nobody has written about, and what this user takes no part in,
        is left out. Four statements at most, however many records there are.

        :param records: of one model.
        :raises SetupError: if it is no subject.
        """
        found = list(records)
        if not found:
            return {}
        subject = chat.subjects.of(found[0])
        keys = [subject.key_of(record) for record in found]
        return threads.unread_about(_identity(user), subject, keys)

    @property
    def views(self) -> Views:
        """The views of what was said, to be joined with your own tables in reports."""
        return views.build(chat.models.user_key)

    def about(self, view: Any, model: type[Any]) -> Any:
        """The condition that joins one of :attr:`views` with the records of a model.

        :raises SetupError: if the model is no subject.
        """
        subject = chat.subjects.of_model(model)
        return views.is_about(view, subject.name, subject.key_column)

    def access_changed(self, record: Any = None) -> None:
        """Say that a record, or who takes part in its conversation, is not what it was; without a
        record, that somebody else supervises or works in an office.

        Changes made through the ORM are noticed without this; call it after a bulk ``UPDATE``.
        Otherwise open pages are told within the sweep (``CHAT_SWEEP_SECONDS``).

        :raises SetupError: if the record's model is no subject.
        """
        threads.access_changed(record)

    def sign_out(self, user: Any) -> None:
        """End this user's open sockets, because they signed out, were deactivated or changed
        their password. Flask-Login's ``logout_user`` is noticed without this.

        Nobody, as ``None`` or an anonymous user, and somebody of another model have no sockets.

        :raises SetupError: if it is no user at all, such as a key.
        """
        row = _row(user)
        if not isinstance(row, chat.host.user_class):
            if row is None or hasattr(row, "is_anonymous") or inspect(row, raiseerr=False):
                return
            name = chat.host.user_class.__name__
            raise SetupError(f"sign_out takes a {name}, or None for nobody; this is {row!r}.")
        gone = _identity(row).user
        accounts.sign_out(gone)
        following.when_answered(partial(following.leave_word, gone))


def _row(user: Any) -> Any:
    """The user behind a proxy such as Flask-Login's ``current_user``."""
    return user._get_current_object() if hasattr(user, "_get_current_object") else user


def _identity(user: Any) -> Identity:
    key = chat.host.key_of(user)
    if key is None:
        raise SetupError("This user has no primary key yet: flush the session first.")
    return Identity(str(key), key)
