"""Every command, from everybody who may not give it: nothing is changed, nothing is given away."""

import pytest

from tests.support.clients import new_client_id

KINDS = [
    "message.post", "message.edit", "message.delete", "held.cancel", "held.send",
    "conversation.read", "typing",
]  # fmt: skip


def data(talk, message):
    return {
        "conversation": talk, "message": message["id"], "body": "Not mine", "seq": 1,
        "held": "1",
        "client_id": new_client_id(),
    }  # fmt: skip


@pytest.fixture
def talk(ana, ben):
    return ana.group("Private", ben)


@pytest.fixture
def message(ana, talk):
    return ana.post(talk, "For us")


def unchanged(ana, talk, message):
    return ana.history(talk) == [message] and [
        member["read_seq"]
        for member in ana.api("GET", f"/conversations/{talk}/members").json["members"]
    ] == [0, 0]


def refused(socket, kind, values):
    """What the command was answered; ``None`` where nothing is."""
    if kind == "typing":
        socket.tell(kind, **values)
        socket.fence()
        return None
    return socket.ask(kind, **values)


def expected(kind):
    return None if kind == "typing" else "not_found"


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_is_told_that_there_is_no_such_thing(ana, cleo, talk, message, kind):
    watching = ana.socket()
    answer = refused(cleo.socket(), kind, data(talk, message))
    assert (answer and answer["code"]) == expected(kind)
    watching.fence()
    assert [f["type"] for f in watching.frames] == ["hello", "error"]
    assert unchanged(ana, talk, message)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_stranger_hears_is_what_they_hear_of_what_does_not_exist(cleo, talk, message, kind):
    socket = cleo.socket()
    real = refused(socket, kind, data(talk, message))
    unknown = refused(socket, kind, {**data(talk, message), "conversation": "987654321"})
    if real:
        real.pop("ref")
        unknown.pop("ref")
    assert real == unknown


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_removed_while_connected_can_do_nothing_more(ana, ben, talk, message, kind):
    socket, watching = ben.socket(), ana.socket()
    assert ana.api("DELETE", f"/conversations/{talk}/members/{ben.id}").status == 200
    watching.expect("member.left", conversation=talk)
    answer = refused(socket, kind, data(talk, message))
    assert (answer and answer["code"]) == expected(kind)
    watching.fence()
    assert [f["type"] for f in watching.frames] == ["hello", "member.left", "error"]
    assert ana.history(talk) == [message]


@pytest.mark.parametrize("kind", ["message.edit", "message.delete"])
def test_a_message_is_found_in_its_own_conversation_only(ana, ben, cleo, talk, message, kind):
    elsewhere = ana.group("Elsewhere", cleo)
    answer = ana.socket().ask(kind, **{**data(talk, message), "conversation": elsewhere})
    assert answer["code"] == "not_found"
    assert unchanged(ana, talk, message)


def test_a_message_of_another_conversation_cannot_be_replied_to(ana, cleo, talk, message):
    elsewhere = ana.group("Elsewhere", cleo)
    answer = ana.socket().ask(
        "message.post",
        conversation=elsewhere, body="About that", client_id=new_client_id(),
        reply_to=message["id"],
    )  # fmt: skip
    assert answer["code"] == "invalid"
    assert ana.history(elsewhere) == []


@pytest.mark.parametrize(
    ("kind", "code"), [("message.edit", "forbidden"), ("message.delete", "forbidden")]
)
def test_a_member_cannot_change_what_another_wrote(ana, ben, talk, message, kind, code):
    assert ben.socket().ask(kind, **data(talk, message))["code"] == code
    assert unchanged(ana, talk, message)


def test_a_tombstone_cannot_be_written_on(ana, talk, message):
    socket = ana.socket()
    socket.ask("message.delete", conversation=talk, message=message["id"])
    answer = socket.ask("message.edit", **data(talk, message))
    assert answer["code"] == "forbidden"
    assert ana.history(talk)[0]["deleted"]


def test_another_persons_mark_finds_nothing_of_theirs(ana, ben, talk):
    mark = new_client_id()
    ana.socket().post(talk, "From Ana", mark)
    answer = ben.socket().post(talk, "From Ana", mark)
    assert answer["data"]["message"]["author"]["id"] == ben.id
    assert len(ana.history(talk)) == 2


def test_a_stranger_watches_nobody_they_may_not_see(school, visitors, ana):
    """A guardian without a child here knows the office alone."""
    ((newcomer,),) = school.query(
        "SELECT username FROM users WHERE lower(role) = 'guardian' "
        "AND id NOT IN (SELECT guardian_id FROM guardianships) LIMIT 1"
    )
    ana.socket()
    socket = visitors(school, newcomer).socket()
    socket.tell("presence.watch", people=[ana.id, "999999", "not a key"])
    assert socket.expect("presence")["data"]["people"] == {}
