"""The host's people: what their hooks may be, and what happens when an account goes."""

from __future__ import annotations

import json

import pytest
from flask_login import AnonymousUserMixin
from sqlalchemy import delete, select, union

from flask_chat.errors import Forbidden, SetupError
from flask_chat.services import accounts, conversations, history, members, messages
from tests.support.hosts import Role


def person_of(host, person):
    return host.client(person).get("/chat/api/session").json["user"]


# Hooks


@pytest.mark.parametrize(
    ("hook", "name"),
    [(None, "Ana Example"), ("name", "Ana"), ("full_name", "Ana Example"),
     ("nothing", "Ana Example"), (lambda user: f"Ms {user.name}", "Ms Ana"),
     (lambda user: None, "Ana Example"), (lambda user: "  ", "Ana Example")],
    ids=["default", "attribute", "method", "None", "callable", "callable None", "blank"],
)  # fmt: skip
def test_people_are_called_as_the_hook_says_or_else_as_usual(make_host, hook, name):
    host = make_host(hooks={"display_name": hook})
    host.User.nothing = None
    ana = host.person("Ana")
    assert person_of(host, ana)["name"] == name


def test_somebody_without_any_name_has_their_number(make_host):
    host = make_host(hooks={"display_name": "name"})
    host.User.full_name, full_name = (lambda user: None), host.User.full_name
    try:
        nobody = host.person("")
        assert person_of(host, nobody)["name"] == f"User {nobody.id}"
    finally:
        host.User.full_name = full_name


@pytest.mark.parametrize(
    ("hook", "role"),
    [(None, None), ("role", "teacher"), (lambda user: Role.TEACHER, "Teacher"),
     (lambda user: Role.GUARDIAN, "guardian"), (lambda user: None, None), (lambda user: 7, "7")],
)  # fmt: skip
def test_what_people_are(make_host, hook, role):
    host = make_host(hooks={"role": hook})
    assert person_of(host, host.person("Ana", role="teacher"))["role"] == role


@pytest.mark.parametrize(
    ("picture", "avatar"),
    [(None, None), ("", None), ("/media/a.png", "/media/a.png"), ("a.png", "/static/a.png"),
     ("https://cdn.example/a.png", "https://cdn.example/a.png")],
)  # fmt: skip
def test_pictures_of_people(make_host, picture, avatar):
    host = make_host(hooks={"avatar": "picture"})
    assert person_of(host, host.person("Ana", picture=picture))["avatar"] == avatar


def test_a_picture_is_the_same_whether_a_request_asks_or_not(make_host):
    """An event made by a socket command has no request, and is compared with one that has."""
    host = make_host(hooks={"avatar": "picture"})
    ana = host.person("Ana", picture="a.png")
    sent = host.post(ana, host.group(ana))
    page = host.client(ana).get(f"/chat/api/conversations/{sent['conversation']}/messages").json
    assert page["messages"][0]["author"] == sent["author"]


@pytest.mark.parametrize(
    "hook", [None, "active", "is_active", lambda user: user.active, lambda user: int(user.active)]
)
def test_whoever_is_not_active_is_nobody(make_host, hook):
    host = make_host(hooks={"is_active": hook})
    ana = host.person("Ana", active=False)
    assert host.client(ana).get("/chat/api/session").status_code == 401


def test_the_identity_hook_says_who_is_signed_in(make_host):
    host = make_host()
    ana = host.person("Ana")
    host.chat.identity(lambda: host.user(ana))
    assert host.client().get("/chat/api/session").json["user"]["id"] == ana.id


@pytest.mark.parametrize("answer", [None, object(), "1", 1])
def test_an_identity_that_is_no_user_of_the_chats_model_is_nobody(make_host, answer):
    host = make_host()
    host.person("Ana")
    host.chat.identity(lambda: answer)
    assert host.client().get("/chat/api/session").status_code == 401


# Contacts


def _all_but_eve(user_class):
    return select(user_class).where(user_class.name != "Eve")


CONTACTS = {
    "users": lambda host, user: _all_but_eve(host.User),
    "keys": lambda host, user: select(host.User.id).where(host.User.name != "Eve"),
    "ordered": lambda host, user: _all_but_eve(host.User).order_by(host.User.name),
    "limited": lambda host, user: _all_but_eve(host.User).order_by(host.User.name).limit(10),
    "distinct": lambda host, user: _all_but_eve(host.User).distinct(),
    "joined": lambda host, user: _all_but_eve(host.User).join(
        host.db.Note, host.db.Note.words == host.User.name, isouter=True
    ),
    "with another column": lambda host, user: select(host.User.name, host.User.id).where(
        host.User.name != "Eve"
    ),
    "union of users": lambda host, user: union(
        select(host.User).where(host.User.name == "Ben"),
        select(host.User).where(host.User.name == "Cem"),
    ),
    "union of keys": lambda host, user: union(
        select(host.User.id).where(host.User.name == "Ben"),
        select(host.User.id).where(host.User.name == "Cem"),
    ),
}


