"""Sending, changing and deleting: what is stored, what is numbered, and who is told."""

from __future__ import annotations

import json

import pytest

from flask_chat.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from flask_chat.services import history, messages


@pytest.fixture
def people(host):
    return host.people("Ana", "Ben", "Cem")


@pytest.fixture
def ana(people):
    return people[0]


@pytest.fixture
def ben(people):
    return people[1]


@pytest.fixture
def group(host, people):
    return host.group(*people)


def frames(events):
    return [json.loads(entry.frame) for entry in events]


# Sending


def test_the_same_client_id_finds_the_message_already_sent(host, ana, group):
    first = host.post(ana, group, "Hello", client_id="the-same-one")
    again = host.post(ana, group, "Hello", client_id="the-same-one")
    assert first == again


def test_a_repeated_send_is_told_to_nobody(host, ana, group):
    host.post(ana, group, "Hello", client_id="the-same-one")
    with host.talk.events() as events:
        host.post(ana, group, "Hello", client_id="the-same-one")
    assert events == []


def test_a_repeated_send_finds_the_message_as_it_was_edited_elsewhere(host, ana, group):
    sent = host.post(ana, group, "Helo", client_id="the-same-one")
    host.do(messages.edit_message, ana.identity, group, int(sent["id"]), body="Hello")
    again = host.post(ana, group, "Helo", client_id="the-same-one")
    assert (again["id"], again["body"]) == (sent["id"], "Hello")


def test_a_repeated_send_finds_the_tombstone(host, ana, group):
    sent = host.post(ana, group, "Helo", client_id="the-same-one")
    host.do(messages.delete_message, ana.identity, group, int(sent["id"]))
    assert host.post(ana, group, "Helo", client_id="the-same-one")["deleted"]


def test_the_edited_words_under_the_same_client_id_are_a_conflict(host, ana, group):
    sent = host.post(ana, group, "Helo", client_id="the-same-one")
    host.do(messages.edit_message, ana.identity, group, int(sent["id"]), body="Hello")
    with pytest.raises(Conflict):
        host.post(ana, group, "Hello", client_id="the-same-one")


@pytest.mark.parametrize("other", ["body", "reply_to", "conversation"])
def test_another_request_under_the_same_client_id_is_a_conflict(host, ana, ben, group, other):
    sent = host.post(ana, group, "Hello", client_id="the-same-one")
    changed = {"conversation": group, "body": "Hello"}
    changed[other] = {
        "body": "Bye", "reply_to": int(sent["id"]), "conversation": host.direct(ana, ben)
    }[other]  # fmt: skip
    with pytest.raises(Conflict):
        host.post(ana, client_id="the-same-one", **changed)


def test_two_people_may_use_the_same_client_id(host, ana, ben, group):
    one = host.post(ana, group, client_id="the-same-one")
    other = host.post(ben, group, client_id="the-same-one")
    assert one["id"] != other["id"]


def test_a_refused_message_uses_no_number(host, ana, ben, group):
    host.post(ana, group)
    host.remove(ana, group, ben)
    with pytest.raises(NotFound):
        host.post(ben, group)
    assert host.post(ana, group)["seq"] == 2


def test_a_conflict_uses_no_number(host, ana, group):
    host.post(ana, group, "Hello", client_id="the-same-one")
    with pytest.raises(Conflict):
        host.post(ana, group, "Bye", client_id="the-same-one")
    assert host.post(ana, group)["seq"] == 2


@pytest.mark.parametrize(
    "body", ["𝔘" * 4000, "a", " x ", "ي‏", "👩‍👩‍👧", "<b>&amp;</b>", "\n\tx\r\n"]
)
def test_words_are_kept_as_they_were_written(host, ana, group, body):
    host.post(ana, group, body)
    page = host.do(history.read_history, ana.identity, group)
    assert page["messages"][-1]["body"] == body


@pytest.mark.parametrize("body", ["", " \n\t", "a\x00b", "\ud800", "x" * 4001, "𝔘" * 4001])
def test_what_is_no_text_or_too_much_of_it_is_refused(host, ana, group, body):
    answer = host.client(ana).post(
        f"/chat/api/conversations/{group}/messages",
        json={"client_id": "first-of-all", "body": body},
    )
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["body"])


def test_a_reply_names_the_message_it_answers(host, ana, ben, group):
    asked = host.post(ana, group)
    answered = host.post(ben, group, reply_to=int(asked["id"]))
    assert answered["reply_to"] == asked["id"]


def test_a_reply_to_a_message_of_another_conversation_is_refused(host, ana, ben, group):
    elsewhere = host.post(ana, host.direct(ana, ben))
    with pytest.raises(Invalid):
        host.post(ben, group, reply_to=int(elsewhere["id"]))


def test_a_message_is_told_to_everybody_in_the_conversation(host, people, group):
    with host.talk.events() as events:
        host.post(people[0], group)
    assert set(events[0].audience.people) == {person.id for person in people}


def test_an_event_is_the_message_as_it_is_answered(host, ana, group):
    with host.talk.events() as events:
        message = host.post(ana, group)
    frame = frames(events)[0]
    assert (frame["data"], frame["change"]) == (message, message["change"])


def test_a_new_message_takes_the_conversation_out_of_the_archive(host, ana, ben, group):
    host.client(ben).patch(f"/chat/api/conversations/{group}", json={"archived": True})
    with host.talk.events() as events:
        host.post(ana, group)
    own = [frame for frame in frames(events) if frame["type"] == "conversation.self"]
    assert [frame["data"]["archived"] for frame in own] == [False]


