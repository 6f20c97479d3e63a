"""Holding back: what is written to somebody in their quiet hours waits with its author.

Below ``posting``, which asks under the lock whom a message would disturb; ``releasing`` lets it go.
Where no rule is closed and nobody has anything waiting, none of this costs a statement: the lock
itself says whether one of the writers has (``Taken.has_held``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    bindparam,
    case,
    cast,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from .. import announce, database
from ..current import chat
from ..events import Audience, MessageHeld
from ..models import access, padded, prepared
from ..models.columns import BigKey, utcnow
from ..models.conversation import DIRECT, GROUP, SUBJECT
from ..models.held import WAITING
from ..models.message import USER
from ..quiet import QuietRule, all_open_after
from ..schemas import HELD, QUIET
from .attempts import Mark
from .drafts import Draft, Held
from .places import Place

#: The kinds of conversations in which people may be disturbed.
_TALKS = (DIRECT, GROUP, SUBJECT)

#: Who writes, and where.
Writing = tuple[Any, int]


class Rest(NamedTuple):
    """Why something waits.

    :param until: ``None`` where no rule says when it opens.
    :param may_send: whether its author may send it all the same.
    """

    until: datetime | None
    reason: str
    may_send: bool


# Whom it would disturb


def held_before(drafts: Sequence[Draft], place: Place) -> dict[Mark, Row[Any]]:
    """What these authors have held back, by its mark; without a statement if they have nothing."""
    if not any(head.has_held for head in place.heads.values()):
        return {}
    table = chat.models.HeldMessage.__table__
    authors = {draft.author.key for draft in drafts if draft.author is not None}
    rows = database.rows(select(table).where(table.c.author_id.in_(authors)).order_by(table.c.id))
    return {(row.author_id, row.client_id): row for row in rows}


def resting(
    drafts: Sequence[Draft], place: Place, before: Mapping[Mark, Row[Any]]
) -> dict[Mark, Rest]:
    """Which of these have to wait, and why: somebody rests, or what the same author has written
    there before waits still, which must not be overtaken."""
    concerned = [draft for draft in drafts if _is_concerned(draft, place)]
    if not concerned or not (before or len(chat.quiet)):
        return {}
    at = place.heads[concerned[0].conversation].now
    found = rests([_writing(draft) for draft in concerned], at)
    queued = {
        (row.author_id, row.conversation_id): Rest(at, row.reason, may_send=False)
        for row in before.values()
        if row.state == WAITING
    }
    both = {**queued, **found}
    return {draft.mark: both[at_] for draft in concerned if (at_ := _writing(draft)) in both}


def _is_concerned(draft: Draft, place: Place) -> bool:
    return draft.kind == USER and place.heads[draft.conversation].kind in _TALKS


def _writing(draft: Draft) -> Writing:
    return _key(draft), draft.conversation


def _key(draft: Draft) -> Any:
    return draft.author.key if draft.author is not None else None


def rests(writings: Collection[Writing], at: datetime) -> dict[Writing, Rest]:
    """Who would disturb somebody's rest, of those who write in these conversations of people; one
    statement if anybody rests at all."""
    if not writings or chat.quiet.are_open(at):
        return {}
    disturbed, overriding = _ask(writings)
    found = {}
    for author, conversation in writings:
        rules = {
            number: rule
            for number, rule in enumerate(chat.quiet)
            if disturbed.get((number, conversation), set()) - {author}
        }
        closed = [number for number, rule in rules.items() if not rule.open.is_open(at)]
        if closed:
            found[author, conversation] = Rest(
                all_open_after(rules.values(), at),
                rules[closed[0]].reason,
                may_send=all((number, author) in overriding for number in closed),
            )
    return found


def _ask(
    writings: Collection[Writing],
) -> tuple[dict[tuple[int, int], set[Any]], set[tuple[int, Any]]]:
    """For each rule and conversation who of the writers rests there, ``None`` for anybody else;
    and which writer may override which rule."""
    values = {
        "authors": padded(list({author for author, _ in writings})),
        "conversations": padded(list({conversation for _, conversation in writings})),
    }
    disturbed: dict[tuple[int, int], set[Any]] = {}
    overriding = set()
    for row in database.rows(_asked(), values):
        if row.conversation_id is None:
            overriding.add((row.rule, row.person))
        else:
            disturbed.setdefault((row.rule, row.conversation_id), set()).add(row.person)
    return disturbed, overriding


@prepared
def _asked() -> Any:
    queries: list[Select[Any]] = []
    for number, rule in enumerate(chat.quiet):
        queries.append(_resting_in(number, rule))
        if (overriding := rule.overriding) is not None:
            queries.append(
                select(
                    literal(number).label("rule"),
                    cast(null(), BigKey).label("conversation_id"),
                    overriding.label("person"),
                ).where(overriding.in_(_authors()))
            )
    return union_all(*queries)


def _resting_in(number: int, rule: QuietRule) -> Select[Any]:
    heads = chat.models.Conversation.__table__.alias()
    conversations: BindParameter[Any] = bindparam("conversations", expanding=True)
    kinds = _TALKS if rule.in_groups else (DIRECT,)
    wanted = select(heads.c.id).where(heads.c.id.in_(conversations), heads.c.kind.in_(kinds))
    there = access.talking(wanted)
    resting = rule.resting
    nobody = cast(null(), chat.models.user_key.type)
    person = case((there.c.user_id.in_(_authors()), there.c.user_id), else_=nobody)
    return (
        select(literal(number).label("rule"), there.c.conversation_id, person.label("person"))
        .where(there.c.user_id.in_(select(resting)))
        .distinct()
    )


def _authors() -> BindParameter[Any]:
    return bindparam("authors", type_=chat.models.user_key.type, expanding=True)


# Keeping it


def hold(drafts: Sequence[Draft], why: Mapping[Mark, Rest]) -> dict[Mark, Held]:
    """Keep these with their authors, in their order, and tell those of it after the commit."""
    if not drafts:
        return {}
    table = chat.models.HeldMessage.__table__
    _hurry([draft for draft in drafts if why[draft.mark].until is not None], why)
    values = [_row(draft, why[draft.mark]) for draft in drafts]
    statement = insert(table).values(created_at=utcnow(), touched_at=utcnow())
    rows = database.rows(statement.returning(*table.c, sort_by_parameter_order=True), values)
    tell(rows)
    return {(row.author_id, row.client_id): Held(show(row)) for row in rows}


def _row(draft: Draft, rest: Rest) -> dict[str, Any]:
    return {
        "conversation_id": draft.conversation,
        "author_id": _key(draft),
        "body": draft.body,
        "client_id": draft.client_id,
        "digest": draft.digest,
        "reply_to_id": draft.reply_to,
        "state": WAITING,
        "reason": rest.reason,
        "may_send": rest.may_send,
        "due_at": rest.until,
    }


def _hurry(drafts: Iterable[Draft], why: Mapping[Mark, Rest]) -> None:
    """What waits before these is looked at no later than they are: a calendar may have changed."""
    table = chat.models.HeldMessage.__table__
    for (author, conversation), rest in {_writing(d): why[d.mark] for d in drafts}.items():
        database.execute(
            update(table)
            .where(
                *waiting_of(author, conversation),
                table.c.due_at.is_(None) | (table.c.due_at > rest.until),
            )
            .values(due_at=rest.until)
        )


def waiting_of(author: Any, conversation: int) -> list[Any]:
    """Conditions: what somebody has waiting in a conversation."""
    table = chat.models.HeldMessage.__table__
    return [
        table.c.author_id == author,
        table.c.conversation_id == conversation,
        table.c.state == WAITING,
    ]


# Showing


def show(row: Row[Any] | Mapping[str, Any]) -> dict[str, Any]:
    """A held message as its author sees it."""
    return HELD.write(row._mapping if isinstance(row, Row) else row)


def show_rest(rest: Rest) -> dict[str, Any]:
    """What would hold back a message that is written now."""
    return QUIET.write(rest)


def tell(rows: Iterable[Row[Any]]) -> None:
    """Tell the authors, on all their devices, how these stand."""
    announce.after_commit(*(event_of(row) for row in rows))


def event_of(row: Row[Any]) -> MessageHeld:
    """What the author's devices are told of it."""
    return MessageHeld(
        audience=Audience((str(row.author_id),)),
        conversation=str(row.conversation_id),
        data=show(row),
    )
