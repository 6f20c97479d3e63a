"""What the host registers before its app runs: records that have a conversation, the buttons in
them, the offices people write to, who is added by a rule, whose rest it is when.

Assembly floor, below ``extension``, whose ``Chat`` is made of this. Nothing is asked of a database
here: the models may not be there yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .actions import Action, Field
from .host import Hook
from .hours import Hours
from .inboxes import Inbox, Inboxes, Query, Replies
from .quiet import QuietHours, QuietRule
from .subjects import Card, Deletion, Subject, Subjects
from .supervision import Supervision, SupervisionRule

F = TypeVar("F", bound=Callable[..., Any])


class Registering:
    """The part of :class:`~flask_chat.Chat` that the host tells its nouns."""

    def __init__(self) -> None:
        self._subjects = Subjects()
        self._inboxes = Inboxes()
        self._supervision = Supervision()
        self._quiet = QuietHours()

    # Records of the host's that can have a conversation

    def subject(
        self,
        model: type[Any],
        *,
        participants: Any,
        name: str | None = None,
        closed: Any = None,
        on_delete: Deletion = "keep",
    ) -> Callable[[Callable[[Any], Card]], Callable[[Any], Card]]:
        """Let the records of a model have a conversation each: ``@chat.subject(Application, …)``.

        The decorated function says how a record is shown in its conversation, as it is now:
        ``card(record)`` -> ``{"title": …, "link": …, "details": {"Status": …}}``. Everybody in the
        conversation sees the same card.

        :param participants: a ``Select`` of two columns, the record's key and a person's: who takes
            part in which record's conversation. Asked anew for every read, send and delivery; a
            callable that returns it, where the models are not there yet.
        :param name: what the wire and the templates call it; by default the table's name.
        :param closed: attribute, method or callable of a record: nothing more may be written.
        :param on_delete: ``"keep"`` the messages of a deleted record where nobody sees them any
            more, or ``"purge"`` them with it.
        :raises SetupError: if the model is not mapped, has several primary keys, or is known.
        """

        def register(card: Callable[[Any], Card]) -> Callable[[Any], Card]:
            called = name or str(getattr(model, "__tablename__", model.__name__.lower()))
            self._subjects.add(Subject(called, model, participants, card, closed, on_delete))
            return card

        return register

    def action(
        self,
        name: str,
        label: str,
        *,
        on: type[Any],
        allowed: Callable[[Any, Any], Any],
        confirm: str | None = None,
        fields: Mapping[str, Field] | None = None,
    ) -> Callable[[F], F]:
        """Put a button of yours into the conversations of records: ``@chat.action("accept", …)``.

        The decorated function does it: ``accept(record, user, **answers)``. It is part of the
        chat's transaction and leaves the commit to it; a sentence that it returns is said in the
        conversation with the same commit, and whatever it raises takes everything back. A
        database that asks for a transaction again runs it again, so what cannot be taken back (a
        letter that is sent) belongs after the commit.

        :param label: what the button says.
        :param on: the model, registered with :meth:`subject` before.
        :param allowed: ``allowed(record, user)`` -> whether this user may do it now. Asked where
            the button is shown, and again before it runs.
        :param confirm: a question that is asked first.
        :param fields: what else is asked first, by the name that the function gets it under.
        :raises SetupError: if the model is no subject, or a name does not fit or is taken.
        """

        def register(run: F) -> F:
            made = Action(name, label, run, allowed, confirm, dict(fields or {}))
            self._subjects.add_action(on, made)
            return run

        return register

    # Offices that people write to

    def inbox(
        self,
        name: str,
        *,
        title: str,
        staff: Query,
        writers: Query | None = None,
        order: Mapping[str, Query] | None = None,
        replies: Replies | None = None,
        record: Callable[[Any], Any] | None = None,
        fields: Mapping[str, Hook] | None = None,
        hours: Hours | None = None,
    ) -> None:
        """Let people write to an office: ``chat.inbox("registrar", title="The Registrar", …)``.

        Each who does has one conversation with it. Whoever works there sees a queue of them, takes
        what nobody has, and answers in the office's name; what the staff write among themselves
        about it, and who has it, the writer never hears of.

        :param staff: a ``Select`` of one column, the keys of those who work there now. Asked anew
            for every read, send and delivery; a callable that returns it, where the models are not
            there yet.
        :param writers: a ``Select`` of one column, the keys of those who may write to it; by
            default everybody.
        :param order: what the queue can be sorted by, lowest first: by label, a ``Select`` of two
            columns, a person's key and a value of theirs, such as a deadline.
        :param replies: prepared replies, texts by label; a callable where they are rows of yours.
            They may hold ``{person.name}``, ``{person.role}``, ``{me.name}``, ``{office.title}``.
        :param record: ``record(user)`` -> the record of yours that this writer's letters are about.
        :param fields: what a reply may say of it, by name: ``{"reference": "reference"}`` is there
            as ``{record.reference}``. An attribute, a method, or a callable given the record.
        :param hours: when it is open, and what it answers by itself when it is not.
        :raises SetupError: if a name is taken, or a reply names a field that is not there.
        """
        self._inboxes.add(
            Inbox(
                name, title, staff, writers, dict(order or {}), replies or {}, record,
                dict(fields or {}), hours,
            )
        )  # fmt: skip

    # Who is added to other people's conversations

    def supervise(
        self,
        name: str,
        *,
        of: Query,
        reason: str,
        talking_with: Query | None = None,
        in_groups: bool = True,
    ) -> None:
        """Add somebody to conversations by a rule: ``chat.supervise("guardian", of=…, …)``.

        Wherever one of these people talks with one of the others, who supervises them takes part:
        reads everything, may write, is shown to everybody with the reason, and can neither be
        removed nor leave. It holds in conversations that there are already, and ends where the
        rule does.

        :param of: a ``Select`` of two columns, the key of a person and of who supervises them.
            Asked anew for every read, send and delivery; a callable that returns it, where the
            models are not there yet. A date in it must be one the database asks for each time,
            such as :func:`flask_chat.schools.years_ago`.
        :param talking_with: a ``Select`` of one column, the keys of those on the other side; by
            default anybody. Who supervises does not count as the other side.
        :param reason: a sentence that everybody in the conversation reads beside the person.
        :param in_groups: in groups as well, so that a group of two is no way around it; ``False``
            for direct conversations only.
        :raises SetupError: if the name is taken, or a text does not fit.
        """
        self._supervision.add(SupervisionRule(name, reason, of, talking_with, in_groups))

    # When people are left alone

    def quiet_hours(
        self,
        name: str,
        *,
        of: Query,
        open: Hours,
        reason: str,
        override: Query | None = None,
        in_groups: bool = True,
    ) -> None:
        """Let people rest: ``chat.quiet_hours("pupils", of=…, open=Hours(…), reason=…)``.

        While it is closed, what somebody writes in a conversation in which one of these people
        takes part waits with its author, and arrives when it opens; with several rules, when all
        are open that concern it. It holds in conversations that there are already. What an office
        is written, announcements and messages of the system do not wait.

        :param of: a ``Select`` of one column, the keys of those whose rest it is. Asked anew for
            every send outside the hours; a callable that returns it, where the models are not
            there yet.
        :param open: when messages arrive. Its ``closed`` is asked at every send, so it should not
            take long; its ``answer`` is for offices, and not used.
        :param reason: a sentence for whoever writes meanwhile.
        :param override: a ``Select`` of one column, the keys of those who may send at once what was
            held; by default nobody.
        :param in_groups: in groups and in threads of records as well; ``False`` for direct
            conversations only.
        :raises SetupError: if the name is taken, or something does not fit.
        """
        self._quiet.add(QuietRule(name, reason, of, open, override, in_groups))
