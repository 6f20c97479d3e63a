"""Members: who is in a conversation, joins, leaves, owns it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import Row, func, insert, select, update

from .. import announce, database, policy
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import Invalid, NotFound
from ..events import Audience, MemberAdded, MemberChanged, MemberLeft, Ticked
from ..models import access, counters
from ..models.conversation import ANNOUNCEMENT, GROUP, WATCHED
from ..models.counters import Taken
from . import history, people, roster, supervision

#: How many members a conversation shows of itself; the rest is listed on request.
MOST_SHOWN = 50


class Listed(TypedDict):
    members: list[dict[str, Any]]
    next: str | None


@writing
def add_members(actor: Identity, conversation: int, users: Sequence[str]) -> list[dict[str, Any]]:
    """Add people to a group; those who are in it already stay as they are.

    :param users: public ids.
    :returns: the members among ``users``, the new and the old.
    :raises NotFound: if the actor has no such conversation, or may not write to one of them.
    :raises Forbidden: if it is no group, or the actor is there by a rule.
    """
    wanted = reachable_keys(actor, users)
    locked = counters.lock(conversation)
    own = require_member(actor, conversation)
    policy.require(policy.may_add(kind=locked.kind, by_rule=own.by_rule))
    present = set(database.column(access.members_in(conversation)))
    new = [key for key in wanted if key not in present]
    if new:
        require_room(len(present) + len(new))
        _join(counters.take(conversation), new, by=actor)
        supervision.settle(conversation)
    return roster.shown(conversation, wanted)


@writing
def remove_member(actor: Identity, conversation: int, user: str) -> None:
    """End somebody's membership of a group, or one's own.

    When the last owner leaves, whoever has been in it the longest owns it.

    :raises NotFound: if the actor has no such conversation, or that person is not in it.
    :raises Forbidden: if it is no group, the actor removes another without owning it, or the one
        who is to go is there by a rule.
    """
    people.acting_user(actor)
    locked = counters.lock(conversation)
    own = require_member(actor, conversation)
    leaver = chat.host.parse_key(user)
    if leaver == actor.key:
        policy.require(policy.may_leave(kind=locked.kind))
    else:
        policy.require(policy.may_remove(kind=locked.kind, owner=own.owner))
        _require_in(conversation, leaver)
    supervision.require_free(conversation, leaver)
    _leave(counters.take(conversation), leaver, by=actor.user)


@writing
def appoint_member(
    actor: Identity, conversation: int, user: str, *, owner: bool
) -> list[dict[str, Any]]:
    """Make a member an owner of the group, or an ordinary member again.

    :raises NotFound: if the actor has no such conversation, or that person is not in it.
    :raises Forbidden: if the actor does not own the group, or that person is there by a rule.
    :raises Invalid: if nobody would own it.
    """
    people.acting_user(actor)
    locked = counters.lock(conversation)
    own = require_member(actor, conversation)
    policy.require(policy.may_appoint(kind=locked.kind, owner=own.owner))
    key = chat.host.parse_key(user)
    member = _require_in(conversation, key)
    policy.require(not member.by_rule)
    if member.owner != owner:
        if not owner and _owners(conversation) == {key}:
            raise Invalid("A group needs an owner. Appoint another one first.")
        taken = counters.take(conversation)
        _update(conversation, key, owner=owner, change=taken.change)
        _tell(MemberChanged, taken, [key], by=actor.user)
    return roster.shown(conversation, [key])


@reading
def list_members(
    identity: Identity, conversation: int, *, q: str = "", after: str | None = None, limit: int = 50
) -> Listed:
    """A page of those who are in a conversation: its owners, then the others, the longest first.

    :param q: words that are all in the name, as in the directory.
    :param after: the ``next`` of the page before.
    :raises NotFound: if this person has no such conversation.
    """
    place = _read_cursor(after)
    history.head_of(identity, conversation)
    among = people.called(q, roster.keys_of(conversation)) if q.strip() else None
    rows = roster.page_of(conversation, after=place, among=among, limit=limit + 1)
    page = rows[:limit]
    return {
        "members": roster.present(page),
        "next": _cursor(page[-1]) if len(rows) > limit else None,
    }


def end_membership(conversation: int, key: Any) -> None:
    """End the membership of somebody who is no longer a user of the host."""
    locked = counters.lock(conversation)
    if locked.kind == ANNOUNCEMENT and not is_owner(conversation, key):
        # The others have never been shown them, and nothing of what is shown changes.
        _update(conversation, key, left_at=locked.now, touched_at=locked.now)
        return
    _leave(counters.take(conversation), key, by=None)


def end_nameless(conversation: int) -> None:
    """End the memberships that have lost their person. Nobody can be told who it was, so the
    others are told to ask."""
    taken = counters.take(conversation)
    member = chat.models.Member.__table__
    database.execute(
        update(member)
        .where(
            member.c.conversation_id == conversation,
            member.c.user_id.is_(None),
            member.c.left_at.is_(None),
        )
        .values(left_at=taken.now, owner=False, change=taken.change)
    )
    announce.after_commit(
        Ticked(audience=audience(conversation), conversation=str(conversation), change=taken.change)
    )
    pass_ownership(taken)
    supervision.settle(conversation)


# Asked by the other verbs


def require_member(identity: Identity, conversation: int) -> Row[Any]:
    """The row of somebody who has access now.

    :raises NotFound: if they have not.
    """
    return _require_in(conversation, identity.key)


def is_owner(conversation: int, key: Any) -> bool:
    """Whether this person is in a conversation, and owns it."""
    return any(row.owner for row in roster.people_in([conversation], people=[key]))


def require_room(count: int) -> None:
    """:raises Invalid: if a group of this size is larger than the settings allow."""
    most = chat.config.members_limit
    if count > most:
        raise Invalid("A group can have at most {most} members.", named={"most": most})


def reachable_keys(actor: Identity, users: Sequence[str]) -> list[Any]:
    """The keys of people the actor may write to, each once; the actor is left out.

    :raises NotFound: if one of them is nobody the actor may write to.
    """
    acting = people.acting_user(actor)
    keys = [key for key in dict.fromkeys(map(chat.host.parse_key, users)) if key != actor.key]
    allowed = chat.host.reachable(acting, keys) & chat.host.active_keys(keys)
    policy.require(allowed == set(keys), NotFound("One of these people is not known."))
    return keys


def audience(conversation: int, *more: Any) -> Audience:
    """Everybody who has access now, and ``more`` who just lost it."""
    keys = [*database.column(access.people_in(conversation)), *more]
    return Audience(tuple(str(key) for key in dict.fromkeys(keys)))


def first_of(rows: Collection[Row[Any]]) -> dict[int, list[dict[str, Any]]]:
    """The first members of each of these conversations, in a constant number of statements."""
    by_rule = _by_rule(rows)
    stored = {row.id for row in rows}.difference(by_rule)
    found = [
        *(roster.first_stored(stored, MOST_SHOWN) if stored else ()),
        *(roster.people_in(by_rule, most=MOST_SHOWN, shown=True) if by_rule else ()),
    ]
    first: dict[int, list[dict[str, Any]]] = {}
    for row, shown in zip(found, roster.present(found), strict=True):
        first.setdefault(row.conversation_id, []).append(shown)
    return first


def count_by_rule(rows: Collection[Row[Any]]) -> dict[int, int]:
    """How many people those of these conversations show in which the host's rows decide on it."""
    by_rule = _by_rule(rows)
    if not by_rule:
        return {}
    present = access.shown(conversations=by_rule)
    counted = database.execute(
        select(present.c.conversation_id, func.count()).group_by(present.c.conversation_id)
    )
    return dict.fromkeys(by_rule, 0) | dict(counted.all())


