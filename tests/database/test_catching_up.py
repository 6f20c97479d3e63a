"""What is unread, what has changed, what is on a page: exact after any sequence of verbs.

Each example is a conversation of its own in one app; a small model beside it says what must be.
"""

from __future__ import annotations

import functools
import json
import operator
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from flask_chat.errors import NotFound
from flask_chat.services import (
    conversations,
    history,
    maintenance,
    members,
    messages,
    reads,
    sync,
)

NAMES = ("Ana", "Ben", "Cem")
PEOPLE = some.integers(0, 2)
OTHERS = some.integers(1, 2)  # Ana owns the group and stays
PLACES = some.integers(0, 40)
FLAGS = some.booleans()

verbs = [
    some.tuples(some.just("post"), PEOPLE),
    some.tuples(some.just("post"), PEOPLE),
    some.tuples(some.just("edit"), PLACES),
    some.tuples(some.just("delete"), PLACES),
    some.tuples(some.just("read"), PEOPLE, PLACES),
    some.tuples(some.just("mute"), PEOPLE, FLAGS),
    some.tuples(some.just("archive"), PEOPLE, FLAGS),
    some.tuples(some.just("leave"), OTHERS),
    some.tuples(some.just("join"), OTHERS),
    some.tuples(some.just("rename"), PLACES),
]
steps = some.lists(some.one_of(verbs), min_size=8, max_size=25)
#: What is left of a history when the host's own hands were in it as well.
any_steps = some.lists(
    some.one_of(
        *verbs,
        some.tuples(some.just("post"), PEOPLE),
        some.tuples(some.just("tell")),
        some.tuples(some.just("purge"), some.integers(1, 6)),
    ),
    min_size=12,
    max_size=30,
)
few = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
numbers = count(1)


@dataclass
class Said:
    id: int
    author: int | None
    deleted: bool = False
    purged: bool = False


@dataclass
class Reader:
    """What one person's state of the conversation must be."""

    present: bool = True
    read: int = 0
    muted: bool = False
    archived: bool = False


@dataclass
class World:
    """A conversation, and the model of it."""

    host: object
    people: list
    group: int
    said: list[Said] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=lambda: [Reader() for _ in NAMES])

    @classmethod
    def new(cls, host) -> World:
        number = next(numbers)
        people = host.people(*(f"{name} {number}" for name in NAMES))
        return cls(host, people, host.group(*people))

    def take(self, step: tuple) -> None:
        getattr(self, step[0])(*step[1:])

    def identity(self, who: int):
        return self.people[who].identity

    def post(self, who: int) -> None:
        if not self.readers[who].present:
            return
        message = self.host.post(self.people[who], self.group)
        self.said.append(Said(int(message["id"]), who))
        for reader in self.readers:
            reader.archived = reader.archived and not reader.present

    def tell(self) -> None:
        self.said.append(Said(int(self.host.post(None, self.group)["id"]), None))
        for reader in self.readers:
            reader.archived = reader.archived and not reader.present

    def purge(self, most: int) -> None:
        there = [said for said in self.said if not said.purged][:most]
        for said in there:
            self.host.execute(
                "UPDATE chat_message SET created_at = '2001-01-01 00:00:00' WHERE id = :id",
                id=said.id,
            )
        self.host.do(maintenance.purge, 1)
        for said in there:
            said.purged = True

    def edit(self, place: int) -> None:
        said = self._pick(place)
        if said is None or said.deleted or said.author is None:
            return
        if self.readers[said.author].present:
            self.host.do(
                messages.edit_message, self.identity(said.author), self.group, said.id,
                body=f"Edited {next(numbers)}",
            )  # fmt: skip

    def delete(self, place: int) -> None:
        said = self._pick(place)
        if said and said.author is not None:
            self.host.do(messages.delete_message, self.identity(0), self.group, said.id)
            said.deleted = True

    def read(self, who: int, seq: int) -> None:
        reader = self.readers[who]
        if reader.present:
            self.host.do(reads.mark_read, self.identity(who), self.group, seq=seq)
            reader.read = max(reader.read, min(seq, len(self.said)))

    def mute(self, who: int, flag: bool) -> None:
        self._set(who, muted=flag)

    def archive(self, who: int, flag: bool) -> None:
        self._set(who, archived=flag)

    def leave(self, who: int) -> None:
        if self.readers[who].present:
            self.host.remove(self.people[who], self.group, self.people[who])
            self.readers[who].present = False

    def join(self, who: int) -> None:
        if not self.readers[who].present:
            self.host.add(self.people[0], self.group, self.people[who])
            reader = self.readers[who]
            reader.present, reader.read, reader.archived = True, len(self.said), False

    def rename(self, number: int) -> None:
        self.host.do(
            conversations.rename_group, self.identity(0), self.group, title=f"Title {number}"
        )

    def unread(self, who: int) -> int:
        return sum(
            1
            for seq, said in enumerate(self.said, start=1)
            if seq > self.readers[who].read
            and said.author != who
            and not (said.deleted or said.purged)
        )

    def total(self, who: int) -> int:
        reader = self.readers[who]
        counts = reader.present and not reader.muted and not reader.archived
        return self.unread(who) if counts else 0

    def _pick(self, place: int) -> Said | None:
        there = [said for said in self.said if not said.purged]
        return there[place % len(there)] if there else None

    def _set(self, who: int, **flags: bool) -> None:
        reader = self.readers[who]
        if reader.present:
            self.host.do(conversations.set_own, self.identity(who), self.group, **flags)
            for name, flag in flags.items():
                setattr(reader, name, flag)