@pytest.mark.parametrize("answer", list(CONTACTS))
def test_contacts_may_be_any_query_over_users(make_host, answer):
    host = make_host(kind="uuid")
    ana, *_ = host.people("Ana", "Ben", "Cem", "Eve")
    host.chat.contacts(lambda user: CONTACTS[answer](host, user))
    people = host.client(ana).get("/chat/api/people").json["people"]
    assert [person["name"] for person in people] == ["Ben Example", "Cem Example"]


@pytest.mark.parametrize(
    "answer",
    [None, [], lambda host: select(host.User.name), lambda host: select(host.db.Note.words)],
)
def test_contacts_that_are_no_such_query_say_what_is_wrong(make_host, answer):
    host = make_host()
    ana, ben = host.people("Ana", "Ben")
    host.chat.contacts(lambda user: answer(host) if callable(answer) else answer)
    with pytest.raises(SetupError, match="contacts"):
        host.direct(ana, ben)


def test_the_directory_is_searched_in_any_case_and_script(make_host):
    host = make_host()
    ana = host.person("Ana")
    host.people("Éva Straße", "Борис", "李雷", "مُحَمَّد", "Øyvind")
    client = host.client(ana)
    finds = {
        "straSSE": 1, "eva": 1, "strasse éva": 1, "e\u0301va": 1, "БОРИС": 1, "李": 1, "محمد": 1,
        "oyvind": 1, "x": 5, "%": 0, "eva boris": 0, "  ": 5,
    }  # fmt: skip
    for wanted, found in finds.items():
        people = client.get("/chat/api/people", query_string={"q": wanted}).json["people"]
        assert len(people) == found, wanted


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_of_the_directory_have_each_once(make_host, limit):
    host = make_host()
    ana = host.person("Ana")
    others = host.people("Cem", "cem", "Ben", "Ben", "Éva")
    found, cursor = [], None
    while True:
        query = {"limit": limit} | ({"after": cursor} if cursor else {})
        page = host.client(ana).get("/chat/api/people", query_string=query).json
        found += [person["id"] for person in page["people"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(found) == sorted(person.id for person in others)


@pytest.mark.parametrize("cursor", ["x", "e30=", "W10=", "WzFd", "é", "/" * 400, "eyJhIjoxfQ=="])
def test_a_cursor_that_is_none_is_refused(make_host, cursor):
    host = make_host()
    ana = host.person("Ana")
    answer = host.client(ana).get("/chat/api/people", query_string={"after": cursor})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["after"])


# Accounts that go


@pytest.fixture
def people(host):
    return host.people("Ana", "Ben", "Cem")


@pytest.fixture
def group(host, people):
    return host.group(*people)


def remove_account(host, person):
    with host.app.app_context():
        host.db.session.delete(host.user(person))
        host.db.session.commit()


def remove_in_bulk(host, *people):
    with host.app.app_context():
        keys = [person.key for person in people]
        host.db.session.execute(delete(host.User).where(host.User.id.in_(keys)))
        host.db.session.commit()


def test_what_somebody_wrote_stays_without_their_name(host, people, group):
    host.post(people[1], group, "I was here")
    remove_account(host, people[1])
    page = host.do(history.read_history, people[0].identity, group)
    assert [(m["body"], m["author"]) for m in page["messages"]] == [("I was here", None)]


def test_a_deleted_account_ends_its_memberships_for_all_to_see(host, people, group):
    with host.talk.events() as events:
        remove_account(host, people[1])
    frame = json.loads(events[0].frame)
    assert [(m["id"], m["left"]) for m in frame["data"]["members"]] == [(people[1].id, True)]
    listed = host.do(members.list_members, people[0].identity, group)["members"]
    assert [member["id"] for member in listed] == [people[0].id, people[2].id]


def test_a_deleted_owner_passes_the_group_on(host, people, group):
    remove_account(host, people[0])
    assert host.do(members.list_members, people[1].identity, group)["members"][0]["owner"]


def test_a_deleted_account_leaves_nobody_an_owner_of_a_direct_conversation(host, people):
    direct = host.direct(people[0], people[1])
    sent = host.post(people[0], direct, "Mine")
    remove_account(host, people[0])
    with pytest.raises(Forbidden):
        host.do(messages.delete_message, people[1].identity, direct, int(sent["id"]))


def test_a_deletion_that_is_rolled_back_ends_nothing(host, people, group):
    before = host.dump()
    with host.talk.events() as events, host.app.app_context():
        host.db.session.delete(host.user(people[1]))
        host.db.session.flush()
        host.db.session.rollback()
    assert (host.dump(), events) == (before, [])


def test_nobody_writes_to_somebody_who_is_gone(host, people):
    direct = host.direct(people[0], people[1])
    remove_account(host, people[1])
    with pytest.raises(Forbidden):
        host.post(people[0], direct)


@pytest.mark.parametrize("enforced", [False, True])
def test_the_sweep_ends_what_a_bulk_delete_left(host, people, group, enforced):
    host.post(people[1], group)
    remove_unseen(host, enforced, people[0], people[1])
    with host.talk.events() as events:
        assert host.do(accounts.sweep_departed) == 2
    listed = host.do(members.list_members, people[2].identity, group)["members"]
    assert [(member["id"], member["owner"]) for member in listed] == [(people[2].id, True)]
    told = [json.loads(entry.frame)["type"] for entry in events]
    assert told == ["tick", "member.changed"]


def remove_unseen(host, enforced, *people):
    """As a bulk delete does where foreign keys are enforced, and where they are not."""
    keys = ", ".join(str(person.key) for person in people)
    with host.app.app_context():
        dialect = host.db.engine.dialect.name
    if dialect == "postgresql" and not enforced:
        host.execute("ALTER TABLE chat_member DROP CONSTRAINT fk_chat_member_user")
        host.execute("ALTER TABLE chat_message DROP CONSTRAINT fk_chat_message_author")
    with host.app.app_context(), host.db.engine.connect() as connection:
        if dialect == "sqlite":
            connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if enforced else 'OFF'}")
        connection.exec_driver_sql(f"DELETE FROM person WHERE person_no IN ({keys})")
        connection.commit()
        if dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    if dialect == "postgresql" and not enforced:
        for table, column, name in (
            ("chat_member", "user_id", "member_user"),
            ("chat_message", "author_id", "message_author"),
        ):  # fmt: skip
            host.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT fk_chat_{name} FOREIGN KEY ({column}) "
                "REFERENCES person ON DELETE SET NULL NOT VALID"
            )


