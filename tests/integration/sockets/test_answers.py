"""What a socket answers: each command exactly once, by its ref, whatever was wrong with it."""

import json

import pytest
from websocket import ABNF

from tests.support.clients import new_client_id


@pytest.fixture
def talk(ana, ben):
    return ana.group("Answers", ben)


@pytest.fixture
def socket(ana):
    return ana.socket()


def test_the_first_frame_is_a_greeting(ana):
    greeting = ana.knock().expect("hello")
    assert greeting["version"] == 1
    assert greeting["user"] == ana.id
    assert greeting["now"].endswith("Z")
    assert greeting["epoch"]
    assert greeting["heartbeat"] == 25


def test_a_post_is_answered_with_the_message(socket, talk, ana):
    message = socket.post(talk, "Good morning")["data"]["message"]
    assert message["body"] == "Good morning"
    assert message["conversation"] == talk
    assert message["author"]["id"] == ana.id
    assert (message["seq"], message["change"], message["deleted"]) == (1, 2, False)
    assert isinstance(message["id"], str)


def test_repeating_a_post_finds_the_same_message(socket, talk, ana):
    mark = new_client_id()
    first = socket.post(talk, "Once", mark)["data"]
    assert socket.post(talk, "Once", mark)["data"] == first
    assert [message["body"] for message in ana.history(talk)] == ["Once"]


def test_a_mark_used_for_other_words_is_a_conflict(socket, talk, ana):
    mark = new_client_id()
    socket.post(talk, "One thing", mark)
    assert socket.post(talk, "Another thing", mark)["code"] == "conflict"
    assert [message["body"] for message in ana.history(talk)] == ["One thing"]


def test_an_edit_is_answered_with_the_message(socket, talk):
    message = socket.post(talk, "Tusday")["data"]["message"]
    answer = socket.ask("message.edit", conversation=talk, message=message["id"], body="Tuesday")
    assert answer["data"]["message"]["body"] == "Tuesday"
    assert answer["data"]["message"]["edited_at"]


def test_a_deletion_is_answered_with_the_tombstone(socket, talk):
    message = socket.post(talk, "Never mind")["data"]["message"]
    answer = socket.ask("message.delete", conversation=talk, message=message["id"])
    assert (answer["data"]["message"]["deleted"], answer["data"]["message"]["body"]) == (True, "")


def test_reading_is_answered_with_ones_own_state(ana, ben, socket, talk):
    ben.post(talk, "One")
    ben.post(talk, "Two")
    answer = socket.ask("conversation.read", conversation=talk, seq=1)["data"]
    assert (answer["read_seq"], answer["unread"], answer["counted_to"]) == (1, 1, 2)


def test_a_read_mark_never_goes_back(ben, socket, talk):
    ben.post(talk, "One")
    socket.ask("conversation.read", conversation=talk, seq=1)
    assert socket.ask("conversation.read", conversation=talk, seq=0)["data"]["read_seq"] == 1


def test_a_read_mark_beyond_the_end_stops_at_the_end(ben, socket, talk):
    ben.post(talk, "One")
    assert socket.ask("conversation.read", conversation=talk, seq=9)["data"]["read_seq"] == 1


def test_each_of_many_commands_is_answered_once_and_in_order(socket, talk):
    refs = [
        socket.begin("message.post", conversation=talk, body=f"{n}", client_id=new_client_id())
        for n in range(20)
    ]
    for ref in refs:
        socket.answer(ref)
    socket.fence()
    answered = [frame["ref"] for frame in socket.frames if frame["type"] in ("reply", "error")]
    assert answered[:-1] == refs


def test_what_comes_at_once_is_answered_in_order_whatever_is_wrong_with_it(socket, talk):
    """Posts in one packet are sent together; what is between them, and what is wrong, is not."""
    frames = [
        {"type": "message.post", "data": {"conversation": talk, "body": body, "client_id": mark}}
        for body, mark in [
            ("One", "at-once-1"), ("Two", "at-once-2"), ("", "at-once-3"), ("Two", "at-once-2"),
            ("Other words", "at-once-1"), ("Three", "at-once-4"),
        ]
    ]  # fmt: skip
    read = {"type": "conversation.read", "data": {"conversation": talk, "seq": 3}}
    later = {"conversation": talk, "body": "Four", "client_id": "at-once-5"}
    frames += [read, {"type": "message.post", "data": later}]
    refs = [f"at-once-{number}" for number in range(len(frames))]
    socket.send_together({**frame, "ref": ref} for frame, ref in zip(frames, refs, strict=True))
    answers = [socket.answer(ref) for ref in refs]
    assert [answer.get("code") for answer in answers] == [
        None, None, "invalid", None, "conflict", None, None, None
    ]  # fmt: skip
    told = [answer["data"].get("message", {}).get("seq") for answer in answers if "data" in answer]
    assert told == [1, 2, 2, 3, None, 4]
    assert answers[6]["data"]["read_seq"] == 3
    socket.fence()
    answered = [frame["ref"] for frame in socket.frames if frame["type"] in ("reply", "error")]
    assert answered[:-1] == refs