# Unread


def test_a_group_that_was_archived_before_its_first_message_is_still_there(host):
    ana, ben = host.people("Ana", "Ben")
    group = host.group(ana, ben)
    host.do(conversations.set_own, ana.identity, group, archived=True)
    answer = host.do(sync.synchronise, ana.identity, known={})
    assert [shown["id"] for shown in answer["conversations"]] == [str(group)]


@few
@given(steps=any_steps)
def test_unread_is_exact_after_any_sequence_of_verbs(host, steps):
    world = World.new(host)
    for step in steps:
        world.take(step)
    for who, person in enumerate(world.people):
        answer = host.do(sync.synchronise, person.identity, known={})
        total = world.total(who)
        assert answer["totals"] == {"unread": total, "conversations": int(total > 0)}
        own = [head["unread"] for head in answer["conversations"]]
        assert own == ([world.unread(who)] if world.readers[who].present else [])


def test_unread_stops_counting_at_a_hundred(host):
    ana, ben = host.people("Ana", "Ben")
    group = host.group(ana, ben)
    for _ in range(103):
        host.post(ben, group)
    assert host.talk.unread(host_user(host, ana)) == 100


def test_a_message_of_the_system_is_unread_for_everybody(host):
    ana, ben = host.people("Ana", "Ben")
    group = host.group(ana, ben)
    host.post(None, group)
    assert [host.talk.unread(host_user(host, person)) for person in (ana, ben)] == [1, 1]


def host_user(host, person):
    with host.app.app_context():
        user = host.user(person)
        host.db.session.expunge(user)
        return user


# Changes


@dataclass
class Replica:
    """What a client holds: it applies frames and knows nothing else."""

    messages: dict
    members: dict
    title: str | None
    last: int

    @classmethod
    def load(cls, world: World) -> Replica:
        ana = world.identity(0)
        page = world.host.do(history.read_history, ana, world.group, limit=200)
        head = world.host.do(conversations.get_conversation, ana, world.group)
        listed = world.host.do(members.list_members, ana, world.group)["members"]
        return cls(
            {message["id"]: message for message in page["messages"]},
            {member["id"]: shared(member) for member in listed},
            head["title"],
            head["last_change"],
        )

    def catch_up(self, world: World) -> Replica:
        after, more = self.last, True
        while more:
            answer = world.host.do(
                sync.list_changes, world.identity(0), world.group, after=after, limit=10
            )
            for frame in answer["changes"]:
                self.apply(frame)
                after = frame["change"]
            more = answer["more"]
        self.last = max(after, answer["head"])
        return self

    def apply(self, frame: dict) -> None:
        noun = frame["type"].split(".")[0]
        if noun == "message":
            self.messages[frame["data"]["id"]] = frame["data"]
        elif noun == "conversation":
            self.title = frame["data"]["title"]
        else:
            for member in frame["data"]["members"]:
                if member["left"]:
                    self.members.pop(member["id"], None)
                else:
                    self.members[member["id"]] = shared(member)


def shared(member: dict) -> dict:
    return {name: member[name] for name in ("id", "name", "owner", "since_seq", "left")}


@few
@given(steps=steps)
def test_changes_from_any_earlier_point_lead_to_what_a_fresh_load_shows(host, steps):
    world = World.new(host)
    earlier = [Replica.load(world)]
    for place, step in enumerate(steps):
        world.take(step)
        if place % 4 == 0:
            earlier.append(Replica.load(world))
    fresh = Replica.load(world)
    for replica in earlier:
        assert replica.catch_up(world) == fresh


@few
@given(steps=steps)
def test_frames_are_numbered_without_a_gap_and_lead_to_a_fresh_load(host, steps):
    world = World.new(host)
    replica = Replica.load(world)
    with host.talk.events() as events:
        for step in steps:
            world.take(step)
    ana = world.people[0].id
    frames = [json.loads(entry.frame) for entry in events if ana in entry.audience.people]
    durable = [frame for frame in frames if "change" in frame]
    first = replica.last + 1
    assert [frame["change"] for frame in durable] == list(range(first, first + len(durable)))
    for frame in durable:
        replica.apply(frame)
        replica.last = frame["change"]
    assert replica == Replica.load(world)


