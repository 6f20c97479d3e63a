"""Every route against everybody and everything it must refuse.

One world for all: nothing here may change it, and that is what each case looks at. A route
without a line in ``CALLS`` fails the suite, so that nobody adds one and forgets who may not use it.
"""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from flask_chat import Hours
from flask_chat.services import inboxes, posting
from flask_chat.web.blueprint import ROUTES
from tests.support.hosts import Host, Person

ORIGIN = "http://localhost"
UNKNOWN = "999999"


@dataclass(frozen=True)
class Call:
    """A request that would succeed, and what in it may be replaced by something wrong."""

    body: dict[str, Any] | None = None
    query: str = ""
    wrong: dict[str, Any] = field(default_factory=dict)  # fields of the wrong type
    fit: str = "ana"  # who may do it
    open_to_strangers: bool = False  # whether it is about nobody's conversation


CALLS: dict[tuple[str, str], Call] = {
    ("GET", "/session"): Call(),
    ("POST", "/ticket"): Call(),
    ("GET", "/people"): Call(query="?limit=5", wrong={"limit": "many"}),
    ("POST", "/sync"): Call({"known": {}}, wrong={"known": [1]}),
    ("GET", "/sync"): Call(query="?totals=1", wrong={"totals": "2"}),
    ("POST", "/conversations"): Call(
        {"kind": "group", "title": "New", "members": []}, wrong={"members": "17"}
    ),
    ("GET", "/conversations/<conversation>"): Call(),
    ("PATCH", "/conversations/<conversation>"): Call({"muted": True}, wrong={"muted": "yes"}),
    ("DELETE", "/conversations/<conversation>"): Call(),
    ("GET", "/conversations/<conversation>/members"): Call(),
    ("POST", "/conversations/<conversation>/members"): Call(
        {"users": ["{dan}"]}, wrong={"users": 17}
    ),
    ("PATCH", "/conversations/<conversation>/members/<user>"): Call(
        {"role": "owner"}, wrong={"role": "king"}
    ),
    ("DELETE", "/conversations/<conversation>/members/<user>"): Call(),
    ("GET", "/conversations/<conversation>/messages"): Call(query="?limit=5", wrong={"limit": "0"}),
    ("POST", "/conversations/<conversation>/messages"): Call(
        {"client_id": "matrix-of-routes", "body": "Hello"}, wrong={"body": 17}
    ),
    ("PATCH", "/conversations/<conversation>/messages/<message>"): Call(
        {"body": "Hello again"}, wrong={"body": ["Hello"]}
    ),
    ("DELETE", "/conversations/<conversation>/messages/<message>"): Call(),
    ("GET", "/conversations/<conversation>/held"): Call(),
    ("DELETE", "/conversations/<conversation>/held/<held>"): Call(),
    ("POST", "/conversations/<conversation>/held/<held>/send"): Call(),
    ("GET", "/conversations/<conversation>/changes"): Call(
        query="?after=0", wrong={"after": "now"}
    ),
    ("GET", "/actions"): Call(query="?kind=trip&id=3", wrong={"kind": "x" * 65, "id": "3" * 256}),
    ("GET", "/conversations/<conversation>/actions"): Call(),
    ("POST", "/conversations/<conversation>/actions/<action>"): Call(
        {"client_id": "matrix-of-routes", "values": {}}, wrong={"values": 17}
    ),
    ("GET", "/announcements/lists"): Call(),
    ("GET", "/announcements/recipients"): Call(query="?to=all", wrong={"to": "x" * 65}),
    ("POST", "/announcements"): Call(
        {"to": "all", "title": "New", "body": "Hello", "client_id": "matrix-of-routes"},
        wrong={"recipients": "17"},
    ),
    ("GET", "/conversations/<conversation>/recipients"): Call(
        query="?limit=5", wrong={"limit": "0"}
    ),
    ("PUT", "/conversations/<conversation>/confirmation"): Call(),
    ("GET", "/conversations/<conversation>/reply"): Call(),
    ("PUT", "/conversations/<conversation>/read"): Call({"seq": 1}, wrong={"seq": "1"}),
    ("GET", "/inboxes"): Call(),
    ("GET", "/inboxes/<inbox>/queue"): Call(query="?state=new", wrong={"state": "old"}),
    ("GET", "/inboxes/<inbox>/people"): Call(query="?limit=5", wrong={"limit": "many"}),
    ("GET", "/conversations/<conversation>/inquiry"): Call(),
    ("GET", "/conversations/<conversation>/replies"): Call(),
    ("POST", "/conversations/<conversation>/claim"): Call(),
    ("PUT", "/conversations/<conversation>/assignee"): Call({"user": None}, wrong={"user": 17}),
    ("PUT", "/conversations/<conversation>/inbox"): Call({"inbox": "office"}, wrong={"inbox": 17}),
    ("PUT", "/conversations/<conversation>/snooze"): Call({"until": None}, wrong={"until": "soon"}),
    ("PUT", "/conversations/<conversation>/closed"): Call(
        {"closed": True}, wrong={"closed": "yes"}
    ),
}