def _by_rule(rows: Collection[Row[Any]]) -> list[int]:
    kinds = roster.kinds_by_rule()
    return [row.id for row in rows if row.kind in kinds]


def changed_since(conversation: int, change: int) -> Sequence[Row[Any]]:
    """The memberships, ended ones too, that this conversation has touched after a change."""
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    kind = select(heads.c.kind).where(heads.c.id == conversation).scalar_subquery()
    return roster.rows(
        member.c.conversation_id == conversation,
        member.c.change > change,
        member.c.by_rule.is_(False) | kind.in_(WATCHED),
        roster.is_shown(kind),
    )


def present_rows(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """These memberships as everybody sees them; of the host's former users nothing is left."""
    return roster.present(rows)


def insert_members(
    conversation: int,
    rows: Sequence[Mapping[str, Any]],
    *,
    change: int,
    since_seq: int,
    now: datetime,
) -> None:
    """Write new memberships; each row has a ``user_id`` and what differs from an ordinary one."""
    common = {
        "conversation_id": conversation,
        "owner": False,
        "by_rule": False,
        "archived": False,
        "joined_at": now,
        "since_seq": since_seq,
        "read_seq": since_seq - 1,
        "change": change,
        "version": 1,
        "touched_at": now,
    }
    table = chat.models.Member.__table__
    database.execute(insert(table), [{**common, **row} for row in rows])


# How it is done


def _cursor(row: Row[Any]) -> str:
    joined_at = None if row.joined_at is None else row.joined_at.isoformat()
    return people.write_cursor([bool(row.owner), joined_at, row.id, str(row.user_id)])


def _read_cursor(cursor: str | None) -> roster.Place | None:
    if cursor is None:
        return None
    try:
        is_owner, moment, number, key = people.read_cursor(cursor)
        joined_at = None if moment is None else datetime.fromisoformat(moment)
        if not isinstance(number, int | None) or (joined_at is None) != (number is None):
            raise ValueError
        return bool(is_owner), joined_at, number, chat.host.parse_key(key)
    except (ValueError, TypeError, NotFound, Invalid):
        raise Invalid(fields={"after": ["Is not a cursor of this list."]}) from None


def _join(taken: Taken, keys: Sequence[Any], *, by: Identity) -> None:
    table = chat.models.Member.__table__
    returned = set(
        database.column(
            update(table)
            .where(table.c.conversation_id == taken.id, table.c.user_id.in_(keys))
            .values(
                left_at=None,
                by_rule=False,
                owner=False,
                archived=False,
                joined_at=taken.now,
                since_seq=taken.seq + 1,
                read_seq=taken.seq,
                change=taken.change,
                version=table.c.version + 1,
                touched_at=taken.now,
            )
            .returning(table.c.user_id)
        )
    )
    new = [{"user_id": key} for key in keys if key not in returned]
    if new:
        insert_members(taken.id, new, change=taken.change, since_seq=taken.seq + 1, now=taken.now)
    _tell(MemberAdded, taken, keys, by=by.user)


def _leave(taken: Taken, key: Any, *, by: str | None) -> None:
    _update(
        taken.id, key, left_at=taken.now, owner=False, change=taken.change, touched_at=taken.now
    )
    _tell(MemberLeft, taken, [key], by=by, gone=[key])
    pass_ownership(taken)
    supervision.settle(taken.id, without=key if by is None else None)


def pass_ownership(left: Taken) -> None:
    """Give a group whose last owner has left to whoever has been in it the longest.

    A change of its own: in the frame before it are those who left, and nobody else.
    """
    if left.kind != GROUP or _owners(left.id) or (heir := _longest(left.id)) is None:
        return
    taken = counters.take(left.id)
    _update(taken.id, heir, owner=True, change=taken.change)
    _tell(MemberChanged, taken, [heir], by=None)


def _tell(
    event: type[MemberAdded | MemberLeft | MemberChanged],
    taken: Taken,
    keys: Collection[Any],
    *,
    by: str | None,
    gone: Sequence[Any] = (),
) -> None:
    announce.after_commit(
        event(
            audience=audience(taken.id, *gone),
            conversation=str(taken.id),
            change=taken.change,
            data={"members": roster.shown(taken.id, keys), "by": by},
        )
    )


def _update(conversation: int, key: Any, **values: Any) -> None:
    table = chat.models.Member.__table__
    database.execute(
        update(table)
        .where(table.c.conversation_id == conversation, table.c.user_id == key)
        .values(**values)
    )


def _owners(conversation: int) -> set[Any]:
    return {row.user_id for row in roster.people_in([conversation]) if row.owner}


def _longest(conversation: int) -> Any:
    rows = [row for row in roster.people_in([conversation]) if not row.by_rule]
    return rows[0].user_id if rows else None


def _require_in(conversation: int, key: Any) -> Row[Any]:
    rows = roster.people_in([conversation], people=[key])
    if not rows:
        raise NotFound()
    return rows[0]
