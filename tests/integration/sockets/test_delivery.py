"""Who is told of what: everybody concerned, on every socket, the same, and nobody else."""

import pytest

from tests.support.clients import new_client_id


@pytest.fixture
def talk(ana, ben):
    return ana.group("Delivery", ben)


@pytest.mark.parametrize("door", ["socket", "rest"])
def test_a_message_reaches_all_sockets_of_all_members_alike(ana, ben, talk, door):
    sender, *others = [ana.socket(), ana.another().socket(), ben.socket(), ben.socket()]
    sent = (
        sender.post(talk, "Hello")["data"]["message"]
        if door == "socket"
        else ana.post(talk, "Hello")
    )
    expected = {"type": "message.posted", "conversation": talk, "change": 2, "data": sent}
    for socket in (sender, *others):
        socket.expect("message.posted")
        socket.fence()
        assert socket.events == [expected]


def test_the_event_carries_the_mark_of_its_sender_to_all(ana, ben, talk):
    mark = new_client_id()
    listening = ben.socket()
    ana.socket().post(talk, "Marked", mark)
    assert listening.expect("message.posted")["data"]["client_id"] == mark


@pytest.mark.raw_frames("counts what has come by now")
def test_repeating_a_post_is_no_second_event(ana, ben, talk):
    listening, socket, mark = ben.socket(), ana.socket(), new_client_id()
    for _ in range(3):
        socket.post(talk, "Once", mark)
    listening.fence()
    assert len(listening.events) == 1


@pytest.mark.raw_frames("a list of changes has the last of two")
def test_an_edit_and_a_deletion_reach_the_members(ana, ben, talk):
    message, listening, socket = ana.post(talk, "Helo"), ben.socket(), ana.socket()
    socket.ask("message.edit", conversation=talk, message=message["id"], body="Hello")
    socket.ask("message.delete", conversation=talk, message=message["id"])
    assert listening.expect("message.edited", change=3)["data"]["body"] == "Hello"
    assert listening.expect("message.deleted", change=4)["data"]["body"] == ""


def test_what_changes_nothing_is_no_event(ana, ben, talk):
    message, listening, socket = ana.post(talk, "Same"), ben.socket(), ana.socket()
    socket.ask("message.edit", conversation=talk, message=message["id"], body="Same")
    ana.api("PATCH", f"/conversations/{talk}", title="Delivery")
    ana.api("POST", f"/conversations/{talk}/members", users=[ben.id])
    listening.fence()
    assert listening.events == []


def test_nobody_outside_is_ever_told(ana, ben, cleo):
    outside, inside = cleo.socket(), ben.socket()
    talk = ana.group("Closed", ben)
    message = ana.post(talk, "For us")
    ana.socket().ask("message.edit", conversation=talk, message=message["id"], body="Us")
    ana.api("PATCH", f"/conversations/{talk}", title="Closer")
    ben.api("PUT", f"/conversations/{talk}/read", seq=1)
    ana.socket().tell("typing", conversation=talk)
    ana.api("PATCH", f"/conversations/{talk}/members/{ben.id}", role="owner")
    ana.api("DELETE", f"/conversations/{talk}")
    inside.expect("member.left")
    outside.fence()
    assert [frame["type"] for frame in outside.frames] == ["hello", "error"]


def test_a_new_conversation_reaches_its_members(ana, ben):
    listening, own = ben.socket(), ana.socket()
    talk = ana.group("Brand new", ben)
    created = listening.expect("conversation.created", conversation=talk)
    assert created["data"]["title"] == "Brand new"
    assert {member["id"] for member in created["data"]["members"]} == {ana.id, ben.id}
    assert own.expect("conversation.created", conversation=talk) == created


def test_a_direct_conversation_is_unseen_until_somebody_writes(school, visitors, ana):
    other = visitors(school, "t011")
    listening = other.socket()
    talk = ana.direct(other)
    listening.fence()
    assert listening.events == []
    ana.post(talk, "Hello")
    assert listening.expect("message.posted", conversation=talk)["data"]["body"] == "Hello"
    assert listening.expect("conversation.self", conversation=talk)["data"]["unread"] == 1


