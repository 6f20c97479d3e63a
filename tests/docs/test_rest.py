"""The OpenAPI document tells the truth about every route."""

import sys
from functools import cache

import pytest
from sqlalchemy import select

from flask_chat import Hours, Recipients
from flask_chat.errors import MissingExtra
from flask_chat.testing import ChatTest
from flask_chat.web.openapi import ROUTES, document

KINDS = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict,
    "array": list, "null": type(None),
}  # fmt: skip


@cache
def described():
    return document()


def resolve(schema):
    while "$ref" in schema:
        found = described()
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def misfits(value, schema, place="answer"):
    """Where a value is not what a schema says; enough of JSON Schema for our own document."""
    schema = resolve(schema)
    if "anyOf" in schema:
        found = [misfits(value, choice, place) for choice in schema["anyOf"]]
        return [] if [] in found else found[0]
    kinds = schema.get("type", list(KINDS))
    allowed = tuple(KINDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
    if not any(isinstance(value, kind) for kind in allowed):
        return [f"{place} is {value!r}, not {kinds}"]
    if isinstance(value, list):
        parts = [(item, schema.get("items", {}), f"{place}[]") for item in value]
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        rest = schema.get("additionalProperties", not known)
        missing = [name for name in schema.get("required", ()) if name not in value]
        unknown = [name for name in value if name not in known and not rest]
        if missing or unknown:
            return [f"{place} lacks {missing}, and has {unknown} that nobody described"]
        rest = rest if isinstance(rest, dict) else {}
        parts = [(item, known.get(name, rest), f"{place}.{name}") for name, item in value.items()]
    else:
        parts = []
    return [found for part in parts for found in misfits(*part)]


def test_every_answer_is_as_described(school):
    client = school.app.test_client()
    client.post("/sign-in", data={"id": 1})
    everybody = Recipients("all", "Everybody", select(school.User))
    school.chat.announcements(lambda user: [everybody])
    asked = set()

    def ask(method, rule, body=None, query="", status=200, **ids):
        path = rule
        for name, value in ids.items():
            path = path.replace(f"<{name}>", str(value))
        answer = client.open(f"/chat/api{path}{query}", method=method, json=body)
        assert answer.status_code == status, answer.text
        asked.add((method, rule))
        place = described()["paths"][rule.replace("<", "{").replace(">", "}")][method.lower()]
        schema = resolve(place["responses"][str(status)])["content"]["application/json"]["schema"]
        assert not misfits(answer.get_json(), schema, f"{method} {rule}")
        return answer.get_json()

    one, many = "/conversations/<conversation>", "/conversations"
    ask("GET", "/session")
    ask("GET", "/people", query="?limit=1")
    direct = ask("POST", many, {"kind": "direct", "user": "2"}, status=201)["conversation"]["id"]
    ask("POST", many, {"kind": "direct", "user": "2"})
    group = ask("POST", many, {"kind": "group", "title": "Trip"}, status=201)["conversation"]["id"]
    ask("GET", one, conversation=direct)
    ask("PATCH", one, {"title": "Outing", "pinned": True}, conversation=group)
    ask("POST", f"{one}/members", {"users": ["2"]}, conversation=group)
    ask("GET", f"{one}/members", conversation=group)
    ask("PATCH", f"{one}/members/<user>", {"role": "owner"}, conversation=group, user=2)
    ask("PATCH", f"{one}/members/<user>", {"role": "king"}, conversation=group, user=2, status=422)
    ask("DELETE", f"{one}/members/<user>", conversation=group, user=2)
    draft = {"body": "Hello", "client_id": "described-1"}
    posted = ask("POST", f"{one}/messages", draft, conversation=direct, status=201)["message"]["id"]
    ask("POST", f"{one}/messages", draft, conversation=direct)
    ask("POST", f"{one}/messages", {**draft, "body": "No"}, conversation=direct, status=409)
    place = {"conversation": direct, "message": posted}
    ask("PATCH", f"{one}/messages/<message>", {"body": "Hello!"}, **place)
    ask("DELETE", f"{one}/messages/<message>", **place)
    ask("GET", f"{one}/messages", conversation=direct)
    ask("GET", f"{one}/messages", conversation=9, status=404)
    ask("GET", f"{one}/changes", query="?after=0", conversation=group)
    ask("GET", f"{one}/actions", conversation=direct)
    ask("GET", "/actions", query="?kind=trip&id=3", status=404)
    run = {"client_id": "described-2"}
    ask("POST", f"{one}/actions/<action>", run, conversation=direct, action="accept", status=404)
    _ask_by_night(school, ask, one, direct)
    ask("GET", "/announcements/lists")
    ask("GET", "/announcements/recipients", query="?to=all")
    draft = {"to": "all", "title": "Closed", "body": "On Friday", "client_id": "described-3"}
    answer = ask("POST", "/announcements", {**draft, "confirm": True}, status=201)
    announced = answer["conversation"]["id"]
    ask("POST", "/announcements", {**draft, "confirm": True})
    ask("POST", "/announcements", {**draft, "to": "none"}, status=404)
    ask("GET", f"{one}/recipients", conversation=announced)
    ask("PUT", f"{one}/confirmation", conversation=announced, status=403)
    ask("GET", f"{one}/reply", conversation=announced)
    client.post("/sign-in", data={"id": 2})
    ask("GET", f"{one}/reply", conversation=announced)
    ask("PUT", f"{one}/confirmation", conversation=announced)
    client.post("/sign-in", data={"id": 1})
    ask("PUT", f"{one}/read", {"seq": 1}, conversation=direct)
    _ask_the_office(school, ask, one)
    ask("POST", "/sync", {"known": {}})
    ask("GET", "/sync", query="?totals=1")
    ask("POST", "/ticket")
    ask("DELETE", one, conversation=group)
    assert asked == {(route.method, route.rule) for route in ROUTES}


def _ask_by_night(school, ask, one, direct):
    never = Hours("UTC", {"mon": ["09:00-10:00"]}, closed=lambda day: True)
    everybody = select(school.User.id)
    rule = {"of": everybody, "override": everybody, "open": never, "reason": "It is night."}
    school.chat.quiet_hours("night", **rule)
    draft = {"body": "Hello", "client_id": "by-night-1"}
    first, second = (
        ask(
            "POST", f"{one}/messages", {**draft, "client_id": mark}, conversation=direct, status=202
        )
        for mark in ("by-night-1", "by-night-2")
    )
    ask("GET", f"{one}/held", conversation=direct)
    place = {"conversation": direct, "held": first["held"]["id"]}
    ask("POST", f"{one}/held/<held>/send", **place)
    ask("DELETE", f"{one}/held/<held>", **place, status=404)
    ask("DELETE", f"{one}/held/<held>", conversation=direct, held=second["held"]["id"])


def _ask_the_office(school, ask, one):
    """Person 1 works in an office; person 2 writes to it."""
    staff = select(school.User.id).where(school.User.id == 1)
    school.chat.inbox(
        "office", title="Office", staff=staff, replies={"Hello": "Hello {person.name}"}
    )
    talk = ChatTest(school.app)
    with school.app.app_context():
        writer = school.db.session.get(school.User, 2)
        letter = talk.write_to(writer, "office", "Hello")
    ask("GET", "/inboxes")
    ask("GET", "/inboxes/<inbox>/queue", inbox="office")
    ask("GET", "/inboxes/<inbox>/queue", inbox="kitchen", status=404)
    ask("GET", "/inboxes/<inbox>/people", inbox="office")
    ask("POST", f"{one}/claim", conversation=letter)
    ask("GET", f"{one}/inquiry", conversation=letter)
    ask("GET", f"{one}/replies", conversation=letter)
    ask("GET", one, conversation=letter)
    ask("PUT", f"{one}/assignee", {"user": None}, conversation=letter)
    ask("PUT", f"{one}/inbox", {"inbox": "office"}, conversation=letter)
    ask("PUT", f"{one}/snooze", {"until": None}, conversation=letter)
    ask("PUT", f"{one}/closed", {"closed": True}, conversation=letter)


def test_every_operation_has_a_name_of_its_own():
    names = [
        operation["operationId"]
        for path in described()["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names)) == len(ROUTES)


def test_without_apispec_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "apispec", None)
    with pytest.raises(MissingExtra, match=r"pip install 'flask-chat\[openapi\]'"):
        document()
