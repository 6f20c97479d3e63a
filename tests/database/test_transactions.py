"""Who opened a transaction commits it: the host's calls join the host's, our doors own theirs."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import event as sqlalchemy_event

from flask_chat import signals
from flask_chat.errors import Invalid, NotFound, SetupError
from flask_chat.services import history


@pytest.fixture
def people(host):
    return host.people("Ana", "Ben", "Cem")


@pytest.fixture
def group(host, people):
    return host.group(*people)


@pytest.fixture
def call(host, people, group):
    """The host's own code, in an app context of its own."""
    with host.app.app_context():
        yield Caller(host, people, group)


class Caller:
    def __init__(self, host, people, group) -> None:
        self.host, self.group, self.people = host, group, people
        self.session = host.db.session

    def post(self, body: str = "From the host", author: int = 0) -> None:
        self.host.chat.post_message(self.user(author), self.group, body)

    def post_and_fail(self, body: str) -> None:
        self.post(body)
        raise ZeroDivisionError

    def user(self, place: int):
        return self.host.user(self.people[place])

    def bodies(self) -> list[str]:
        return [row["body"] for row in self.host.rows("chat_message", order="seq")]

    def note(self, words: str):
        note = self.host.db.Note(words=words)
        self.session.add(note)
        return note


def types(events) -> list[str]:
    return [json.loads(entry.frame)["type"] for entry in events]


# Commit and rollback


def test_a_message_of_the_hosts_is_stored_by_the_hosts_commit(call):
    call.post()
    call.session.commit()
    assert call.bodies() == ["From the host"]


def test_it_is_announced_once_and_after_the_commit(host, call):
    seen = []
    with host.talk.events() as events:
        sqlalchemy_event.listen(
            call.session, "after_commit", lambda session: seen.append(len(events)), once=True
        )
        call.post()
        call.session.commit()
    assert (seen, types(events)) == ([0], ["message.posted"])


def test_nothing_is_locked_before_the_commit(host, call, people, group):
    call.post()
    assert host.post(people[1], group, "Meanwhile")["seq"] == 1
    call.session.commit()
    assert call.bodies() == ["Meanwhile", "From the host"]


def test_a_rollback_leaves_nothing_and_uses_no_number(host, call, people, group):
    with host.talk.events() as events:
        call.post()
        call.session.rollback()
        call.session.commit()
    assert (call.bodies(), events) == ([], [])
    assert host.post(people[0], group)["seq"] == 1


def test_the_hosts_rows_and_the_message_are_one_commit(host, call):
    call.note("An application")
    call.post()
    call.session.commit()
    assert (len(host.rows("note")), len(call.bodies())) == (1, 1)


def test_a_refused_message_takes_the_hosts_rows_with_it(host, call):
    call.note("An application")
    host.chat.post_message(call.user(0), 999_999, "To nobody")
    with pytest.raises(NotFound):
        call.session.commit()
    call.session.rollback()
    assert host.rows("note") == []


def test_after_a_refused_message_only_a_rollback_leads_on(host, call):
    call.post("good")
    host.chat.post_message(call.user(0), 999_999, "To nobody")
    for _ in range(2):
        with pytest.raises(NotFound):
            call.session.commit()
    call.session.rollback()
    assert call.bodies() == []


def test_after_the_rollback_the_session_is_as_good_as_new(host, call):
    host.chat.post_message(call.user(0), 999_999, "To nobody")
    with pytest.raises(NotFound):
        call.session.commit()
    call.session.rollback()
    call.post()
    call.session.commit()
    assert call.bodies() == ["From the host"]


def test_a_failing_flush_of_the_hosts_takes_the_message_with_it(host, call):
    call.post()
    call.session.add(host.db.Note(words=None))
    with pytest.raises(Exception, match=r"(?i)null"):
        call.session.commit()
    call.session.rollback()
    assert call.bodies() == []


def test_several_conversations_are_numbered_in_the_order_of_their_ids(host, call, people):
    other = host.group(*people, title="Another")
    host.chat.post_message(call.user(0), other, "second")
    call.post("first")
    with host.talk.events() as events:
        call.session.commit()
    assert [json.loads(entry.frame)["data"]["body"] for entry in events] == ["first", "second"]