def test_the_same_ref_twice_is_answered_twice(socket, talk):
    for _ in range(2):
        socket.send({"type": "message.delete", "ref": "same", "data": {}})
        assert socket.answer("same")["code"] == "invalid"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "malformed"),
        ("", "malformed"),
        ("[]", "malformed"),
        ('"hello"', "malformed"),
        ("null", "malformed"),
        ("[" * 5000, "malformed"),
        ("{}", "invalid"),
        ('{"type":7}', "invalid"),
        ('{"type":"message.post","ref":7,"data":{}}', "invalid"),
        ('{"type":"message.post","ref":"' + "r" * 65 + '","data":{}}', "invalid"),
        ('{"type":"no.such"}', "invalid"),
    ],
)
def test_a_frame_that_cannot_be_read_is_an_error_without_a_ref(socket, text, code):
    socket.send(text)
    error = socket.expect("error")
    assert error["code"] == code
    assert error["detail"]
    assert "ref" not in error
    socket.fence()


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "no.such.command", "ref": "w"},
        {"type": 7, "ref": "w"},
        {"ref": "w"},
        {"type": "message.post", "ref": "w", "data": []},
        {"type": "message.post", "ref": "w", "data": None},
        {"type": "message.post", "ref": "w", "data": "words"},
    ],
)
def test_what_is_wrong_with_a_frame_is_answered_by_its_ref(socket, frame):
    socket.send(frame)
    assert socket.answer("w")["code"] == "invalid"
    socket.fence()


@pytest.mark.parametrize(
    "kind", ["message.post", "message.edit", "message.delete", "conversation.read"]
)
def test_a_command_without_a_ref_is_refused_and_not_carried_out(ana, socket, talk, kind):
    message = ana.post(talk, "Untouched")
    socket.tell(
        kind,
        conversation=talk, message=message["id"], body="New", seq=1, client_id=new_client_id(),
    )  # fmt: skip
    assert "ref" not in socket.expect("error", code="malformed")
    assert ana.history(talk) == [message]


def test_unknown_fields_are_ignored(socket, talk):
    socket.send(
        {
            "type": "message.post", "ref": "u", "later": 1,
            "data": {"conversation": talk, "body": "x", "client_id": new_client_id(), "new": {}},
        }
    )  # fmt: skip
    assert socket.answer("u")["data"]["message"]["body"] == "x"


def test_a_frame_over_16_kib_is_too_large_and_says_whose(ana, socket, talk):
    ref = socket.begin("message.post", conversation=talk, body="x" * 17_000)
    assert socket.answer(ref)["code"] == "too_large"
    socket.fence()
    assert ana.history(talk) == []


def test_a_frame_of_16_kib_of_wide_characters_is_too_large(socket, talk):
    text = json.dumps(
        {"type": "message.post", "ref": "w", "data": {"conversation": talk, "body": "я" * 8200}},
        ensure_ascii=False,
    )
    assert len(text) < 16 * 1024 < len(text.encode())
    socket.send(text)
    assert socket.answer("w")["code"] == "too_large"


def test_a_frame_over_64_kib_ends_the_socket_with_1009(socket, talk):
    socket.begin("message.post", conversation=talk, body="x" * 66_000)
    assert socket.closed() == 1009


def test_a_binary_frame_ends_the_socket(socket):
    socket.send(b"\x00\x01", ABNF.OPCODE_BINARY)
    assert socket.closed() in (1003, 1008)


def test_text_that_is_not_utf_8_ends_the_socket_with_1007(socket):
    socket.send(b'{"type":"\xff"}', ABNF.OPCODE_TEXT)
    assert socket.closed() == 1007


def test_a_ping_is_answered(socket):
    socket.send("are you there", ABNF.OPCODE_PING)
    socket.fence()


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("message.post", {"body": 7}),
        ("message.post", {"body": ""}),
        ("message.post", {"body": "   "}),
        ("message.post", {"body": "a\0b"}),
        ("message.post", {"body": "\ud800"}),
        ("message.post", {"body": "x" * 4001}),
        ("message.post", {"client_id": None}),
        ("message.post", {"client_id": "short"}),
        ("message.post", {"client_id": "x" * 65}),
        ("message.post", {"client_id": ["list"]}),
        ("message.post", {"reply_to": 3}),
        ("message.post", {"reply_to": "999999"}),
        ("message.post", {"conversation": 3}),
        ("message.post", {"conversation": None}),
        ("message.post", {"conversation": "1 OR 1=1"}),
        ("message.edit", {"body": ["x"]}),
        ("message.edit", {"message": 7}),
        ("message.edit", {"message": "-1"}),
        ("message.delete", {"message": {"id": "1"}}),
        ("conversation.read", {"seq": "1"}),
        ("conversation.read", {"seq": -1}),
        ("conversation.read", {"seq": True}),
        ("conversation.read", {"seq": 1.5}),
        ("conversation.read", {"seq": 2**60}),
        ("conversation.read", {"conversation": ["1"]}),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_a_wrong_field_is_named_and_nothing_changes(ana, socket, talk, kind, wrong):
    message = ana.post(talk, "Untouched")
    right = {
        "conversation": talk, "message": message["id"], "body": "New", "seq": 1,
        "client_id": new_client_id(),
    }  # fmt: skip
    answer = socket.ask(kind, **{**right, **wrong})
    assert answer["code"] == "invalid"
    assert set(answer["fields"]) == set(wrong)
    assert ana.history(talk) == [message]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("typing", {}),
        ("typing", {"conversation": 7}),
        ("typing", {"conversation": "999999"}),
        ("presence.watch", {}),
        ("presence.watch", {"people": "17"}),
        ("presence.watch", {"people": [17]}),
        ("presence.watch", {"people": ["1"] * 201}),
    ],
)
def test_nobody_is_told_what_is_wrong_with_a_frame_that_wants_no_answer(socket, kind, data):
    socket.tell(kind, **data)
    socket.fence()
    assert [frame["type"] for frame in socket.frames] == ["hello", "error"]
