"""Quiet hours: what is written meanwhile waits with its author, and arrives once, in order."""

from __future__ import annotations

import itertools
import json
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from flask_chat import Hours, signals
from flask_chat.errors import ChatError, Conflict, Forbidden, NotFound, SetupError
from flask_chat.quiet import QuietRule
from flask_chat.services import accounts, members, posting, releasing
from tests.database.test_races import assert_none_failed, at_once
from tests.support.hosts import Host

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REASON = "Pupils have their rest."
numbers = itertools.count(1)


class School:
    """Pupils rest while `closed` is set, at whatever time the test runs; the head may override."""

    def __init__(self, host: Host, **options) -> None:
        self.host, self.closed = host, False
        user = host.User
        hours = Hours("UTC", {day: ["00:00-24:00"] for day in DAYS}, closed=lambda day: self.closed)
        options = {
            "of": select(user.id).where(user.role == "pupil"),
            "override": select(user.id).where(user.role == "head"),
            "open": hours,
            "reason": REASON,
            **options,
        }
        host.chat.quiet_hours("pupils", **options)
        self.pupil = host.person("Pia", role="pupil")
        self.friend = host.person("Fay", role="pupil")
        self.teacher, self.head = host.person("Tea"), host.person("Hed", role="head")

    def post(self, author, conversation, body="Hello", client_id=None):
        return self.host.do(
            posting.post_message, author.identity, conversation, body=body, client_id=client_id
        )

    def hold(self, author, conversation, body="Hello", client_id=None) -> int:
        return int(self.post(author, conversation, body, client_id).held["id"])

    def cancel(self, author, conversation, held):
        return self.host.do(releasing.cancel_held, author.identity, conversation, held)

    def send(self, author, conversation, held):
        return self.host.do(releasing.send_held, author.identity, conversation, held)

    def open(self) -> int:
        self.closed = False
        return self.host.do(releasing.review)

    def bodies(self, conversation) -> list[str]:
        rows = self.host.rows("chat_message", f"conversation_id = {conversation}", "seq")
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
        return [row["body"] for row in rows]

    def waiting(self, author):
        return self.host.do(releasing.held_by, author.key)


@pytest.fixture
def school(host):
    return School(host)


@pytest.fixture
def direct(school):
    return school.host.direct(school.teacher, school.pupil)


# What waits


def test_what_is_written_in_the_quiet_hours_waits_and_then_arrives(school, direct):
    school.closed = True
    with school.host.talk.events() as told:
        held = school.post(school.teacher, direct, "One").held
    assert (held["state"], held["reason"], held["due_at"]) == ("waiting", REASON, None)
    assert {entry.audience.people for entry in told} == {(school.teacher.id,)}
    assert school.bodies(direct) == []
    school.hold(school.teacher, direct, "Two")
    assert school.open() == 2
    assert school.bodies(direct) == ["One", "Two"]
    assert school.waiting(school.teacher) == []


@pytest.mark.parametrize("kind", ["int", "uuid", "text"])
def test_whose_rest_it_is_and_whose_not(make_host, kind):
    school = School(make_host(kind=kind))
    host = school.host
    group = host.group(school.teacher, school.pupil, school.head)
    staff, own = host.direct(school.teacher, school.head), host.direct(school.pupil, school.teacher)
    school.closed = True
    assert school.post(school.teacher, group).held
    assert school.post(school.head, group).held["may_send"] is True
    assert school.post(school.teacher, staff).created
    # The pupil may write: it is not their own rest that they disturb.
    assert school.post(school.pupil, own).created
    assert school.post(school.pupil, group).created
    # What the system says, it says now.
    assert host.do(posting.post_message, None, group, body="The school is closed.").created


def test_in_groups_it_need_not_hold(host):
    school = School(host, in_groups=False)
    group, direct = host.group(school.teacher, school.pupil), None
    direct = host.direct(school.teacher, school.pupil)
    school.closed = True
    assert school.post(school.teacher, group).created
    assert school.post(school.teacher, direct).held


