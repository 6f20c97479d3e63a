"""What each route answers: its status and exactly its fields, as docs/protocol.md has them."""

import pytest

API = "/chat/api"
PERSON = {"id", "name", "role", "avatar"}
MEMBER = PERSON | {"owner", "since_seq", "read_seq", "left", "rule"}
MESSAGE = {
    "id", "conversation", "seq", "change", "kind", "author", "body", "client_id", "created_at",
    "edited_at", "deleted", "reply_to",
}  # fmt: skip
SELF = {"version", "read_seq", "unread", "counted_to", "muted", "archived", "pinned", "confirmed"}
CONVERSATION = {
    "id", "kind", "title", "members", "members_count", "last_seq", "last_change", "first_seq",
    "updated_at", "preview",
}  # fmt: skip


@pytest.fixture(params=["int", "uuid", "text"])
def host(make_host, request):
    return make_host(kind=request.param, hooks={"role": "role"})


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
def browser(host, ana):
    return host.client(ana)


@pytest.fixture
def group(host, people):
    return host.group(*people)


def test_the_session_names_the_person_and_what_a_client_has_to_know(browser, ana):
    session = browser.get(f"{API}/session")
    assert session.status_code == 200
    assert set(session.json) == {
        "user", "ws", "csrf", "limits", "features", "tabs", "api", "page", "login", "heartbeat",
        "languages",
    }  # fmt: skip
    assert session.json["user"]["id"] == ana.id
    assert set(session.json["user"]) == PERSON


def test_the_session_says_where_the_socket_and_the_api_are(browser):
    session = browser.get(f"{API}/session").json
    assert (session["ws"], session["api"]) == ("/chat/ws", API)


def test_nobody_is_told_to_sign_in(client):
    answer = client.get(f"{API}/session")
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "unauthorized")


def test_a_ticket_is_good_for_a_minute(browser):
    answer = browser.post(f"{API}/ticket")
    assert (answer.status_code, set(answer.json)) == (200, {"ticket", "expires_in"})
    assert answer.json["expires_in"] == 60


def test_people_are_listed_by_name_without_oneself(browser, ben):
    answer = browser.get(f"{API}/people").json
    assert set(answer) == {"people", "next"}
    assert [set(person) for person in answer["people"]] == [PERSON, PERSON]
    assert answer["people"][0]["id"] == ben.id


def test_a_direct_conversation_is_made_once(browser, ben):
    first = browser.post(f"{API}/conversations", json={"kind": "direct", "user": ben.id})
    again = browser.post(f"{API}/conversations", json={"kind": "direct", "user": ben.id})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["conversation"]["id"] == again.json["conversation"]["id"]


def test_a_conversation_in_an_answer_has_the_shared_and_the_own_fields(browser, ben):
    answer = browser.post(f"{API}/conversations", json={"kind": "direct", "user": ben.id}).json
    assert set(answer) == {"conversation"}
    assert set(answer["conversation"]) == CONVERSATION | SELF


def test_a_direct_conversation_has_no_title(browser, ben):
    answer = browser.post(f"{API}/conversations", json={"kind": "direct", "user": ben.id}).json
    assert answer["conversation"]["title"] is None


def test_a_group_has_its_title_and_its_members(browser, people):
    ids = [person.id for person in people]
    answer = browser.post(
        f"{API}/conversations", json={"kind": "group", "title": "4b", "members": ids[1:]}
    )
    made = answer.json["conversation"]
    assert (answer.status_code, made["title"], made["members_count"]) == (201, "4b", 3)
    assert {member["id"] for member in made["members"]} == set(ids)