def test_a_message_of_the_system_has_no_author(host, group):
    message = host.post(None, group, "The lesson is moved")
    assert (message["kind"], message["author"], message["client_id"]) == ("system", None, None)


def test_somebody_deactivated_cannot_send(host, ana, group):
    host.execute("UPDATE person SET active = false WHERE person_no = :key", key=ana.key)
    with pytest.raises(Unauthorized):
        host.post(ana, group)


def test_in_a_direct_conversation_the_contacts_are_asked_at_each_send(make_host):
    host = make_host()
    ana, ben = host.people("Ana", "Ben")
    direct = host.direct(ana, ben)
    host.chat.contacts(lambda user: host.db.select(host.User).where(host.User.name == "Cem"))
    with pytest.raises(Forbidden):
        host.post(ana, direct)


def test_in_a_group_membership_suffices(make_host):
    host = make_host()
    ana, ben = host.people("Ana", "Ben")
    group = host.group(ana, ben)
    host.chat.contacts(lambda user: host.db.select(host.User).where(host.User.name == "Cem"))
    assert host.post(ana, group)["seq"] == 1


# Changing


def test_an_edit_keeps_the_earlier_words(host, ana, group):
    sent = host.post(ana, group, "Helo")
    host.do(messages.edit_message, ana.identity, group, int(sent["id"]), body="Hello")
    assert [row["body"] for row in host.rows("chat_revision")] == ["Helo"]


def test_an_edit_keeps_the_place_and_takes_a_new_change(host, ana, group):
    sent = host.post(ana, group, "Helo")
    host.post(ana, group)
    edited = host.do(messages.edit_message, ana.identity, group, int(sent["id"]), body="Hello")
    assert (edited["seq"], edited["change"]) == (sent["seq"], 4)


def test_an_edit_that_changes_nothing_takes_no_number(host, ana, group):
    sent = host.post(ana, group, "Hello")
    same = host.do(messages.edit_message, ana.identity, group, int(sent["id"]), body="Hello")
    assert same == sent


def test_nobody_edits_anothers_message(host, ana, ben, group):
    sent = host.post(ana, group)
    with pytest.raises(Forbidden):
        host.do(messages.edit_message, ben.identity, group, int(sent["id"]), body="No")


def test_an_owner_may_not_edit_either(host, ana, ben, group):
    sent = host.post(ben, group)
    with pytest.raises(Forbidden):
        host.do(messages.edit_message, ana.identity, group, int(sent["id"]), body="No")


def test_a_tombstone_is_not_edited(host, ana, group):
    sent = host.post(ana, group)
    host.do(messages.delete_message, ana.identity, group, int(sent["id"]))
    with pytest.raises(Forbidden):
        host.do(messages.edit_message, ana.identity, group, int(sent["id"]), body="Back")


@pytest.mark.parametrize(("seconds", "allowed"), [(890, True), (910, False)])
def test_the_window_for_edits_is_the_databases(host, ana, group, seconds, allowed):
    sent = host.post(ana, group, "Helo")
    host.age(seconds)
    answer = host.client(ana).patch(
        f"/chat/api/conversations/{group}/messages/{sent['id']}", json={"body": "Hello"}
    )
    assert answer.status_code == (200 if allowed else 403)


def test_a_deleted_message_keeps_its_words_in_the_revisions_only(host, ana, group):
    sent = host.post(ana, group, "Secret")
    host.do(messages.delete_message, ana.identity, group, int(sent["id"]))
    assert host.rows("chat_message")[0]["body"] == ""
    assert [row["body"] for row in host.rows("chat_revision")] == ["Secret"]


def test_deleting_again_changes_nothing(host, ana, group):
    sent = host.post(ana, group)
    gone = host.do(messages.delete_message, ana.identity, group, int(sent["id"]))
    assert host.do(messages.delete_message, ana.identity, group, int(sent["id"])) == gone


def test_an_owner_deletes_anothers_message(host, ana, ben, group):
    sent = host.post(ben, group)
    assert host.do(messages.delete_message, ana.identity, group, int(sent["id"]))["deleted"]


def test_a_member_does_not_delete_anothers_message(host, ana, ben, group):
    sent = host.post(ana, group)
    with pytest.raises(Forbidden):
        host.do(messages.delete_message, ben.identity, group, int(sent["id"]))


def test_after_the_window_for_deleting_only_an_owner_may(make_host):
    host = make_host(CHAT_DELETE_SECONDS=60)
    ana, ben = host.people("Ana", "Ben")
    group = host.group(ana, ben)
    theirs = host.post(ben, group)
    host.age(90)
    statuses = [
        host.client(person)
        .delete(f"/chat/api/conversations/{group}/messages/{theirs['id']}")
        .status_code
        for person in (ben, ana)
    ]
    assert statuses == [403, 200]


# Reading


def test_a_page_around_a_message_has_it_however_short(host, ana, group):
    for _ in range(5):
        host.post(ana, group)
    for limit in (1, 2, 3):
        page = host.do(history.read_history, ana.identity, group, around=3, limit=limit)
        assert 3 in [message["seq"] for message in page["messages"]]


def test_only_one_place_can_be_asked_for(host, ana, group):
    with pytest.raises(Invalid):
        host.do(history.read_history, ana.identity, group, before=3, after=1)


def test_a_page_costs_the_same_number_of_statements_however_long(host, people, group):
    def cost():
        with host.statements() as statements:
            host.do(history.read_history, people[0].identity, group)
        return len(statements)

    host.post(people[0], group)
    one = cost()
    for person in people * 5:
        host.post(person, group)
    assert cost() == one