def test_it_says_until_when(host):
    days = {"mon": ["07:00-20:00"]}
    user = host.User
    host.chat.quiet_hours("never", of=select(user.id), open=Hours("UTC", days), reason=REASON)
    school = School(host)
    direct = host.direct(school.teacher, school.pupil)
    school.closed = True
    found = host.do(releasing.list_held, school.teacher.identity, direct)
    assert found["quiet"] is not None
    assert found["quiet"]["until"] is None  # the second does not say
    school.closed = False
    rules = host.do(releasing.describe)["rules"]
    if not rules[0]["open"]:  # all week but Monday by day
        held = school.post(school.teacher, direct).held
        assert held["due_at"].endswith("T07:00:00.000Z")


def test_an_open_rule_costs_no_statement_and_a_closed_one_one(school, direct):
    staff = school.host.direct(school.teacher, school.head)
    school.post(school.teacher, staff)

    def count() -> int:
        with school.host.statements() as seen:
            school.post(school.teacher, staff)
        return len(seen)

    opened = count()
    school.closed = True
    assert count() == opened + 1
    with_rules, school.closed = opened, False
    school.host.chat._quiet._rules.clear()
    assert count() == with_rules


# Repeated, taken back, sent at once


def test_a_repeated_send_finds_it_held_and_a_cancelled_one_cancelled(school, direct):
    school.closed = True
    first = school.post(school.teacher, direct, "One", "mark-of-one")
    assert school.post(school.teacher, direct, "One", "mark-of-one") == first
    with pytest.raises(Conflict):
        school.post(school.teacher, direct, "Other", "mark-of-one")
    school.cancel(school.teacher, direct, int(first.held["id"]))
    school.closed = False
    again = school.post(school.teacher, direct, "One", "mark-of-one")
    assert again.held["state"] == "cancelled"
    assert (school.open(), school.bodies(direct)) == (0, [])


def test_a_repeated_send_of_what_was_sent_before_is_not_held(school, direct):
    sent = school.post(school.teacher, direct, "One", "mark-of-one")
    school.closed = True
    assert school.post(school.teacher, direct, "One", "mark-of-one").message == sent.message


def test_who_may_sends_it_at_once_with_what_was_before_it(school):
    host = school.host
    group = host.group(school.head, school.pupil, school.teacher)
    school.closed = True
    first, second = (school.hold(school.head, group, body) for body in ("One", "Two"))
    school.hold(school.head, group, "Three")
    others = school.hold(school.teacher, group, "Mine")
    with pytest.raises(Forbidden):
        school.send(school.teacher, group, others)
    with pytest.raises(NotFound):
        school.send(school.head, group, others)
    with pytest.raises(NotFound):
        school.cancel(school.head, group, others)
    sent = school.send(school.head, group, second)
    assert [message["body"] for message in sent["messages"]] == ["One", "Two"]
    with pytest.raises(NotFound):
        school.cancel(school.head, group, first)
    assert school.open() == 2
    assert school.bodies(group) == ["One", "Two", "Three", "Mine"]


def test_what_is_written_after_the_end_does_not_overtake(school, direct):
    school.closed = True
    school.hold(school.teacher, direct, "Early")
    school.closed = False
    late = school.post(school.teacher, direct, "Late")
    assert late.held["state"] == "waiting"
    assert school.post(school.pupil, direct, "Mine").created
    # Without a look at calendars: the new one has brought the earlier one forward.
    assert school.host.do(releasing.release_due) == 2
    assert school.bodies(direct) == ["Mine", "Early", "Late"]


# Rights, at the end


