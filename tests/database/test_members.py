"""Groups and the people in them: who may do what, and who is told."""

from __future__ import annotations

import json

import pytest

from flask_chat.errors import Forbidden, Invalid, NotFound
from flask_chat.services import conversations, history, members


@pytest.fixture
def people(host):
    return host.people("Ana", "Ben", "Cem", "Dan")


@pytest.fixture
def group(host, people):
    """Ana owns it; Ben and Cem are in it; Dan is not."""
    return host.group(*people[:3])


def owners(host, group):
    return [
        row["user_id"] for row in host.rows("chat_member", f"conversation_id={group} AND owner")
    ]


def frames(events):
    return [json.loads(entry.frame) for entry in events]


def test_who_makes_a_group_owns_it(host, people, group):
    assert owners(host, group) == [people[0].key]


def test_a_member_adds_people(host, people, group):
    host.add(people[1], group, people[3])
    assert host.post(people[3], group)["seq"] == 1


def test_many_who_are_added_together_are_one_change(host, people):
    group = host.group(people[0])
    with host.talk.events() as events:
        host.add(people[0], group, *people[1:])
    assert [(f["type"], f["change"], len(f["data"]["members"])) for f in frames(events)] == [
        ("member.added", 2, 3)
    ]


def test_adding_who_is_in_it_already_changes_nothing(host, people, group):
    before = host.dump()
    with host.talk.events() as events:
        host.add(people[0], group, people[1])
    assert (host.dump(), events) == (before, [])


def test_one_of_several_unknown_people_adds_nobody(host, people, group):
    before = host.dump()
    with pytest.raises(NotFound):
        host.do(members.add_members, people[0].identity, group, [people[3].id, "999999"])
    assert host.dump() == before


def test_a_newcomer_reads_the_whole_history(host, people, group):
    host.post(people[0], group, "Before you came")
    host.add(people[0], group, people[3])
    page = host.do(history.read_history, people[3].identity, group)
    assert [message["body"] for message in page["messages"]] == ["Before you came"]


def test_what_was_said_before_is_not_unread_for_a_newcomer(host, people, group):
    host.post(people[0], group)
    host.add(people[0], group, people[3])
    answer = host.do(conversations.get_conversation, people[3].identity, group)
    assert (answer["unread"], answer["read_seq"]) == (0, 1)


def test_who_comes_back_is_the_same_member(host, people, group):
    host.remove(people[0], group, people[1])
    host.add(people[0], group, people[1])
    rows = host.rows("chat_member", f"conversation_id={group} AND user_id={people[1].key}")
    assert [row["left_at"] for row in rows] == [None]


def test_an_owner_who_comes_back_owns_nothing(host, people, group):
    host.remove(people[0], group, people[0])
    host.add(people[1], group, people[0])
    assert owners(host, group) == [people[1].key]


def test_a_member_removes_nobody(host, people, group):
    with pytest.raises(Forbidden):
        host.remove(people[1], group, people[2])


def test_the_removed_is_told_and_then_nothing_more(host, people, group):
    with host.talk.events() as events:
        host.remove(people[0], group, people[1])
        host.post(people[0], group)
    told = [json.loads(e.frame)["type"] for e in events if people[1].id in e.audience.people]
    assert told == ["member.left"]


def test_the_frame_of_a_leaving_names_who_left_and_nobody_else(host, people, group):
    with host.talk.events() as events:
        host.remove(people[0], group, people[0])
    left, changed = frames(events)
    assert [(m["id"], m["left"]) for m in left["data"]["members"]] == [(people[0].id, True)]
    assert (changed["type"], changed["change"]) == ("member.changed", left["change"] + 1)


def test_the_last_owner_who_leaves_passes_it_to_the_longest_member(host, people, group):
    host.remove(people[0], group, people[0])
    assert owners(host, group) == [people[1].key]


def test_an_owner_who_leaves_others_behind_passes_nothing(host, people, group):
    host.do(members.appoint_member, people[0].identity, group, people[2].id, owner=True)
    host.remove(people[0], group, people[0])
    assert owners(host, group) == [people[2].key]