def test_a_change_that_touched_many_comes_whole_or_on_the_next_page(host):
    people = host.people(*(f"Person {number}" for number in range(30)))
    group = host.group(people[0])
    for _ in range(9):
        host.post(people[0], group)
    host.add(people[0], group, *people[1:])
    pages, after, more = [], 1, True
    while more:
        answer = host.do(sync.list_changes, people[0].identity, group, after=after, limit=10)
        pages.append([frame["change"] for frame in answer["changes"]])
        after, more = answer["changes"][-1]["change"], answer["more"]
    assert functools.reduce(operator.iadd, pages, []) == list(range(2, 12))


# Sync


@pytest.fixture
def many(host):
    ana, ben = host.people("Ana", "Ben")
    groups = [host.group(ana, ben, title=f"Group {number}") for number in range(7)]
    return host, ana, ben, groups


def known_of(answer) -> dict:
    return {
        int(head["id"]): [head["last_change"], head["version"]] for head in answer["conversations"]
    }


def test_what_is_known_is_not_sent_again(many):
    host, ana, _, _ = many
    first = host.do(sync.synchronise, ana.identity, known={})
    again = host.do(sync.synchronise, ana.identity, known=known_of(first))
    assert again["conversations"] == []


def test_only_what_moved_is_sent(many):
    host, ana, ben, groups = many
    known = known_of(host.do(sync.synchronise, ana.identity, known={}))
    host.post(ben, groups[3])
    moved = host.do(sync.synchronise, ana.identity, known=known)
    assert [head["id"] for head in moved["conversations"]] == [str(groups[3])]


def test_another_device_of_the_same_person_sees_their_own_state_move(many):
    host, ana, _ben, groups = many
    known = known_of(host.do(sync.synchronise, ana.identity, known={}))
    host.do(conversations.set_own, ana.identity, groups[2], pinned=True)
    moved = host.do(sync.synchronise, ana.identity, known=known)
    assert [head["id"] for head in moved["conversations"]] == [str(groups[2])]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_of_conversations_have_each_once_the_newest_first(many, limit):
    host, ana, ben, groups = many
    for group in (groups[4], groups[1]):
        host.post(ben, group)
    found, cursor = [], None
    while True:
        page = host.do(sync.synchronise, ana.identity, known={}, limit=limit, after=cursor)
        found += [int(head["id"]) for head in page["conversations"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found[:2] == [groups[1], groups[4]]
    assert sorted(found) == groups


def test_what_is_no_longer_there_is_named_as_gone(many):
    host, ana, ben, groups = many
    known = known_of(host.do(sync.synchronise, ben.identity, known={}))
    host.remove(ana, groups[5], ben)
    answer = host.do(sync.synchronise, ben.identity, known={**known, 999_999: [1, 1]})
    assert answer["gone"] == [str(groups[5]), "999999"]


def test_a_conversation_nobody_has_written_in_is_not_shown_to_the_other(host):
    ana, ben = host.people("Ana", "Ben")
    host.direct(ana, ben)
    assert host.do(sync.synchronise, ben.identity, known={})["conversations"] == []


def test_its_first_message_shows_it(host):
    ana, ben = host.people("Ana", "Ben")
    host.post(ana, host.direct(ana, ben))
    assert len(host.do(sync.synchronise, ben.identity, known={})["conversations"]) == 1


def test_synchronising_costs_the_same_number_of_statements_however_much(many):
    host, ana, _ben, _groups = many

    def cost(limit: int) -> int:
        with host.statements() as statements:
            host.do(sync.synchronise, ana.identity, known={}, limit=limit)
        return len(statements)

    assert cost(2) == cost(5)


# History


@few
@given(limit=some.integers(1, 12), place=some.integers(0, 30))
def test_pages_of_history_join_without_a_gap_or_a_double(host, limit, place):
    if not hasattr(host, "full"):
        ana = host.person("Ana")
        host.full = ana, host.group(ana)
        for _ in range(23):
            host.post(ana, host.full[1])
    ana, group = host.full

    def page(**where):
        answer = host.do(history.read_history, ana.identity, group, limit=limit, **where)
        return [message["seq"] for message in answer["messages"]], answer["more"]

    found, more = page(before=place)
    while more:
        earlier, more = page(before=found[0])
        found = earlier + found
    later, more = page(after=max(0, place - 1))
    found += later
    while more:
        later, more = page(after=found[-1])
        found += later
    assert found == list(range(1, 24))
    around, _ = page(around=place)
    assert around == list(range(around[0], around[0] + len(around))) if around else True
    assert (place in around) == (1 <= place <= 23)


def test_the_head_of_a_page_is_read_before_its_rows(host):
    ana = host.person("Ana")
    group = host.group(ana)
    host.post(ana, group)
    assert host.do(history.read_history, ana.identity, group)["head"] == 2


def test_who_has_left_has_no_changes_to_ask_for(host):
    ana, ben = host.people("Ana", "Ben")
    group = host.group(ana, ben)
    host.remove(ana, group, ben)
    with pytest.raises(NotFound):
        host.do(sync.list_changes, ben.identity, group, after=0, limit=10)