def test_a_second_sweep_finds_nothing(host, people, group):
    remove_in_bulk(host, people[1])
    host.do(accounts.sweep_departed)
    before = host.dump()
    assert (host.do(accounts.sweep_departed), host.dump()) == (0, before)


@pytest.mark.parametrize("way", [remove_account, remove_in_bulk])
def test_a_number_used_again_inherits_nothing(host, people, group, way):
    """SQLite gives the number of the last row out again."""
    host.post(people[2], group, "Private")
    direct = host.direct(people[0], people[2])
    way(host, people[2])
    with host.app.app_context():
        new = host.User(id=people[2].key, name="New")
        host.db.session.add(new)
        host.db.session.commit()
    browser = host.client(people[2])
    assert browser.get(f"/chat/api/conversations/{group}/messages").status_code == 404
    assert browser.post("/chat/api/sync", json={}).json["conversations"] == []
    page = host.do(history.read_history, people[0].identity, group)
    assert page["messages"][0]["author"] is None
    assert host.direct(people[0], people[2]) != direct


def test_somebody_deactivated_stays_a_member_and_is_shown(host, people, group):
    host.execute("UPDATE person SET active = false WHERE person_no = :key", key=people[1].key)
    listed = host.do(conversations.get_conversation, people[0].identity, group)["members"]
    assert [member["left"] for member in listed] == [False, False, False]


@pytest.mark.parametrize("kind", ["int", "uuid", "text"])
def test_who_is_inactive_is_found_in_one_statement(make_host, kind):
    host = make_host(kind=kind)
    ana, ben = host.people("Ana", "Ben")
    cem = host.person("Cem", active=False)
    remove_account(host, ben)
    with host.statements() as statements:
        found = host.do(accounts.inactive_among, [ana.id, ben.id, cem.id])
    assert (found, len([s for s in statements if "person" in s])) == ({ben.id, cem.id}, 1)


def test_a_host_without_the_chats_tables_keeps_adding_and_deleting_people(databases):
    from tests.support.hosts import Host

    host = Host(databases.empty())
    with host.app.app_context():
        host.User.__table__.create(host.db.engine)
    remove_account(host, host.person("Ana"))
    assert host.rows("person") == []
    host.close()


def test_nobody_is_signed_out_without_an_error_and_a_key_with_one(host):
    with host.app.app_context():
        host.chat.sign_out(None)
        host.chat.sign_out(AnonymousUserMixin())
        with pytest.raises(
            SetupError, match=r"sign_out takes a .*, or None for nobody; this is 17"
        ):
            host.chat.sign_out(17)