KEYS = [(route.method, route.rule) for route in ROUTES]
WRITING = [key for key in KEYS if key[0] != "GET"]
WITH_BODY = [(route.method, route.rule) for route in ROUTES if route.takes is not None]
WITH_INPUT = [key for key in CALLS if CALLS[key].wrong]
IN_A_CONVERSATION = [key for key in KEYS if "<conversation>" in key[1]]
OF_THE_STAFF = [
    (method, rule)
    for method, rule in IN_A_CONVERSATION
    if rule.rpartition("/")[2] in ("inquiry", "replies", "claim", "assignee", "inbox", "snooze",
                                   "closed")
]  # fmt: skip
OF_A_MESSAGE = [key for key in KEYS if "<message>" in key[1]]
OF_A_HELD_MESSAGE = [key for key in KEYS if "<held>" in key[1]]
OF_A_MEMBER = [key for key in KEYS if "<user>" in key[1]]


def test_every_route_has_its_line():
    assert set(CALLS) == set(KEYS)


def test_no_rule_of_the_api_goes_round_the_matrix(world):
    rules = {
        (method, rule.rule.removeprefix("/chat/api"))
        for rule in world.host.app.url_map.iter_rules()
        if rule.rule.startswith("/chat/api")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert rules == set(KEYS)


class World:
    """Ana and Ben talk in a group; Cem has left it; Dan has never been there. Ana has written to
    an office, where Olga works and has noted something. Eve
    rests, and what Ana has written to her waits."""

    def __init__(self, host: Host) -> None:
        self.host = host
        staff = select(host.User.id).where(host.User.group == "office")
        host.chat.inbox("office", title="The Office", staff=staff)
        self.olga = host.person("Olga", group="office")
        names = ("Ana", "Ben", "Cem", "Dan")
        self.people = {name.lower(): host.person(name) for name in names}
        ana, ben, cem, dan = self.people.values()
        self.group = host.group(ana, ben, cem)
        self.message = host.post(ana, self.group)["id"]
        host.remove(ana, self.group, cem)
        self.foreign = host.group(dan, ben, title="Another")
        self.foreign_message = host.post(dan, self.foreign)["id"]
        opened = host.do(inboxes.open_inquiry, ana.identity, inbox="office")
        self.letter = int(opened.conversation["id"])
        host.post(ana, self.letter)
        self.notes = host.rows("chat_inquiry")[0]["notes_id"]
        always = Hours("UTC", {"mon": ["09:00-10:00"]}, closed=lambda day: True)
        rest = select(host.User.id).where(host.User.group == "resting")
        host.chat.quiet_hours("rest", of=rest, open=always, reason="Rest.")
        self.people["eve"] = host.person("Eve", group="resting")
        self.direct = host.direct(ana, self.people["eve"])
        held = host.do(posting.post_message, ana.identity, self.direct, body="Held")
        self.held = held.answer["held"]["id"]
        self.note = host.post(self.olga, self.notes, "Between us")["id"]

    def send(
        self,
        key: tuple[str, str],
        who: Person | None,
        *,
        conversation: Any = None,
        message: Any = None,
        user: Any = None,
        held: Any = None,
        **options: Any,
    ) -> Any:
        method, rule = key
        path = (
            rule.replace("<conversation>", str(conversation or self.group))
            .replace("<message>", str(message or self.message))
            .replace("<user>", str(user or self.people["ben"].id))
            .replace("<action>", "close")
            .replace("<inbox>", "office")
            .replace("<held>", str(held or self.held))
        )
        call = CALLS[key]
        if call.body is not None and not {"data", "json"} & set(options):
            body = json.dumps(call.body).replace("{dan}", self.people["dan"].id)
            options.setdefault("content_type", "application/json")
            options["data"] = body
        query = options.pop("query", call.query)
        return self.host.client(who).open(f"/chat/api{path}{query}", method=method, **options)

    @contextmanager
    def unchanged(self, caplog):
        """Nothing is stored, and nothing is logged as a failure."""
        before = self.host.dump()
        with caplog.at_level(logging.WARNING):
            yield
        assert self.host.dump() == before
        assert not [record.getMessage() for record in caplog.records]


@pytest.fixture(scope="module")
def world(databases):
    with databases.host() as host:
        yield World(host)


@pytest.fixture(scope="module")
def guarded(databases):
    """The same world in an app with CSRFProtect."""
    with databases.host(csrf=True) as host:
        yield World(host)


@pytest.fixture
def ana(world):
    return world.people["ana"]


def assert_refused(answer, status: int, code: str) -> None:
    assert answer.is_json, answer.data[:200]
    error = answer.json["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert error["detail"]
    assert set(answer.json) == {"error"}


def each(keys):
    return pytest.mark.parametrize("key", keys, ids=" ".join)


@each(KEYS)
def test_nobody_is_refused(world, caplog, key):
    with world.unchanged(caplog):
        assert_refused(world.send(key, None), 401, "unauthorized")


@each(IN_A_CONVERSATION)
@pytest.mark.parametrize("who", ["dan", "cem"], ids=["stranger", "former member"])
def test_who_is_not_in_the_conversation_finds_nothing(world, caplog, key, who):
    with world.unchanged(caplog):
        assert_refused(world.send(key, world.people[who]), 404, "not_found")


@each(IN_A_CONVERSATION)
@pytest.mark.parametrize(
    "number", [UNKNOWN, "0", "-1", "x", "1e3", "٧", "9" * 30, "1.0", "%00", "🙂"]
)
def test_a_conversation_nobody_has_is_not_found(world, caplog, ana, key, number):
    with world.unchanged(caplog):
        assert_refused(world.send(key, ana, conversation=number), 404, "not_found")


@each(IN_A_CONVERSATION)
def test_who_has_written_to_an_office_finds_nothing_of_the_notes_on_it(world, caplog, ana, key):
    with world.unchanged(caplog):
        answer = world.send(key, ana, conversation=world.notes, message=world.note)
        assert_refused(answer, 404, "not_found")


@each(OF_THE_STAFF)
def test_who_has_written_to_an_office_does_not_work_there(world, caplog, ana, key):
    with world.unchanged(caplog):
        assert_refused(world.send(key, ana, conversation=world.letter), 404, "not_found")


@pytest.mark.parametrize("part", ["queue", "people"])
@pytest.mark.parametrize("inbox", ["office", "Office", "0", "%00", "🙂"])
def test_a_queue_is_found_by_those_who_work_there_alone(world, caplog, ana, inbox, part):
    with world.unchanged(caplog):
        answer = world.host.client(ana).get(f"/chat/api/inboxes/{inbox}/{part}")
        assert_refused(answer, 404, "not_found")
    assert world.host.client(world.olga).get(f"/chat/api/inboxes/office/{part}").status_code == 200


def test_nobody_else_writes_in_the_name_of_an_office(world, caplog, ana):
    named = {"kind": "inbox", "inbox": "office", "user": world.people["ben"].id}
    with world.unchanged(caplog):
        answer = world.host.client(ana).post("/chat/api/conversations", json=named)
        assert_refused(answer, 404, "not_found")


@each(OF_A_MESSAGE)
@pytest.mark.parametrize("number", [UNKNOWN, "0", "x", "9" * 30])
def test_a_message_nobody_has_is_not_found(world, caplog, ana, key, number):
    with world.unchanged(caplog):
        assert_refused(world.send(key, ana, message=number), 404, "not_found")


@each(OF_A_MESSAGE)
def test_a_message_of_another_conversation_is_not_found(world, caplog, ana, key):
    with world.unchanged(caplog):
        answer = world.send(key, ana, message=world.foreign_message)
        assert_refused(answer, 404, "not_found")


@each(OF_A_MESSAGE)
def test_a_member_of_both_cannot_mix_conversation_and_message(world, caplog, key):
    with world.unchanged(caplog):
        answer = world.send(key, world.people["ben"], message=world.foreign_message)
        assert_refused(answer, 404, "not_found")


@each(OF_A_HELD_MESSAGE)
@pytest.mark.parametrize("number", [UNKNOWN, "0", "x", "9" * 30])
def test_a_held_message_nobody_has_is_not_found(world, caplog, ana, key, number):
    with world.unchanged(caplog):
        answer = world.send(key, ana, conversation=world.direct, held=number)
        assert_refused(answer, 404, "not_found")


@each(OF_A_HELD_MESSAGE)
@pytest.mark.parametrize("who", ["eve", "ben", "dan"])
def test_a_held_message_is_for_nobody_but_its_author(world, caplog, key, who):
    with world.unchanged(caplog):
        answer = world.send(key, world.people[who], conversation=world.direct)
        assert_refused(answer, 404, "not_found")


@each(OF_A_HELD_MESSAGE)
def test_conversation_and_held_message_cannot_be_mixed(world, caplog, ana, key):
    with world.unchanged(caplog):
        assert_refused(world.send(key, ana), 404, "not_found")


@each(OF_A_MEMBER)
@pytest.mark.parametrize("user", [UNKNOWN, "0", "x", " 2", "٢", "9" * 30, "%00", "🙂"])
def test_a_member_nobody_knows_is_not_found(world, caplog, ana, key, user):
    with world.unchanged(caplog):
        assert_refused(world.send(key, ana, user=user), 404, "not_found")


@each(OF_A_MEMBER)
@pytest.mark.parametrize("who", ["cem", "dan"], ids=["former member", "stranger"])
def test_somebody_who_is_not_in_it_is_no_member(world, caplog, ana, key, who):
    with world.unchanged(caplog):
        answer = world.send(key, ana, user=world.people[who].id)
        assert_refused(answer, 404, "not_found")


@each(WRITING)
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "", "http://localhost:81", "https://localhost",
     "http://localhost.evil.example", "http://sub.localhost", "http://localhos", "localhost",
     "http://localhost/", "http://localhost http://evil.example"],
)  # fmt: skip
def test_a_page_of_another_origin_changes_nothing(world, caplog, ana, key, origin):
    with world.unchanged(caplog):
        answer = world.send(key, ana, headers={"Origin": origin})
        assert_refused(answer, 403, "origin")