def test_messages_to_one_conversation_keep_their_order(call):
    for number in range(5):
        call.post(str(number))
    call.session.commit()
    assert call.bodies() == list("01234")


# Savepoints


def test_a_released_savepoint_is_part_of_the_commit(host, call):
    with host.talk.events() as events:
        with call.session.begin_nested():
            call.post()
        assert (call.bodies(), events) == ([], [])
        call.session.commit()
    assert (call.bodies(), types(events)) == (["From the host"], ["message.posted"])


def test_a_released_savepoint_goes_with_the_outer_rollback(host, call):
    with host.talk.events() as events:
        with call.session.begin_nested():
            call.post()
        call.session.rollback()
        call.session.commit()
    assert (call.bodies(), events) == ([], [])


def test_a_savepoint_rolled_back_takes_only_its_own(host, call):
    with host.talk.events() as events:
        call.post("kept")
        savepoint = call.session.begin_nested()
        call.post("dropped")
        savepoint.rollback()
        call.session.commit()
    assert (call.bodies(), types(events)) == (["kept"], ["message.posted"])


def test_a_savepoint_within_a_savepoint_goes_with_the_one_around_it(host, call):
    with host.talk.events() as events:
        outer = call.session.begin_nested()
        with call.session.begin_nested():
            call.post("dropped")
        outer.rollback()
        call.post("kept")
        call.session.commit()
    assert (call.bodies(), types(events)) == (["kept"], ["message.posted"])


def test_a_savepoint_still_open_at_the_commit_is_part_of_it(host, call):
    with host.talk.events() as events:
        call.session.begin_nested()
        call.post()
        call.session.commit()
    assert (call.bodies(), types(events)) == (["From the host"], ["message.posted"])


def test_a_savepoint_that_failed_takes_only_its_own(host, call):
    with host.talk.events() as events:
        call.post("kept")
        with pytest.raises(ZeroDivisionError), call.session.begin_nested():
            call.post_and_fail("dropped")
        call.session.commit()
    assert (call.bodies(), types(events)) == (["kept"], ["message.posted"])


@pytest.mark.parametrize("ends", ["commit", "rollback"])
def test_events_of_a_group_made_in_a_savepoint_follow_it(host, call, ends):
    with host.talk.events() as events:
        savepoint = call.session.begin_nested()
        host.chat.create_group(call.user(0), "New", [call.user(1)])
        getattr(savepoint, ends)()
        call.session.commit()
    assert types(events) == (["conversation.created"] if ends == "commit" else [])


# The other calls


def test_a_conversation_opened_by_the_host_is_there_after_its_commit(host, call):
    direct = host.chat.open_direct(call.user(0), call.user(1))
    call.session.commit()
    assert [row["id"] for row in host.rows("chat_conversation", "kind = 'direct'")] == [direct]


def test_a_conversation_opened_by_the_host_goes_with_its_rollback(host, call):
    host.chat.open_direct(call.user(0), call.user(1))
    call.session.rollback()
    assert host.rows("chat_conversation", "kind = 'direct'") == []


def test_opening_and_writing_are_one_transaction(host, call):
    direct = host.chat.open_direct(call.user(0), call.user(1))
    host.chat.post_message(call.user(0), direct, "We have applied.")
    with host.talk.events() as events:
        call.session.commit()
    assert types(events)[:2] == ["conversation.created", "message.posted"]


def test_a_user_without_a_key_yet_is_refused_with_the_reason(host, call):
    known, new = call.user(0), host.User(name="New")
    call.session.add(new)
    with pytest.raises(SetupError, match="flush"):
        host.chat.open_direct(new, known)


@pytest.mark.parametrize("body", ["", "a\x00b", "x" * 4001])
def test_words_that_cannot_be_sent_are_refused_at_the_call(host, call, body):
    with pytest.raises(Invalid):
        call.post(body)


def test_a_title_that_is_too_long_is_refused_at_the_call(host, call):
    with pytest.raises(Invalid):
        host.chat.create_group(call.user(0), "x" * 201)