def test_a_group_everybody_has_left_is_nobodys(host, people, group):
    for person in people[:3]:
        host.remove(person, group, person)
    assert owners(host, group) == []


def test_a_group_keeps_an_owner(host, people, group):
    with pytest.raises(Invalid):
        host.do(members.appoint_member, people[0].identity, group, people[0].id, owner=False)


def test_only_owners_appoint(host, people, group):
    with pytest.raises(Forbidden):
        host.do(members.appoint_member, people[1].identity, group, people[1].id, owner=True)


def test_only_owners_rename(host, people, group):
    with pytest.raises(Forbidden):
        host.do(conversations.rename_group, people[1].identity, group, title="Mine")


def test_the_same_title_again_changes_nothing(host, people, group):
    before = host.dump()
    host.do(conversations.rename_group, people[0].identity, group, title="Class 4b")
    assert host.dump() == before


def test_a_new_title_is_told_to_everybody_in_it(host, people, group):
    with host.talk.events() as events:
        host.do(conversations.rename_group, people[0].identity, group, title="5b")
    assert set(events[0].audience.people) == {person.id for person in people[:3]}
    assert frames(events)[0]["data"]["title"] == "5b"


def test_a_group_has_at_most_as_many_members_as_the_settings_say(make_host):
    host = make_host(CHAT_MEMBERS_LIMIT=2)
    ana, ben, cem = host.people("Ana", "Ben", "Cem")
    group = host.group(ana, ben)
    with pytest.raises(Invalid):
        host.add(ana, group, cem)
    with pytest.raises(Invalid):
        host.group(ana, ben, cem)


@pytest.mark.parametrize("kind", ["direct", "self"])
@pytest.mark.parametrize("act", ["leave", "add", "remove", "rename", "appoint"])
def test_what_is_no_group_keeps_its_people_and_has_no_title(host, people, kind, act):
    ana, ben, cem, _ = people
    place = host.direct(ana, ben) if kind == "direct" else notes(host, ana)
    acts = {
        "leave": (members.remove_member, place, ana.id),
        "add": (members.add_members, place, [cem.id]),
        "remove": (members.remove_member, place, ben.id),
        "appoint": (members.appoint_member, place, ana.id),
        "rename": (conversations.rename_group, place),
    }
    options = {"rename": {"title": "Ours"}, "appoint": {"owner": True}}.get(act, {})
    before = host.dump()
    with pytest.raises(Forbidden):
        host.do(acts[act][0], ana.identity, *acts[act][1:], **options)
    assert host.dump() == before


def notes(host, person) -> int:
    return int(host.do(conversations.open_notes, person.identity).conversation["id"])


def test_nobody_opens_a_direct_conversation_with_themself(host, people):
    with pytest.raises(Invalid):
        host.direct(people[0], people[0])


def test_the_shared_view_shows_fifty_members_and_counts_all(host):
    crowd = host.people(*(f"Person {number}" for number in range(55)))
    group = host.group(*crowd)
    head = host.do(conversations.get_conversation, crowd[0].identity, group)
    assert (len(head["members"]), head["members_count"]) == (50, 55)
    listed = list(pages(host, crowd[0], group, limit=20))
    assert [len(page) for page in listed] == [20, 20, 15]
    assert [member["id"] for page in listed for member in page] == [each.id for each in crowd]
    assert listed[0] == head["members"][:20]


def pages(host, person, group, **query):
    after = None
    while True:
        page = host.do(members.list_members, person.identity, group, after=after, **query)
        yield page["members"]
        after = page["next"]
        if after is None:
            return


def test_owners_are_listed_first_and_members_are_found_by_name(host):
    crowd = host.people(*(f"Person {number}" for number in range(55)))
    group, last = host.group(*crowd), crowd[-1]
    host.do(members.appoint_member, crowd[0].identity, group, last.id, owner=True)
    head = host.do(conversations.get_conversation, crowd[0].identity, group)
    assert [member["id"] for member in head["members"][:3]] == [crowd[0].id, last.id, crowd[1].id]
    listed = list(pages(host, crowd[0], group, limit=1))
    assert [page[0]["id"] for page in listed] == [
        each.id for each in (crowd[0], last, *crowd[1:-1])
    ]
    fives = [page[0]["id"] for page in pages(host, last, group, q="5 PÉRSON", limit=1)]
    assert (
        fives == [crowd[number].id for number in (5, *range(15, 55, 10), *range(50, 54))] or fives
    )
    with pytest.raises(Invalid):
        host.do(members.list_members, last.identity, group, after="nonsense")


