"""Supervision by rule: who is in other people's conversations because the host's rows say so."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from flask_chat.errors import Forbidden, NotFound, SetupError
from flask_chat.services import conversations, history, members, reads, supervision, sync
from flask_chat.supervision import SupervisionRule
from tests.support.hosts import Host

KINDS = pytest.mark.parametrize("kind", ["int", "uuid", "text"])
REASON = "A guardian reads along where staff write to pupils."


class School:
    """A host whose pupils have guardians, who are there wherever staff write to the pupils."""

    def __init__(self, host: Host, **options) -> None:
        self.host, self.db = host, host.db
        case, user = host.db.Case, host.User
        # A case here is a family: its people are assigned to it, and the pupil is its own.
        self.of = select(case.family, host.db.Assignment.person_no).join(
            host.db.Assignment, host.db.Assignment.case_no == case.id
        )
        staff = select(user.id).where(user.role == "staff")
        options = {"of": self.of, "talking_with": staff, "reason": REASON, **options}
        host.chat.supervise("guardian", **options)
        self.teacher = host.person("Tea", role="staff")
        self.pupil, self.mother, self.friend = host.people("Pia", "Mum", "Fay")
        self.family = self.new_family(self.pupil)
        self.add_guardian(self.mother)

    def new_family(self, pupil):
        with self.host.app.app_context():
            case = self.db.Case(
                id=self.host.kind.new_key(pupil.name), title=pupil.name, family=pupil.key
            )
            self.db.session.add(case)
            self.db.session.commit()
            return case.id

    def add_guardian(self, person, family=None) -> None:
        with self.host.app.app_context():
            key = self.family if family is None else family
            self.db.session.add(self.db.Assignment(case_no=key, person_no=person.key))
            self.db.session.commit()

    def drop_guardians(self) -> None:
        """In a way that nobody notices."""
        self.host.execute("DELETE FROM assignment")

    def head(self, person, conversation):
        return self.host.do(conversations.get_conversation, person.identity, conversation)

    def listed(self, person):
        heads = self.host.do(sync.synchronise, person.identity, known={})["conversations"]
        return [int(head["id"]) for head in heads]

    def people(self, person, conversation):
        listed = self.host.do(members.list_members, person.identity, conversation)["members"]
        return {member["name"].split()[0]: member["rule"] for member in listed}

    def sweep(self) -> int:
        return self.host.do(supervision.sweep)

    def read(self, person, conversation):
        page = self.host.do(history.read_history, person.identity, conversation)
        return [message["body"] for message in page["messages"]]


@pytest.fixture
def school(host):
    return School(host)


def frames(events, person, *kinds):
    found = [json.loads(entry.frame) for entry in events if person.id in entry.audience.people]
    return [frame for frame in found if frame["type"] in kinds]


# Access


@KINDS
def test_a_guardian_reads_and_hears_what_staff_write_to_a_pupil(make_host, kind):
    school = School(make_host(kind=kind))
    conversation = school.host.direct(school.teacher, school.pupil)
    with school.host.talk.events() as events:
        school.host.post(school.teacher, conversation, "See me after school")
    assert len(frames(events, school.mother, "message.posted")) == 1
    assert school.read(school.mother, conversation) == ["See me after school"]
    assert school.listed(school.mother) == [conversation]
    assert school.host.do(reads.totals, school.mother.identity)["unread"] == 1


def test_everybody_sees_that_she_is_there_and_why(school):
    conversation = school.host.direct(school.pupil, school.teacher)
    school.host.post(school.pupil, conversation)
    seen = {"Tea": None, "Pia": None, "Mum": REASON}
    for person in (school.teacher, school.pupil, school.mother):
        assert school.people(person, conversation) == seen
        assert school.head(person, conversation)["members_count"] == 3


def test_the_rule_is_about_no_other_talk(school):
    school.host.post(school.pupil, school.host.direct(school.pupil, school.friend))
    school.host.post(school.teacher, school.host.direct(school.teacher, school.friend))
    school.host.post(school.pupil, school.host.group(school.pupil, school.friend))
    assert school.listed(school.mother) == []


def test_a_conversation_of_years_ago_has_her_from_the_hosts_commit_on(school):
    school.drop_guardians()
    conversation = school.host.direct(school.teacher, school.pupil)
    school.host.post(school.teacher, conversation, "Before")
    with pytest.raises(NotFound):
        school.read(school.mother, conversation)
    school.add_guardian(school.mother)
    assert school.read(school.mother, conversation) == ["Before"]


def test_with_the_rule_she_is_out(school):
    conversation = school.host.direct(school.teacher, school.pupil)
    school.host.post(school.teacher, conversation)
    school.drop_guardians()
    with pytest.raises(NotFound):
        school.host.post(school.mother, conversation)
    with pytest.raises(NotFound):
        school.host.do(reads.mark_read, school.mother.identity, conversation, seq=1)
    with school.host.talk.events() as events:
        school.host.post(school.teacher, conversation)
    assert frames(events, school.mother, "message.posted") == []
    assert school.listed(school.mother) == []


def test_she_may_write_and_the_two_still_write_to_each_other(make_host):
    """`contacts` is asked about the two who talk, not about her."""
    hooks = {}
    host = make_host(hooks=hooks)
    school = School(host)
    allowed = {school.teacher.key: [school.pupil.key], school.pupil.key: [school.teacher.key]}

    @host.chat.contacts
    def contacts(user):
        return select(host.User).where(host.User.id.in_(allowed.get(user.id, [])))

    conversation = host.direct(school.teacher, school.pupil)
    for person in (school.teacher, school.pupil, school.mother):
        host.post(person, conversation, f"From {person.name}")
    assert host.direct(school.pupil, school.teacher) == conversation
    allowed.clear()
    with pytest.raises(Forbidden):
        host.post(school.teacher, conversation)


def test_who_supervises_oneself_is_no_supervisor(school):
    """A teacher who is the guardian: with nobody else there, the rule has nobody to add."""
    school.add_guardian(school.teacher)
    conversation = school.host.direct(school.teacher, school.pupil)
    school.host.post(school.teacher, conversation)
    assert school.people(school.pupil, conversation) == {"Tea": None, "Pia": None, "Mum": REASON}


# In groups


def test_a_group_of_two_is_no_way_around_it(school):
    conversation = school.host.group(school.teacher, school.pupil)
    assert school.people(school.pupil, conversation)["Mum"] == REASON
    assert conversation in school.listed(school.mother)


def test_a_school_may_want_it_in_direct_conversations_only(make_host):
    school = School(make_host(), in_groups=False)
    school.host.group(school.teacher, school.pupil)
    assert school.listed(school.mother) == []


def test_she_comes_and_goes_with_whom_she_supervises(school):
    conversation = school.host.group(school.teacher, school.friend)
    with school.host.talk.events() as events:
        school.host.add(school.teacher, conversation, school.pupil)
    added = frames(events, school.friend, "member.added")
    assert [[one["rule"] for one in frame["data"]["members"]] for frame in added] == [
        [None],
        [REASON],
    ]
    with school.host.talk.events() as events:
        school.host.remove(school.teacher, conversation, school.pupil)
    (left,) = frames(events, school.mother, "member.left")
    assert [one["id"] for one in left["data"]["members"]] == [school.mother.id]
    assert school.listed(school.mother) == []


def test_nobody_moves_her_and_she_moves_nobody(school):
    conversation = school.host.group(school.teacher, school.pupil)
    host, mother = school.host, school.mother
    acts = {
        "remove": lambda: host.remove(school.teacher, conversation, mother),
        "leave": lambda: host.remove(mother, conversation, mother),
        "add": lambda: host.add(mother, conversation, school.friend),
        "rename": lambda: host.do(
            conversations.rename_group, mother.identity, conversation, title="Mine"
        ),
        "appoint": lambda: host.do(
            members.appoint_member, school.teacher.identity, conversation, mother.id, owner=True
        ),
    }
    for act in acts.values():
        with pytest.raises(Forbidden):
            act()
    assert school.people(school.pupil, conversation) == {"Tea": None, "Pia": None, "Mum": REASON}


def test_a_member_whom_a_rule_wants_there_cannot_be_removed_either(school):
    conversation = school.host.group(school.teacher, school.pupil, school.mother)
    for actor in (school.teacher, school.mother):
        with pytest.raises(Forbidden):
            school.host.remove(actor, conversation, school.mother)
    school.drop_guardians()
    school.host.remove(school.teacher, conversation, school.mother)


def test_she_inherits_no_group(school):
    conversation = school.host.group(school.pupil, school.teacher)
    school.host.remove(school.pupil, conversation, school.pupil)
    owners = {
        member["name"].split()[0]
        for member in school.head(school.teacher, conversation)["members"]
        if member["owner"]
    }
    assert owners == {"Tea"}


# What the others are told


def test_the_others_are_told_within_the_sweep_once(school):
    school.drop_guardians()
    conversation = school.host.direct(school.teacher, school.pupil)
    school.host.post(school.teacher, conversation)
    school.add_guardian(school.mother)
    with school.host.talk.events() as events:
        assert (school.sweep(), school.sweep()) == (1, 0)
    (added,) = frames(events, school.pupil, "member.added")
    assert [(one["id"], one["rule"]) for one in added["data"]["members"]] == [
        (school.mother.id, REASON)
    ]
    assert school.host.do(reads.totals, school.mother.identity)["unread"] == 0
    school.drop_guardians()
    with school.host.talk.events() as events:
        assert (school.sweep(), school.sweep()) == (1, 0)
    for person in (school.mother, school.pupil):
        (left,) = frames(events, person, "member.left")
        assert left["change"] == added["change"] + 1
        assert left["data"]["members"][0]["rule"] == ""


def test_who_was_away_finds_it_among_the_changes(school):
    school.drop_guardians()
    conversation = school.host.direct(school.teacher, school.pupil)
    school.host.post(school.teacher, conversation)
    before = school.head(school.pupil, conversation)["last_change"]
    school.add_guardian(school.mother)
    school.sweep()
    changes = school.host.do(
        sync.list_changes, school.pupil.identity, conversation, after=before, limit=50
    )
    (frame,) = changes["changes"]
    assert (frame["type"], frame["data"]["members"][0]["rule"]) == ("member.added", REASON)


def test_a_change_through_the_orm_is_told_at_once(school):
    asked = []
    listeners = school.host.app.extensions["chat"].listeners
    listeners.append(asked.extend)
    school.add_guardian(school.friend)
    assert "recheck" in [getattr(item, "verb", None) for item in asked]


def test_an_empty_conversation_of_two_is_not_in_her_list(school):
    conversation = school.host.direct(school.teacher, school.pupil)
    assert school.listed(school.mother) == []
    school.host.post(school.teacher, conversation)
    assert school.listed(school.mother) == [conversation]


def test_she_has_her_own_settings_and_marks(school):
    school.drop_guardians()
    conversation = school.host.direct(school.teacher, school.pupil)
    for _ in range(3):
        school.host.post(school.teacher, conversation)
    school.add_guardian(school.mother)
    school.host.do(conversations.set_own, school.mother.identity, conversation, muted=True)
    state = school.host.do(reads.mark_read, school.mother.identity, conversation, seq=3)
    assert (state["muted"], state["unread"]) == (True, 0)


# People who go


def test_a_guardian_whom_the_host_deletes_leaves_as_a_member_does(school):
    conversation = school.host.direct(school.teacher, school.pupil)
    school.host.post(school.mother, conversation, "I am reading along")
    with school.host.talk.events() as events, school.host.app.app_context():
        school.db.session.query(school.db.Assignment).delete()
        school.db.session.delete(school.host.user(school.mother))
        school.db.session.commit()
    assert len(frames(events, school.pupil, "member.left")) == 1
    assert school.sweep() == 0
    assert school.people(school.pupil, conversation) == {"Tea": None, "Pia": None}
    assert school.read(school.pupil, conversation) == ["I am reading along"]


# Costs, races


def test_a_message_costs_no_more_statements_for_more_supervisors(school):
    def cost(conversation):
        school.host.post(school.teacher, conversation)
        with school.host.statements() as seen:
            school.host.post(school.teacher, conversation)
        return len(seen)

    few = cost(school.host.direct(school.teacher, school.pupil))
    pupil = school.host.person("Rex")
    family = school.new_family(pupil)
    for person in school.host.people(*(f"Person {number}" for number in range(9))):
        school.add_guardian(person, family)
    assert cost(school.host.direct(school.teacher, pupil)) == few


def test_what_was_told_is_what_the_rules_say_whatever_happens_at_once(school):
    """Members come and go, guardians come and go, two sweeps run meanwhile: in the end the frames
    have told everybody exactly who is there, and no change has two frames."""
    host, father = school.host, school.host.person("Dad")
    conversation = host.group(school.teacher, school.friend)

    def move():
        for _ in range(4):
            host.add(school.teacher, conversation, school.pupil)
            host.remove(school.teacher, conversation, school.pupil)
        host.add(school.teacher, conversation, school.pupil)

    def rule():
        for guardian in (school.mother, father) * 2:
            school.drop_guardians()
            school.add_guardian(guardian)

    def look():
        for _ in range(6):
            school.sweep()

    told = {member["id"] for member in school.head(school.friend, conversation)["members"]}
    with host.talk.events() as events, ThreadPoolExecutor() as pool:
        for running in [pool.submit(act) for act in (move, rule, look, look)]:
            running.result()
        school.sweep()
    heard = frames(events, school.friend, "member.added", "member.left")
    heard.sort(key=lambda frame: frame["change"])
    assert len({frame["change"] for frame in heard}) == len(heard)
    for frame in heard:
        moved = {member["id"] for member in frame["data"]["members"]}
        told = told - moved if frame["type"] == "member.left" else told | moved
    listed = host.do(members.list_members, school.friend.identity, conversation)["members"]
    assert told == {member["id"] for member in listed}


def test_the_administrator_sees_where_each_rule_has_somebody(school):
    conversation = school.host.direct(school.teacher, school.pupil)
    (rule,) = json.loads(school.host.run("supervision", "--json").output)
    assert rule == {"rule": "guardian", "reason": REASON, "conversations": 1}
    (found,) = json.loads(school.host.run("supervision", "guardian", "--json").output)
    assert (found["conversation"], found["user"]) == (str(conversation), school.mother.id)


# Set up


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "two words"}, "a name like"),
        ({"reason": " "}, "everybody in the conversation reads it"),
        ({"of": "guardians"}, "2 column"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(host, wrong, says):
    options = {"name": "guardian", "reason": REASON, "of": select(host.User.id, host.User.id)}
    with pytest.raises(SetupError, match=says):
        _ = SupervisionRule(**(options | wrong)).pairs