def test_the_hosts_pending_rows_are_not_lost_by_our_calls(host, call):
    call.note("An application")
    host.chat.open_direct(call.user(0), call.user(1))
    call.session.commit()
    assert len(host.rows("note")) == 1


# What cannot be told is not stored


def test_what_has_no_json_form_fails_before_the_commit(host, people, group):
    host.chat.display_name(lambda user: "half a surrogate \ud800")
    with pytest.raises(ValueError, match="surrogates"):
        host.post(people[0], group)
    assert host.rows("chat_message") == []


# Signals


@pytest.fixture
def answering():
    """Connect a receiver for as long as the test lasts."""
    connected = []

    def connect(signal, receiver):
        signal.connect(receiver)
        connected.append((signal, receiver))

    yield connect
    for signal, receiver in connected:
        signal.disconnect(receiver)


def test_a_signal_is_sent_after_the_commit_that_made_it_true(host, people, group, answering):
    stored = []
    answering(signals.message_posted, lambda app, event: stored.append(host.rows("chat_message")))
    host.post(people[0], group)
    assert len(stored[0]) == 1


def test_a_receiver_that_fails_harms_nobody(host, people, group, answering, caplog):
    answering(signals.message_posted, lambda app, event: 1 / 0)
    assert host.post(people[0], group)["seq"] == 1
    assert "ZeroDivisionError" in caplog.text


def test_a_receiver_may_answer_in_the_chat(host, people, group, answering):
    def answer(app, event):
        if event.data["author"] is not None:
            host.chat.post_message(None, group, "We are closed today.")
            host.db.session.commit()

    answering(signals.message_posted, answer)
    browser = host.client(people[0])
    sent = browser.post(
        f"/chat/api/conversations/{group}/messages",
        json={"client_id": "first-of-all", "body": "Hello?"},
    )
    assert sent.status_code == 201
    page = host.do(history.read_history, people[0].identity, group)
    assert [message["body"] for message in page["messages"]] == ["Hello?", "We are closed today."]


# One connection


ONE = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1}


def test_with_a_pool_of_one_every_verb_has_its_connection(make_host):
    host = make_host(SQLALCHEMY_ENGINE_OPTIONS=ONE)
    ana, ben = host.people("Ana", "Ben")
    browser, api = host.client(ana), "/chat/api"
    group = browser.post(
        f"{api}/conversations", json={"kind": "group", "title": "4b", "members": [ben.id]}
    ).json["conversation"]["id"]
    place = f"{api}/conversations/{group}"
    sent = browser.post(f"{place}/messages", json={"client_id": "first-of-all", "body": "x"})
    message = f"{place}/messages/{sent.json['message']['id']}"
    answers = [
        browser.post(f"{api}/conversations", json={"kind": "direct", "user": ben.id}),
        browser.get(f"{api}/session"),
        browser.post(f"{api}/ticket"),
        browser.get(f"{api}/people"),
        browser.post(f"{api}/sync", json={}),
        browser.get(f"{place}/messages"),
        browser.get(f"{place}/changes?after=0"),
        browser.put(f"{place}/read", json={"seq": 1}),
        browser.patch(message, json={"body": "y"}),
        browser.delete(message),
        browser.patch(place, json={"title": "5b", "muted": True}),
        browser.patch(f"{place}/members/{ben.id}", json={"role": "owner"}),
        browser.delete(place),
    ]
    assert [answer.status_code for answer in answers[1:]] == [200] * 12
    with host.app.app_context():
        assert host.db.engine.pool.checkedout() == 0


def test_without_a_free_connection_the_answer_is_unavailable(make_host):
    host = make_host(SQLALCHEMY_ENGINE_OPTIONS={**ONE, "pool_timeout": 0.1})
    ana = host.person("Ana")
    with host.app.app_context(), host.db.engine.connect():
        answer = host.client(ana).get("/chat/api/sync?totals=1")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "2")


def test_after_any_answer_no_connection_is_held(host, people, group):
    host.client(people[0]).get(f"/chat/api/conversations/{group}/messages")
    host.client(people[0]).get("/chat/api/conversations/999/messages")
    with host.app.app_context():
        assert host.db.engine.pool.checkedout() == 0