@pytest.mark.raw_frames("a newcomer who missed it loads the conversation whole")
def test_a_newcomer_is_told_that_they_joined_and_all_that_follows(ana, ben, cleo, talk):
    ana.post(talk, "Before")
    newcomer, old = cleo.socket(), ben.socket()
    ana.api("POST", f"/conversations/{talk}/members", users=[cleo.id])
    ana.post(talk, "After")
    newcomer.expect("message.posted")
    old.expect("message.posted")
    assert newcomer.events == old.events
    joined, posted = newcomer.events
    assert (joined["type"], joined["change"], joined["data"]["by"]) == ("member.added", 3, ana.id)
    assert [member["id"] for member in joined["data"]["members"]] == [cleo.id]
    assert (posted["change"], posted["data"]["body"]) == (4, "After")


def test_somebody_removed_is_told_once_and_then_nothing(ana, ben, cleo):
    talk = ana.group("Leaving", ben, cleo)
    removed, left = ben.socket(), cleo.socket()
    assert ana.api("DELETE", f"/conversations/{talk}/members/{ben.id}").status == 200
    for number in range(5):
        ana.post(talk, f"Without you {number}")
    ana.api("PATCH", f"/conversations/{talk}", title="Without Ben")
    left.expect("conversation.changed")
    removed.fence()
    heard = [event for event in removed.events if event["conversation"] == talk]
    assert [(f["type"], f["data"]["members"][0]["left"]) for f in heard] == [("member.left", True)]
    assert ben.api("GET", f"/conversations/{talk}/messages").status == 404
    assert ben.api("POST", "/sync", known={talk: [3, 1]}).json["gone"] == [talk]


@pytest.mark.raw_frames("who missed it is told that it is gone")
def test_somebody_who_leaves_is_told_so_on_all_their_sockets(ana, ben, talk):
    sockets = [ben.socket(), ben.socket()]
    ben.api("DELETE", f"/conversations/{talk}")
    for socket in sockets:
        assert socket.expect("member.left", conversation=talk)["data"]["by"] == ben.id


@pytest.mark.raw_frames("a list of changes has members as they are")
def test_when_the_owner_leaves_the_heir_is_told_next(ana, ben, talk):
    listening = ben.socket()
    ana.api("DELETE", f"/conversations/{talk}")
    heir = listening.expect("member.changed", change=3)["data"]["members"]
    assert [(member["id"], member["owner"]) for member in heir] == [(ben.id, True)]
    assert [event["type"] for event in listening.events] == ["member.left", "member.changed"]


def test_an_appointment_reaches_the_members(ana, ben, talk):
    listening = ben.socket()
    ana.api("PATCH", f"/conversations/{talk}/members/{ben.id}", role="owner")
    changed = listening.expect("member.changed", conversation=talk)
    assert [(m["id"], m["owner"]) for m in changed["data"]["members"]] == [(ben.id, True)]


def test_a_new_title_reaches_the_members(ana, ben, talk):
    listening = ben.socket()
    ana.api("PATCH", f"/conversations/{talk}", title="Another name")
    assert listening.expect("conversation.changed")["data"]["title"] == "Another name"


@pytest.mark.parametrize("flag", ["muted", "archived", "pinned"])
def test_ones_own_settings_reach_ones_own_sockets_only(ana, ben, talk, flag):
    own, others = [ben.socket(), ben.socket()], ana.socket()
    ben.api("PATCH", f"/conversations/{talk}", **{flag: True})
    for socket in own:
        assert socket.expect("conversation.self", conversation=talk)["data"][flag] is True
    others.fence()
    assert others.events == []


@pytest.mark.raw_frames("counts what has come by now")
def test_reading_reaches_ones_other_sockets_and_the_others_see_the_mark(ana, ben, talk):
    ana.post(talk, "One")
    reader, tab, sender = ben.socket(), ben.socket(), ana.socket()
    reader.ask("conversation.read", conversation=talk, seq=1)
    state = tab.expect("conversation.self", conversation=talk)["data"]
    assert (state["read_seq"], state["unread"], state["counted_to"]) == (1, 0, 1)
    sender.fence()
    assert sender.events == [
        {"type": "read.updated", "conversation": talk, "data": {"user": ben.id, "seq": 1}}
    ]


def test_reading_again_is_no_event(ana, ben, talk):
    ana.post(talk, "One")
    ben.api("PUT", f"/conversations/{talk}/read", seq=1)
    sender, tab = ana.socket(), ben.socket()
    ben.api("PUT", f"/conversations/{talk}/read", seq=1)
    sender.fence()
    tab.fence()
    assert sender.events == tab.events == []