def test_what_is_refused_at_the_end_stays_with_its_author(make_host):
    allowed = {"yes": True}
    host = make_host(hooks={"contacts": lambda user: _contacts(host, allowed)})
    school = School(host)
    direct = host.direct(school.teacher, school.pupil)
    school.closed = True
    held = school.hold(school.teacher, direct, "One")
    allowed["yes"] = False
    with host.talk.events() as told:
        assert school.open() == 0
    (refused,) = school.waiting(school.teacher)
    assert (refused["state"], refused["code"], refused["body"]) == ("refused", "forbidden", "One")
    assert {entry.audience.people for entry in told} == {(school.teacher.id,)}
    allowed["yes"] = True
    assert len(school.send(school.teacher, direct, held)["messages"]) == 1
    assert school.bodies(direct) == ["One"]


def _contacts(host, allowed):
    query = select(host.User)
    return query if allowed["yes"] else query.where(host.User.role == "nobody")


def test_who_left_the_group_has_it_refused(school):
    group = school.host.group(school.head, school.pupil, school.teacher)
    school.closed = True
    school.hold(school.teacher, group)
    school.host.do(members.remove_member, school.teacher.identity, group, school.teacher.id)
    assert school.open() == 0
    assert [held["code"] for held in school.waiting(school.teacher)] == ["not_found"]


def test_with_its_author_or_its_conversation_it_is_gone(school, direct):
    host = school.host
    school.closed = True
    school.hold(school.teacher, direct)
    with host.app.app_context():
        host.db.session.delete(host.user(school.teacher))
        host.db.session.commit()
    assert host.rows("chat_held_message") == []
    other = host.direct(school.head, school.pupil)
    school.hold(school.head, other)
    host.execute("DELETE FROM person WHERE person_no = :key", key=school.head.key)
    host.do(accounts.sweep_departed)
    assert host.rows("chat_held_message") == []


# Exactly once


def test_two_that_release_at_once_send_each_once(school):
    host = school.host
    group = host.group(school.teacher, school.pupil)
    school.closed = True
    bodies = [f"No. {number}" for number in range(12)]
    for body in bodies:
        school.hold(school.teacher, group, body)
    school.closed = False
    assert_none_failed(at_once(*[partial(host.do, releasing.review)] * 4))
    assert school.bodies(group) == bodies
    assert host.rows("chat_held_message") == []


def test_a_release_that_nobody_was_told_of_is_found(school, direct):
    """As where a worker dies between commit and publish."""
    reconciler = school.host.app.extensions["chat"].sockets.beat._reconciler
    school.closed = True
    held = school.hold(school.teacher, direct)
    school.host.do(reconciler.look)
    school.host.execute(
        "UPDATE chat_held_message SET state = 'refused', code = 'forbidden' WHERE id = :id", id=held
    )
    with school.host.talk.events() as told:
        school.host.do(reconciler.look)
    assert [json.loads(entry.frame)["data"]["state"] for entry in told] == ["refused"]


steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["post", "post", "post", "again", "cancel", "send", "turn", "turn", "release"]
        ),
        st.sampled_from(
            [("teacher", "group"), ("head", "group"), ("pupil", "group"), ("head", "direct")]
        ),
        st.integers(0, 2),
    ),
    min_size=12,
    max_size=40,
)