@each(WRITING)
@pytest.mark.parametrize("site", ["cross-site", "same-site", "unheard-of"])
def test_a_request_from_another_site_changes_nothing(world, caplog, ana, key, site):
    with world.unchanged(caplog):
        answer = world.send(key, ana, headers={"Sec-Fetch-Site": site})
        assert_refused(answer, 403, "origin")


@each(WITH_BODY)
def test_a_body_that_is_too_large_is_refused(world, caplog, ana, key):
    with world.unchanged(caplog):
        answer = world.send(key, ana, json={"body": "x" * 300_000})
        assert_refused(answer, 413, "too_large")


@each(WITH_BODY)
@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"{" * 2000, b"[" * 60_000,
             b'{"seq": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_malformed(world, caplog, ana, key, data):
    with world.unchanged(caplog):
        answer = world.send(key, ana, data=data, content_type="application/json")
        assert_refused(answer, 400, "malformed")


@each(WITH_BODY)
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_of_another_type_is_malformed(world, caplog, ana, key, kind):
    with world.unchanged(caplog):
        answer = world.send(key, ana, data=json.dumps(CALLS[key].body), content_type=kind)
        assert_refused(answer, 400, "malformed")


@each(WITH_INPUT)
def test_a_field_of_the_wrong_type_is_named(world, caplog, ana, key):
    call = CALLS[key]
    if call.body is not None:
        options = {"json": {**call.body, **call.wrong}}
    else:
        options = {"query": "?" + "&".join(f"{name}={value}" for name, value in call.wrong.items())}
    with world.unchanged(caplog):
        answer = world.send(key, ana, **options)
        assert_refused_field(answer, set(call.wrong))


