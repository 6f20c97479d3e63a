"""What the templates of a host get: the widget, the thread of a record, the badge."""

import json
from html.parser import HTMLParser

import pytest
from flask import render_template_string
from sqlalchemy import select

SHOWN = "{{ chat_widget(mode='inline', theme=none) }}{{ chat_badge() }}{{ chat_thread(case) }}"


class Elements(HTMLParser):
    """The chat's elements of a page, with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag.startswith("flask-chat"):
            kind = "thread" if "subject" in dict(attrs) else tag
            self.found[kind] = dict(attrs)


@pytest.fixture(params=["int", "uuid", "text"])
def host(make_host, request):
    host = make_host(kind=request.param)
    case = host.db.Case

    @host.chat.subject(case, name="case", participants=select(case.id, case.family))
    def card(record):
        return {"title": record.title}

    @host.app.get("/case")
    def page():
        return render_template_string(SHOWN, case=host.db.session.scalar(select(case)))

    return host


@pytest.fixture
def ana(host):
    return host.person("Ana")


@pytest.fixture
def key(host, ana):
    with host.app.app_context():
        record = host.db.Case(id=host.kind.new_key("Mia"), title="Mia", family=ana.key)
        host.db.session.add(record)
        host.db.session.commit()
        return str(record.id)


def elements(host, person):
    return Elements(host.client(person).get("/case").text).found


def test_every_element_knows_the_reader_and_its_attributes(host, ana, key):
    found = elements(host, ana)
    assert {json.loads(each["boot"])["user"]["id"] for each in found.values()} == {ana.id}
    assert found["flask-chat"]["mode"] == "inline"
    assert "theme" not in found["flask-chat"]
    assert found["thread"]["subject"] == f"case:{key}"
    assert set(found["flask-chat-badge"]) == {"boot"}


def test_looking_at_a_record_makes_no_conversation(host, ana, key):
    assert "conversation" not in elements(host, ana)["thread"]
    assert host.rows("chat_conversation") == []


def test_a_thread_names_the_conversation_there_is(host, ana, key):
    body = {"kind": "subject", "subject": {"kind": "case", "id": key}}
    opened = host.client(ana).post("/chat/api/conversations", json=body).json["conversation"]
    assert elements(host, ana)["thread"]["conversation"] == opened["id"]


def test_who_takes_no_part_gets_the_page_without_the_thread(host, key):
    assert set(elements(host, host.person("Ben"))) == {"flask-chat", "flask-chat-badge"}


def test_nobody_gets_nothing(host, key):
    assert elements(host, None) == {}