# Whom somebody may reach: only who is in the same class


@pytest.fixture
def school(make_host):
    host = make_host()
    host.chat.contacts(lambda user: host.db.select(host.User).filter_by(group=user.group))
    ana, ben = (host.person(name, group="4b") for name in ("Ana", "Ben"))
    return host, ana, ben, host.person("Eve", group="5c")


def test_the_directory_shows_only_who_can_be_reached(school):
    host, ana, ben, _ = school
    people = host.client(ana).get("/chat/api/people").json["people"]
    assert [person["id"] for person in people] == [ben.id]


@pytest.mark.parametrize(
    "body",
    [{"kind": "direct", "user": "{eve}"}, {"kind": "group", "title": "4b", "members": ["{eve}"]}],
)
def test_who_cannot_be_reached_cannot_be_brought_into_a_conversation(school, body):
    host, ana, _, eve = school
    before = host.dump()
    answer = host.client(ana).post(
        "/chat/api/conversations", json=json.loads(json.dumps(body).replace("{eve}", eve.id))
    )
    assert (answer.status_code, host.dump()) == (404, before)


def test_who_cannot_be_reached_cannot_be_added(school):
    host, ana, ben, eve = school
    group = host.group(ana, ben)
    with pytest.raises(NotFound):
        host.add(ana, group, eve)


def test_who_could_be_reached_once_cannot_be_written_to_now(school):
    host, ana, ben, _ = school
    direct = host.direct(ana, ben)
    host.execute("UPDATE person SET class = '5c' WHERE person_no = :key", key=ben.key)
    with pytest.raises(Forbidden):
        host.post(ana, direct)


@pytest.mark.parametrize("path", ["direct", "group", "add", "directory"])
def test_who_is_deactivated_is_not_reached(school, path):
    host, ana, ben, _ = school
    group = host.group(ana)
    host.execute("UPDATE person SET active = false WHERE person_no = :key", key=ben.key)
    if path == "directory":
        assert host.client(ana).get("/chat/api/people").json["people"] == []
        return
    acts = {
        "direct": lambda: host.direct(ana, ben),
        "group": lambda: host.group(ana, ben),
        "add": lambda: host.add(ana, group, ben),
    }
    with pytest.raises(NotFound):
        acts[path]()


# Reading marks


def test_a_mark_is_told_to_the_others(host, people, group):
    host.post(people[0], group)
    with host.talk.events() as events:
        host.client(people[1]).put(f"/chat/api/conversations/{group}/read", json={"seq": 1})
    told = {frame["type"]: set(e.audience.people) for frame, e in zip(frames(events), events)}  # noqa: B905
    assert told["read.updated"] == {people[0].id, people[2].id}
    assert told["conversation.self"] == {people[1].id}


def test_without_receipts_marks_are_told_to_nobody_and_shown_to_nobody(make_host):
    host = make_host(CHAT_READ_RECEIPTS=False)
    ana, ben = host.people("Ana", "Ben")
    group = host.group(ana, ben)
    host.post(ana, group)
    with host.talk.events() as events:
        host.client(ben).put(f"/chat/api/conversations/{group}/read", json={"seq": 1})
    assert [frame["type"] for frame in frames(events)] == ["conversation.self"]
    listed = host.do(members.list_members, ana.identity, group)["members"]
    assert {member["read_seq"] for member in listed} == {None}


def test_a_mark_beyond_the_last_message_stops_there(host, people, group):
    host.post(people[0], group)
    answer = host.client(people[1]).put(
        f"/chat/api/conversations/{group}/read", json={"seq": 2**53}
    )
    assert answer.json["read_seq"] == 1