def assert_refused_field(answer, names: set[str]) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid")
    assert set(answer.json["error"]["fields"]) == names


@each(WITH_BODY)
@pytest.mark.parametrize("value", [None, 7, 1.5, True, "x", [], {}, [None], "\x00", "\ud800",
                                   10**18, -1, float("nan"), float("inf")])  # fmt: skip
def test_no_value_in_a_body_makes_the_server_fail(world, caplog, ana, key, value):
    for name in CALLS[key].body:
        with caplog.at_level(logging.WARNING):
            answer = world.send(key, world.people["dan"], json={**CALLS[key].body, name: value})
        assert answer.status_code < 500, (name, value)
    assert not caplog.records


@each(WRITING)
def test_without_the_hosts_token_nothing_changes(guarded, caplog, key):
    with guarded.unchanged(caplog):
        answer = guarded.send(key, guarded.people["ana"])
        # Flask-WTF says why on a logger of its own.
        caplog.clear()
        assert_refused(answer, 403, "csrf")


@each(KEYS)
def test_no_answer_sets_a_cookie(world, ana, key):
    answer = world.send(key, ana, conversation=UNKNOWN if "<" in key[1] else None)
    assert "Set-Cookie" not in answer.headers


@each(KEYS)
def test_no_answer_is_kept(world, ana, key):
    answer = world.send(key, ana, conversation=UNKNOWN if "<" in key[1] else None)
    assert answer.headers["Cache-Control"] == "no-store"
