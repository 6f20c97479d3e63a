"""For a host's own tests: act in the chat as one of the host's users, and see what was said.

::

    def test_the_registrar_hears_of_a_new_application(app, registrar, guardian):
        talk = ChatTest(app)
        conversation = talk.direct(guardian, registrar)
        talk.post(guardian, conversation, "We have applied.")
        assert talk.unread(registrar) == 1
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from flask import Flask

from . import database
from .current import EXTENSION, Identity, chat
from .events import Control, Entry
from .services import (
    conversations,
    history,
    inboxes,
    posting,
    queues,
    reads,
    releasing,
    sync,
    threads,
)
from .services.conversations import Opened

R = TypeVar("R")


class ChatTest:
    """The chat of an app, seen by a test.

    Each call is a transaction of its own, as a request would be; host users are given as
    objects, conversations as numbers.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def direct(self, user: Any, other: Any) -> int:
        """The direct conversation of two users."""
        return self._opened(lambda: conversations.open_direct(self._who(user), self._id(other)))

    def group(self, owner: Any, title: str, members: Iterable[Any] = ()) -> int:
        """A new group."""
        users = [self._id(member) for member in members]
        return self._opened(
            lambda: conversations.create_group(self._who(owner), title=title, users=users)
        )

    def thread(self, user: Any, record: Any) -> int:
        """The conversation about one of the host's records, which this user takes part in."""
        subject = self._app.extensions[EXTENSION].subjects.of(record)
        kind, key = subject.name, str(subject.key_of(record))
        return self._opened(lambda: threads.open_thread(self._who(user), kind=kind, record=key))

    def write_to(self, user: Any, inbox: str, body: str) -> int:
        """Let a user write to an office; returns the number of their conversation with it."""
        who = self._who(user)
        conversation = self._opened(lambda: inboxes.open_inquiry(who, inbox=inbox))
        self.post(user, conversation, body)
        return conversation

    def write_as(self, staff: Any, inbox: str, user: Any, body: str) -> int:
        """Let somebody who works in an office write to a user in its name; returns the number of
        the conversation."""
        who, whom = self._who(staff), self._id(user)
        conversation = self._opened(lambda: inboxes.open_as_office(who, inbox=inbox, user=whom))
        self.post(staff, conversation, body)
        return conversation

    def queue(self, user: Any, inbox: str, state: str = "new") -> list[int]:
        """What this user sees in the queue of an office they work in: the conversations, who has
        waited the longest first.

        :param state: ``new``, ``mine``, ``others``, ``waiting`` or ``closed``.
        """
        who = self._who(user)
        found = self._run(lambda: queues.list_queue(who, inbox, state=state))
        return [int(inquiry["conversation"]) for inquiry in found["inquiries"]]

    def notes(self, user: Any, conversation: int) -> list[str]:
        """What this user, who works in the office, reads in the notes on an inquiry."""
        who = self._who(user)
        inquiry = self._run(lambda: queues.get_inquiry(who, conversation))
        return self.read(user, int(inquiry["notes"]))

    def post(self, author: Any, conversation: int, body: str, **options: Any) -> dict[str, Any]:
        """Send a message; returns it as the wire has it, or how it waits for the end of somebody's
        quiet hours.

        :param author: ``None`` for the system.
        """
        who = None if author is None else self._who(author)
        (shown,) = self._run(
            lambda: posting.post_message(who, conversation, body=body, **options)
        ).answer.values()
        return cast(dict[str, Any], shown)

    def held(self, user: Any) -> list[str]:
        """What this user has written that waits for the end of somebody's quiet hours."""
        who = self._who(user)
        return [held["body"] for held in self._run(lambda: releasing.held_by(who.key))]

    def release(self) -> int:
        """Send what the quiet hours hold back no longer, as the server does every second; returns
        how many messages that was."""
        return self._run(releasing.review)

    def read(self, user: Any, conversation: int) -> list[str]:
        """What this user reads in a conversation: the texts, oldest first."""
        who = self._who(user)
        page = self._run(lambda: history.read_history(who, conversation, limit=200))
        return [message["body"] for message in page["messages"]]

    def conversations(self, user: Any) -> list[dict[str, Any]]:
        """The conversations of this user, newest first, as the wire has them."""
        who = self._who(user)
        return self._run(lambda: sync.synchronise(who, known={}, limit=200))["conversations"]

    def unread(self, user: Any) -> int:
        """What this user's badge shows."""
        who = self._who(user)
        return self._run(lambda: reads.totals(who))["unread"]

    @contextmanager
    def events(self) -> Iterator[list[Entry]]:
        """Collects what is sent to open sockets meanwhile, in order."""
        carried: list[Entry] = []

        def listen(items: Sequence[Entry | Control]) -> None:
            carried.extend(item for item in items if isinstance(item, Entry))

        listeners = self._app.extensions[EXTENSION].listeners
        listeners.append(listen)
        try:
            yield carried
        finally:
            listeners.remove(listen)

    def _opened(self, verb: Callable[[], Opened]) -> int:
        return int(self._run(verb).conversation["id"])

    def _run(self, verb: Callable[[], R]) -> R:
        with database.context(self._app):
            return verb()

    def _who(self, user: Any) -> Identity:
        with self._app.app_context():
            key = chat.host.key_of(user)
        return Identity(str(key), key)

    def _id(self, user: Any) -> str:
        return self._who(user).user


__all__ = ["ChatTest", "Entry"]