def test_notes_to_oneself_are_made_once(browser):
    answers = [browser.post(f"{API}/conversations", json={"kind": "self"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]


def test_one_conversation_can_be_asked_for(browser, group):
    answer = browser.get(f"{API}/conversations/{group}")
    assert (answer.status_code, set(answer.json)) == (200, {"conversation"})
    assert set(answer.json["conversation"]) == CONVERSATION | SELF


def test_members_have_the_fields_of_members(browser, group):
    answer = browser.get(f"{API}/conversations/{group}/members")
    assert (answer.status_code, set(answer.json)) == (200, {"members", "next"})
    assert [set(member) for member in answer.json["members"]] == [MEMBER] * 3


def test_a_group_is_renamed_by_its_owner(browser, group):
    answer = browser.patch(f"{API}/conversations/{group}", json={"title": "Class 5b"})
    assert (answer.status_code, answer.json["conversation"]["title"]) == (200, "Class 5b")


@pytest.mark.parametrize("own", ["muted", "archived", "pinned"])
def test_ones_own_settings_are_ones_own(host, people, group, browser, own):
    browser.patch(f"{API}/conversations/{group}", json={own: True})
    mine = browser.get(f"{API}/conversations/{group}").json["conversation"]
    theirs = host.client(people[1]).get(f"{API}/conversations/{group}").json["conversation"]
    assert (mine[own], theirs[own]) == (True, False)


def test_a_group_can_be_left(browser, group):
    left = browser.delete(f"{API}/conversations/{group}")
    assert (left.status_code, left.json) == (200, {})
    assert browser.get(f"{API}/conversations/{group}").status_code == 404


def test_members_are_added(host, people, browser):
    group = host.group(people[0], people[1])
    answer = browser.post(
        f"{API}/conversations/{group}/members", json={"users": [people[1].id, people[2].id]}
    )
    assert answer.status_code == 200
    assert [member["id"] for member in answer.json["members"]] == [people[1].id, people[2].id]


def test_a_member_becomes_an_owner(browser, group, ben):
    answer = browser.patch(f"{API}/conversations/{group}/members/{ben.id}", json={"role": "owner"})
    assert (answer.status_code, answer.json["members"][0]["owner"]) == (200, True)


def test_a_member_is_removed(host, browser, group, ben):
    answer = browser.delete(f"{API}/conversations/{group}/members/{ben.id}")
    assert (answer.status_code, answer.json) == (200, {})
    assert host.client(ben).get(f"{API}/conversations/{group}").status_code == 404


def test_a_message_is_sent_once(browser, group):
    sent = {"client_id": "first-of-all", "body": "Good morning"}
    answers = [browser.post(f"{API}/conversations/{group}/messages", json=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json == answers[1].json


def test_a_message_has_the_fields_of_a_message(browser, group, ana):
    sent = {"client_id": "first-of-all", "body": "Good morning"}
    message = browser.post(f"{API}/conversations/{group}/messages", json=sent).json["message"]
    assert set(message) == MESSAGE
    assert set(message["author"]) == PERSON
    assert (message["author"]["id"], message["conversation"]) == (ana.id, str(group))


def test_another_message_of_the_same_client_id_is_a_conflict(browser, group):
    place = f"{API}/conversations/{group}/messages"
    browser.post(place, json={"client_id": "first-of-all", "body": "Good morning"})
    answer = browser.post(place, json={"client_id": "first-of-all", "body": "Good evening"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "conflict")


def test_history_is_a_page_in_ascending_order(host, browser, group, ben):
    for body in "abc":
        host.post(ben, group, body)
    answer = browser.get(f"{API}/conversations/{group}/messages?limit=2")
    assert set(answer.json) == {"messages", "more", "head"}
    assert [message["body"] for message in answer.json["messages"]] == ["b", "c"]
    assert (answer.json["more"], answer.json["head"]) == (True, 4)


def test_a_message_is_edited(host, browser, group, ana):
    message = host.post(ana, group, "Helo")
    place = f"{API}/conversations/{group}/messages/{message['id']}"
    answer = browser.patch(place, json={"body": "Hello"})
    assert (answer.status_code, answer.json["message"]["body"]) == (200, "Hello")
    assert answer.json["message"]["edited_at"] is not None


def test_a_deleted_message_is_a_tombstone(host, browser, group, ana):
    message = host.post(ana, group, "Helo")
    answer = browser.delete(f"{API}/conversations/{group}/messages/{message['id']}")
    assert (answer.status_code, set(answer.json["message"])) == (200, MESSAGE)
    assert (answer.json["message"]["deleted"], answer.json["message"]["body"]) == (True, "")


def test_changes_are_frames(host, browser, group, ben):
    host.post(ben, group)
    answer = browser.get(f"{API}/conversations/{group}/changes?after=1")
    assert set(answer.json) == {"changes", "head", "more"}
    assert [frame["type"] for frame in answer.json["changes"]] == ["message.posted"]
    assert set(answer.json["changes"][0]) == {"type", "conversation", "change", "data"}


def test_reading_answers_with_the_own_state(host, browser, group, ben):
    host.post(ben, group)
    answer = browser.put(f"{API}/conversations/{group}/read", json={"seq": 1})
    assert (answer.status_code, set(answer.json)) == (200, SELF)
    assert (answer.json["read_seq"], answer.json["unread"]) == (1, 0)


def test_synchronising_brings_what_differs(browser, group):
    answer = browser.post(f"{API}/sync", json={"known": {}})
    assert set(answer.json) == {"conversations", "next", "gone", "held", "totals", "now", "epoch"}
    assert [set(head) for head in answer.json["conversations"]] == [CONVERSATION | SELF]


def test_totals_alone_can_be_asked_for(host, browser, group, ben):
    host.post(ben, group)
    answer = browser.get(f"{API}/sync?totals=1")
    assert answer.json == {"totals": {"unread": 1, "conversations": 1}}


def test_times_are_utc_with_a_z(host, browser, group, ana):
    message = host.post(ana, group)
    assert message["created_at"].endswith("Z")
    assert len(message["created_at"]) == len("2026-01-01T00:00:00.000Z")


def test_answers_are_not_kept_by_anybody(browser):
    assert browser.get(f"{API}/session").headers["Cache-Control"] == "no-store"