class Life:
    """Some who write, take back and send, and what should become of it."""

    def __init__(self, host: Host) -> None:
        host.chat._quiet._rules.clear()  # one life is like the other
        self.host, self.school = host, School(host)
        school = self.school
        self.people = {"teacher": school.teacher, "head": school.head, "pupil": school.pupil}
        self.places = {
            "group": host.group(school.teacher, school.head, school.pupil),
            "direct": host.direct(school.head, school.pupil),
        }
        self.written: dict[tuple[str, str], list[str]] = {}  # by whom and where, in order
        self.cancelled: set[str] = set()

    def live(self, step, who, where, number) -> None:
        with suppress(ChatError):  # who is not in the conversation, or may not
            getattr(self, step)(who, where, number)

    def post(self, who, where, number) -> None:
        mark = f"step-{next(numbers):09}"
        self.school.post(self.people[who], self.places[where], mark, mark)
        self.written.setdefault((who, where), []).append(mark)

    def again(self, who, where, number) -> None:
        for mark in self.written.get((who, where), [])[number : number + 1]:
            self.school.post(self.people[who], self.places[where], mark, mark)

    def cancel(self, who, where, number) -> None:
        for held in self._waiting(who, where)[number : number + 1]:
            self.school.cancel(self.people[who], self.places[where], int(held["id"]))
            self.cancelled.add(held["body"])

    def send(self, who, where, number) -> None:
        for held in self._waiting(who, where)[number : number + 1]:
            self.school.send(self.people[who], self.places[where], int(held["id"]))

    def turn(self, who, where, number) -> None:
        self.school.closed = not self.school.closed

    def release(self, who, where, number) -> None:
        self.host.do(releasing.review)

    def _waiting(self, who, where):
        place = str(self.places[where])
        found = self.school.waiting(self.people[who])
        return [held for held in found if held["conversation"] == place]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_happens_each_arrives_once_and_in_order(host, steps):
    life = Life(host)
    for step, (who, where), number in steps:
        life.live(step, who, where, number)
    life.school.open()
    for where, place in life.places.items():
        arrived = life.school.bodies(place)
        for who in life.people:
            own = [b for b in life.written.get((who, where), []) if b not in life.cancelled]
            assert [body for body in arrived if body in own] == own
        assert not life.cancelled & set(arrived)
    assert {row["state"] for row in host.rows("chat_held_message")} <= {"cancelled"}


# Doors


def test_both_doors_and_the_host_itself(school, direct):
    host = school.host
    school.closed = True
    client = host.client(school.teacher)
    path = f"/chat/api/conversations/{direct}"
    message = {"body": "One", "client_id": "mark-of-one"}
    answer = client.post(f"{path}/messages", json=message)
    assert (answer.status_code, list(answer.json)) == (202, ["held"])
    held = answer.json["held"]
    assert client.post("/chat/api/sync", json={"known": {}}).json["held"] == [held]
    found = client.get(f"{path}/held").json
    assert (found["held"], found["quiet"]["reason"]) == ([held], REASON)
    assert host.client(school.pupil).get(f"{path}/held").json == {"held": [], "quiet": None}
    assert client.post(f"{path}/held/{held['id']}/send").status_code == 403
    assert client.delete(f"{path}/held/{held['id']}").json["held"]["state"] == "cancelled"
    heard = []
    receive = lambda app, event: heard.append(event.data["body"])  # noqa: E731
    with signals.message_held.connected_to(receive, sender=host.app), host.app.app_context():
        host.chat.post_message(host.user(school.teacher), direct, "From the host")
        host.db.session.commit()
    assert heard == ["From the host"]
    assert [held["body"] for held in school.waiting(school.teacher)] == heard


def test_the_command_tells_of_it_and_releases(school, direct):
    school.closed = True
    school.hold(school.teacher, direct)
    found = json.loads(school.host.run("quiet", "--json").output)
    assert (found["waiting"], found["rules"][0]["open"]) == (1, False)
    assert "closed" in school.host.run("quiet").output
    school.closed = False
    assert json.loads(school.host.run("quiet", "--release", "--json").output)["sent"] == 1
    assert school.bodies(direct) == ["Hello"]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [({"name": "no name"}, "name"), ({"reason": " "}, "reason"), ({"open": "09:00"}, "open")],
)
def test_what_does_not_fit_is_said_in_a_sentence(host, wrong, word):
    right = {"name": "pupils", "reason": REASON, "of": select(host.User.id),
             "open": Hours("UTC", {"mon": ["09:00-10:00"]})}  # fmt: skip
    with pytest.raises(SetupError, match=word):
        QuietRule(**{**right, **wrong})


def test_a_name_is_given_once(school):
    with pytest.raises(SetupError, match="already"):
        School(school.host)