def test_a_message_brings_an_archived_conversation_back(ana, ben, talk):
    ben.api("PATCH", f"/conversations/{talk}", archived=True)
    listening = ben.socket()
    ana.post(talk, "News")
    listening.expect("message.posted")
    assert listening.expect("conversation.self")["data"]["archived"] is False


@pytest.mark.raw_frames("typing may be dropped")
def test_typing_reaches_the_others_and_not_oneself(ana, ben, cleo, talk):
    typing, tab, other, outside = ana.socket(), ana.socket(), ben.socket(), cleo.socket()
    typing.tell("typing", conversation=talk)
    assert other.expect("typing", conversation=talk)["data"] == {"user": ana.id}
    for socket in (typing, tab, outside):
        socket.fence()
        assert [frame["type"] for frame in socket.frames] == ["hello", "error"]


def presence(socket):
    return [frame["data"]["people"] for frame in socket.frames if frame["type"] == "presence"]


@pytest.mark.raw_frames("presence may be dropped")
def test_presence_is_told_to_those_who_watch_as_it_changes(school, visitors, ana, cleo):
    coming, watching, careless = visitors(school, "t012"), ana.socket(), cleo.socket()
    watching.tell("presence.watch", people=[coming.id])
    assert watching.expect("presence")["data"]["people"] == {coming.id: "offline"}
    socket = coming.socket()
    assert watching.expect("presence")["data"]["people"] == {coming.id: "online"}
    socket.hang_up()
    assert watching.expect("presence")["data"]["people"] == {coming.id: "offline"}
    careless.fence()
    assert presence(careless) == []


def test_coming_back_within_the_grace_is_no_absence(school, visitors, ana):
    coming, watching = visitors(school, "t013"), ana.socket()
    going = coming.socket()
    watching.tell("presence.watch", people=[coming.id])
    assert watching.expect("presence")["data"]["people"] == {coming.id: "online"}
    staying = coming.socket()
    going.hang_up()
    staying.fence()
    watching.tell("presence.watch", people=[coming.id])
    watching.expect("presence")
    watching.fence()
    assert presence(watching) == [{coming.id: "online"}] * 2


def test_the_last_list_of_watched_people_is_the_one_that_holds(school, visitors, ana, cleo):
    coming, watching = visitors(school, "t014"), ana.socket()
    watching.tell("presence.watch", people=[coming.id])
    watching.tell("presence.watch", people=[cleo.id])
    watching.expect("presence")
    watching.expect("presence")
    coming.socket()
    watching.fence()
    assert not [people for people in presence(watching)[2:] if coming.id in people]


def test_what_is_refused_is_no_event(ana, ben, cleo, talk):
    listening = [ana.socket(), ben.socket()]
    cleo.socket().post(talk, "Let me in")
    ben.api("PATCH", f"/conversations/{talk}", title="Mine")
    ben.api("DELETE", f"/conversations/{talk}/members/{ana.id}")
    ana.api("POST", f"/conversations/{talk}/members", users=["999999"])
    for socket in listening:
        socket.fence()
        assert socket.events == []


def test_twenty_writers_at_once_are_heard_by_all_in_one_order_without_a_gap(ana, ben, cleo):
    talk = ana.group("Busy", ben, cleo)
    sockets = [person.socket() for person in (ana, ben, cleo) for _ in range(3)]
    refs = [
        (s, s.begin("message.post", conversation=talk, body=f"{n}", client_id=new_client_id()))
        for n in range(10)
        for s in sockets
    ]
    for socket, ref in refs:
        assert socket.answer(ref, within=20)["type"] == "reply"
    for socket in sockets:
        socket.fence()
        posted = [frame["data"]["seq"] for frame in socket.events]
        assert sorted(posted) == list(range(1, 91))
        assert posted == sorted(posted)


def test_what_is_announced_can_be_read_at_once(ana, ben, talk):
    """Announced before its commit, it would be missing for whoever looks at once."""
    sender, listening = ana.socket(), ben.socket()
    for number in range(20):
        sender.begin("message.post", conversation=talk, body=f"{number}", client_id=new_client_id())
        told = listening.expect("message.posted")["data"]
        page = ben.api("GET", f"/conversations/{talk}/messages?limit=1").json
        assert page["messages"] == [told]
