"""Announcements: to whom, once, read by everybody, answered in private, confirmed and counted."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import insert, select

from flask_chat import Recipients
from flask_chat.errors import Conflict, Forbidden, Invalid, ManyRecipients, NotFound
from flask_chat.services import (
    accounts,
    announcements,
    conversations,
    history,
    members,
    messages,
    presence,
    reads,
    sync,
    typing,
)


class School:
    """Rita of the office may announce to the guardians of 5b: Ana, Ben and Cem, not to Dan."""

    def __init__(self, host) -> None:
        self.host = host
        self.rita, self.dan = host.people("Rita", "Dan")
        self.cem, self.ben, self.ana = (
            host.person(name, group="5b") for name in ("Cem", "Ben", "Ana")
        )
        host.person("Gone", group="5b", active=False)
        host.chat.announcements(self.lists_of)

    def lists_of(self, user):
        if user.name != "Rita":
            return []
        model = self.host.User
        return [Recipients("5b", "Guardians of 5b", select(model).where(model.group == "5b"))]

    def announce(self, author=None, to="5b", client_id="announced-1", **values):
        values = {"title": "Excursion", "body": "On Friday.", "confirm": True, **values}
        who = (author or self.rita).identity
        return self.host.do(announcements.post_announcement, who, to, client_id=client_id, **values)

    def number(self, **values):
        return int(self.announce(**values).conversation["id"])

    def report(self, conversation, **values):
        return self.host.do(
            announcements.list_recipients, self.rita.identity, conversation, **values
        )


@pytest.fixture
def school(host):
    return School(host)


def texts(host, person, conversation):
    page = host.do(history.read_history, person.identity, conversation)
    return [message["body"] for message in page["messages"]]


# To whom


def test_everybody_active_in_the_list_has_it_and_nobody_else(school):
    host, announced = school.host, school.announce()
    number = int(announced.conversation["id"])
    assert (announced.recipients, announced.created) == (3, True)
    for person in (school.ana, school.ben, school.cem):
        assert texts(host, person, number) == ["On Friday."]
        assert host.do(reads.totals, person.identity) == {"unread": 1, "conversations": 1}
    assert host.do(reads.totals, school.rita.identity)["unread"] == 0
    with pytest.raises(NotFound):
        texts(host, school.dan, number)


def test_only_whom_the_host_lets_announce_has_lists(school):
    do = school.host.do
    assert do(announcements.list_recipient_lists, school.rita.identity) == [
        {"name": "5b", "label": "Guardians of 5b"}
    ]
    assert do(announcements.count_recipients, school.rita.identity, "5b") == 3
    assert do(announcements.list_recipient_lists, school.ana.identity) == []
    before = school.host.dump()
    for author, to in ((school.ana, "5b"), (school.rita, "5c")):
        with pytest.raises(NotFound):
            school.announce(author, to)
    assert school.host.dump() == before


def test_nobody_may_announce_where_the_host_has_not_said_who(host):
    ana, _ = host.people("Ana", "Ben")
    assert host.do(announcements.list_recipient_lists, ana.identity) == []
    with pytest.raises(NotFound):
        host.do(announcements.post_announcement, ana.identity, "all", title="T", body="B")


def test_who_joins_the_list_later_does_not_get_it(school):
    number = school.number()
    late = school.host.person("Late", group="5b")
    with pytest.raises(NotFound):
        texts(school.host, late, number)
    assert school.announce().recipients == 3


def test_a_list_with_nobody_in_it_is_refused(school):
    school.host.execute("UPDATE person SET class = 'gone'")
    with pytest.raises(Invalid):
        school.announce()
    assert school.host.rows("chat_conversation") == []


# Once


def test_the_same_again_finds_it_and_another_under_its_mark_is_refused(school):
    first, second = school.announce(), school.announce()
    assert (first.conversation["id"], second.created) == (second.conversation["id"], False)
    before = school.host.dump()
    with pytest.raises(Conflict):
        school.announce(body="On Monday.")
    assert school.host.dump() == before
    assert len(school.host.rows("chat_message")) == 1


def test_it_takes_one_transaction_and_a_few_statements_however_many_they_are(make_host):
    def cost(people):
        school = School(make_host())
        with school.host.app.app_context():
            model = school.host.User
            school.host.db.session.add_all(
                model(id=school.host.kind.new_key(f"p{n}"), name=f"P {n}", group="5b")
                for n in range(people)
            )
            school.host.db.session.commit()
        with school.host.statements() as seen, school.host.talk.events() as carried:
            school.announce(recipients=people + 3)
        events = [json.loads(entry.frame)["type"] for entry in carried]
        assert events == ["conversation.created", "message.posted"]
        # What is written for many at once comes in pages where the driver wants that.
        return len([text for text in seen if not text.startswith("INSERT INTO chat_member")])

    assert cost(300) == cost(1)


def test_thousands_get_it_in_batches_and_nobody_is_left_out_or_twice_in_it(make_host):
    school = School(make_host(kind="int"))
    model, written = school.host.User, []
    with school.host.app.app_context():
        many = [{"person_no": 1000 + n, "name": f"P {n}", "group": "5b"} for n in range(5_000)]
        school.host.db.session.execute(insert(model), many)
        school.host.db.session.commit()
    announced = school.announce(recipients=5_003, told=written.append)
    assert announced.recipients == 5_003
    assert written == [1000] * 5 + [4]
    number = int(announced.conversation["id"])
    rows = school.host.rows("chat_member", f"conversation_id = {number}")
    assert len({row["user_id"] for row in rows}) == len(rows) == 5_004


def test_what_fails_in_the_middle_leaves_nothing_and_may_be_repeated(school):
    before = school.host.dump()

    def killed(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        school.announce(told=killed)
    assert school.host.dump() == before
    assert school.announce().created


# How many


def test_above_the_threshold_the_very_number_must_have_been_agreed_to(make_host):
    school = School(make_host(CHAT_ANNOUNCE_ABOVE=2))
    for agreed in (None, 2, 4):
        with pytest.raises(ManyRecipients) as refused:
            school.announce(recipients=agreed)
        assert refused.value.to_dict()["recipients"] == 3
    assert school.host.rows("chat_conversation") == []
    assert school.announce(recipients=3).created


# Nobody is shown another


def test_those_who_got_it_are_not_shown_one_another(school):
    host, number = school.host, school.number()
    head = host.do(conversations.get_conversation, school.ana.identity, number)
    assert [one["name"] for one in head["members"]] == ["Rita Example"]
    assert head["members_count"] == 1
    assert head["announcement"] == {"confirm": True}
    listed = host.do(members.list_members, school.ana.identity, number)["members"]
    assert [one["id"] for one in listed] == [school.rita.id]
    changes = host.do(sync.list_changes, school.ana.identity, number, after=0, limit=100)
    told = json.dumps(changes)
    assert "Ben" not in told
    assert "Guardians of 5b" not in json.dumps([head, changes])


def test_reading_and_typing_are_told_to_nobody_and_presence_only_to_contacts(make_host):
    def contacts(user):
        model = type(user)
        return select(model).where(model.name == "Rita")

    school = School(make_host(hooks={"contacts": contacts}))
    host, number = school.host, school.number()
    with host.talk.events() as carried:
        host.do(reads.mark_read, school.ana.identity, number, seq=1)
        host.do(typing.tell_typing, school.ana.identity, number)
    assert {entry.audience.people for entry in carried} == {(school.ana.id,)}
    seen = host.do(presence.watchable, school.ana.identity, [school.ben.id, school.rita.id])
    assert seen == {school.rita.id}


def test_an_account_that_is_deleted_is_not_named_to_the_others(school):
    host, number = school.host, school.number()
    with host.talk.events() as carried, host.app.app_context():
        host.db.session.delete(host.user(school.ben))
        host.db.session.commit()
    assert not [entry for entry in carried if getattr(entry, "audience", None)]
    assert school.report(number)["total"] == 2
    assert host.do(accounts.sweep_departed) == 0


# Who writes there


def test_only_its_sender_writes_there(school):
    host, number = school.host, school.number()
    with pytest.raises(Forbidden):
        host.post(school.ana, number, "Me too")
    host.post(school.rita, number, "At nine.")
    assert texts(host, school.ana, number) == ["On Friday.", "At nine."]
    assert len(host.rows("chat_message")) == 2


def test_a_private_answer_is_offered_where_the_host_allows_it(make_host):
    def contacts(user):
        model = type(user)
        return select(model).where(model.name == ("Rita" if user.name == "Ana" else "Dan"))

    school = School(make_host(hooks={"contacts": contacts}))
    number = school.number()

    def offered(person):
        return school.host.do(announcements.reply_to, person.identity, number)

    assert offered(school.ana)["id"] == school.rita.id
    assert offered(school.ben) is None
    assert offered(school.rita) is None
    with pytest.raises(NotFound):
        offered(school.dan)


def test_an_answer_is_for_its_sender_alone(school):
    host, number = school.host, school.number()
    head = host.do(conversations.get_conversation, school.ana.identity, number)
    direct = host.do(
        conversations.open_direct, school.ana.identity, head["members"][0]["id"]
    ).conversation
    host.post(school.ana, int(direct["id"]), "Mia is ill.")
    assert texts(host, school.rita, int(direct["id"])) == ["Mia is ill."]
    with pytest.raises(NotFound):
        texts(host, school.ben, int(direct["id"]))


def test_nobody_leaves_it_joins_it_or_renames_it(school):
    host, number = school.host, school.number()
    ana, rita = school.ana.identity, school.rita.identity
    for act in (
        lambda: host.do(members.remove_member, ana, number, ana.user),
        lambda: host.do(members.remove_member, rita, number, ana.user),
        lambda: host.do(members.add_members, rita, number, [school.dan.id]),
        lambda: host.do(conversations.rename_group, rita, number, title="Trip"),
        lambda: host.do(members.appoint_member, rita, number, ana.user, owner=True),
    ):
        with pytest.raises(Forbidden):
            act()


# Confirmed


def test_who_confirms_has_read_it_once_and_on_all_devices(school):
    host, number = school.host, school.number()
    with host.talk.events() as carried:
        for _ in range(2):
            state = host.do(announcements.confirm_reading, school.ana.identity, number)
    assert (state["confirmed"], state["unread"], state["read_seq"]) == (True, 0, 1)
    (entry,) = carried
    assert entry.audience.people == (school.ana.id,)
    assert json.loads(entry.frame)["data"] == state


def test_its_sender_sees_who_has_confirmed_and_who_has_not(school):
    host, number = school.host, school.number()
    host.do(announcements.confirm_reading, school.ben.identity, number)
    host.do(reads.mark_read, school.cem.identity, number, seq=1)
    report = school.report(number)
    assert (report["to"], report["total"]) == ("Guardians of 5b", 3)
    assert (report["read"], report["confirmed"]) == (2, 1)
    by_name = {one["name"]: (one["read"], one["confirmed_at"] is not None) for one in
               report["recipients"]}  # fmt: skip
    assert list(by_name.items()) == [
        ("Ana Example", (False, False)), ("Ben Example", (True, True)),
        ("Cem Example", (True, False)),
    ]  # fmt: skip
    missing = school.report(number, missing=True, limit=1)
    assert [one["id"] for one in missing["recipients"]] == [school.ana.id]
    rest = school.report(number, missing=True, after=int(missing["next"]))
    assert ([one["id"] for one in rest["recipients"]], rest["next"]) == ([school.cem.id], None)


def test_only_its_sender_sees_the_table_and_only_those_asked_confirm(school):
    host, number = school.host, school.number()
    group = host.group(school.rita, school.ana)
    unasked = school.number(client_id="announced-2", confirm=False)
    listing, confirming = announcements.list_recipients, announcements.confirm_reading
    for verb, who, where, error in (
        (listing, school.ana, number, Forbidden),
        (listing, school.dan, number, NotFound),
        (listing, school.rita, group, NotFound),
        (confirming, school.rita, number, Forbidden),
        (confirming, school.dan, number, NotFound),
        (confirming, school.ana, group, Forbidden),
        (confirming, school.ana, unasked, Forbidden),
    ):
        with pytest.raises(error):
            host.do(verb, who.identity, where)


def test_its_words_may_be_changed_and_everybody_sees_that(school):
    host, number = school.host, school.number()
    (message,) = host.rows("chat_message")
    host.do(messages.edit_message, school.rita.identity, number, message["id"], body="On Monday.")
    assert texts(host, school.ana, number) == ["On Monday."]


# From the host's own code


def test_the_hosts_code_announces_with_its_own_commit(school):
    host = school.host
    query = select(host.User.id).where(host.User.group == "5b")
    with host.app.app_context():
        rita = host.user(school.rita)
        host.chat.announce(rita, query, "Lost", title="Never", key="rolled-back")
        host.db.session.rollback()
        assert host.rows("chat_conversation") == []
        number, again = (
            host.chat.announce(rita, query, "On Friday.", title="Excursion", key="kept")
            for _ in range(2)
        )
        assert number == again
        host.db.session.commit()
    assert texts(host, school.ana, number) == ["On Friday."]
    assert school.report(number)["to"] == "Excursion"


# From the command line


def announce(school, *options, **more):
    base = ("announce", "--as", school.rita.id, "--title", "Excursion", "On Friday.")
    return school.host.run(*base, *options, **more)


def test_the_command_shows_the_lists_and_a_dry_run_sends_nothing(school):
    lists = school.host.run("announce", "--as", school.rita.id, "--json")
    assert json.loads(lists.output) == [{"name": "5b", "label": "Guardians of 5b", "recipients": 3}]
    assert "3 people" in announce(school, "--to", "5b", "--dry-run").output
    assert school.host.rows("chat_conversation") == []


def test_the_command_asks_above_the_threshold_and_may_be_repeated(make_host):
    school = School(make_host(CHAT_ANNOUNCE_ABOVE=2))
    refused = announce(school, "--to", "5b", input="n\n")
    assert (refused.exit_code, school.host.rows("chat_conversation")) == (1, [])
    assert "to 3 people: conversation 1" in announce(school, "--to", "5b", input="y\n").output
    again = announce(school, "--to", "5b", "--yes", "--json")
    assert json.loads(again.stdout)["announced"]["id"] == "1"
    assert len(school.host.rows("chat_message")) == 1
    wrong = announce(school, "--to", "5c")
    assert (wrong.exit_code, "no such list" in wrong.output) == (1, True)


def test_the_command_says_who_has_confirmed(school):
    number = school.number()
    school.host.do(announcements.confirm_reading, school.ben.identity, number)
    report = json.loads(school.host.run("announced", str(number), "--json").output)
    assert (report["total"], report["confirmed"], len(report["recipients"])) == (3, 1, 3)
    missing = school.host.run("announced", str(number), "--missing").output
    assert "Ana Example" in missing
    assert "Ben Example" not in missing
    assert school.host.run("announced", "999").exit_code == 1
