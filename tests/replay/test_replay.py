"""After every verb: what a client shows that heard the frames, and what it shows that loads anew.

The frames are those really sent, the client is the widget's own. Where the frames say all, nothing
is asked for; a verb after which something must be asked says what.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from flask_chat import Recipients
from flask_chat.services import (
    accounts,
    actions,
    announcements,
    conversations,
    maintenance,
    members,
    messages,
    posting,
    reads,
    supervision,
    threads,
)
from tests.replay import offices, quiet
from tests.replay.cases import CASES, CHANGES, HEAD, SYNC, Case, case
from tests.replay.lives import Node, record
from tests.support.hosts import Host, Person

SERVICES = Path(__file__).parents[2] / "flask_chat" / "services"

#: Verbs that touch no conversation, so there is nothing to replay.
NOT_SHOWN = {
    "epochs.begin", "leases.take", "orders.give", "orders.answer",
    "maintenance._purge_held", "releasing._forget_cancelled", "releasing._postpone",
}  # fmt: skip


@case("posting.post_all")
def another_writes(s: Any) -> None:
    s.do(posting.post_message, s.ana, s.group, body="New", client_id="another-writes")


@case("posting.post_all")
def one_writes_on_another_device(s: Any) -> None:
    s.do(posting.post_message, s.ben, s.group, body="Mine", reply_to=s.first)


@case("posting.post_all")
def the_system_writes(s: Any) -> None:
    s.do(posting.post_message, None, s.group, body="Moved to room 7")


@case("posting.post_all")
def a_message_brings_back_from_the_archive(s: Any) -> None:
    s.do(posting.post_message, s.ana, s.archived, body="Still there?")


@case("posting.post_all", asks=(*SYNC,))
def the_first_message_of_a_direct_conversation(s: Any) -> None:
    opened = s.do(conversations.open_direct, s.cleo, s.people.ben.id)
    s.do(posting.post_message, s.cleo, int(opened.conversation["id"]), body="Hello Ben")


@case("posting.post_all")
def the_same_again(s: Any) -> None:
    for _ in range(2):
        s.do(posting.post_message, s.ana, s.group, body="Once", client_id="the-same-again")


@case("posting.post_all")
def in_a_muted_conversation(s: Any) -> None:
    s.do(conversations.set_own, s.ben, s.group, muted=True)
    s.do(posting.post_message, s.ana, s.group, body="Quietly")


@case("posting.post_all", asks=CHANGES)
def its_frame_was_lost(s: Any) -> None:
    """The worker died between commit and publish; another one has looked."""
    parts = s.host.app.extensions["chat"]
    bus, parts.bus = parts.bus, SimpleNamespace(publish=lambda entries: None)
    s.do(posting.post_message, s.ana, s.group, body="Stored, and told to nobody")
    parts.bus = bus
    assert s.do(parts.listeners[0].__self__.look) > 0


@case("messages.edit_message")
def other_words(s: Any) -> None:
    s.do(messages.edit_message, s.ana, s.group, s.first, body="Other words")


@case("messages.edit_message")
def other_words_in_the_newest(s: Any) -> None:
    s.do(messages.edit_message, s.ana, s.group, s.last, body="Other words")


@case("messages.delete_message", asks=HEAD)
def one_that_was_unread(s: Any) -> None:
    s.do(messages.delete_message, s.ana, s.group, s.last)


@case("messages.delete_message")
def one_that_was_read(s: Any) -> None:
    s.do(messages.delete_message, s.ana, s.group, s.first)


@case("reads.mark_read")
def read_on_another_device(s: Any) -> None:
    s.do(reads.mark_read, s.ben, s.group, seq=3)


@case("reads.mark_read")
def another_has_read(s: Any) -> None:
    s.do(reads.mark_read, s.ana, s.group, seq=4)


@case("reads.mark_read")
def another_has_read_and_nobody_was_told(s: Any) -> None:
    parts = s.host.app.extensions["chat"]
    bus, parts.bus = parts.bus, SimpleNamespace(publish=lambda entries: None)
    s.do(reads.mark_read, s.ana, s.group, seq=4)
    parts.bus = bus
    assert s.do(parts.listeners[0].__self__.look) > 0


@case("conversations.open_direct")
def opened_by_the_other(s: Any) -> None:
    s.do(conversations.open_direct, s.cleo, s.people.ben.id)


@case("conversations.open_direct", asks=SYNC)
def opened_on_another_device(s: Any) -> None:
    s.do(conversations.open_direct, s.ben, s.people.cleo.id)


@case("conversations.open_notes", asks=SYNC)
def notes(s: Any) -> None:
    s.do(conversations.open_notes, s.ben)


@case("conversations.create_group", asks=SYNC)
def invited(s: Any) -> None:
    s.do(conversations.create_group, s.cleo, title="Trip", users=[s.people.ben.id])


@case("conversations.rename_group")
def another_title(s: Any) -> None:
    s.do(conversations.rename_group, s.ana, s.group, title="Class 5b")


@case("conversations.set_own")
def muted_and_pinned_on_another_device(s: Any) -> None:
    s.do(conversations.set_own, s.ben, s.group, muted=True, pinned=True)


@case("conversations.set_own")
def archived_on_another_device(s: Any) -> None:
    s.do(conversations.set_own, s.ben, s.group, archived=True)


@case("members.add_members")
def others_come(s: Any) -> None:
    s.do(members.add_members, s.ana, s.group, [s.people.dov.id, s.people.eva.id])


@case("members.add_members", asks=SYNC, to="dov")
def one_comes_oneself(s: Any) -> None:
    s.do(members.add_members, s.ana, s.group, [s.people.dov.id])


@case("members.add_members", asks=SYNC)
def one_comes_back(s: Any) -> None:
    s.do(members.remove_member, s.ana, s.group, s.people.ben.id)
    s.do(posting.post_message, s.ana, s.group, body="Without Ben")
    s.do(members.add_members, s.ana, s.group, [s.people.ben.id])


@case("members.remove_member")
def another_is_removed(s: Any) -> None:
    s.do(members.remove_member, s.ana, s.group, s.people.cleo.id)


@case("members.remove_member")
def one_is_removed_oneself(s: Any) -> None:
    s.do(members.remove_member, s.ana, s.group, s.people.ben.id)
    s.do(posting.post_message, s.ana, s.group, body="Not for Ben")


@case("members.remove_member")
def the_owner_leaves(s: Any) -> None:
    s.do(members.remove_member, s.ana, s.group, s.people.ana.id)


@case("members.remove_member")
def one_leaves_on_another_device(s: Any) -> None:
    s.do(members.remove_member, s.ben, s.group, s.people.ben.id)


@case("members.appoint_member")
def another_owner(s: Any) -> None:
    s.do(members.appoint_member, s.ana, s.group, s.people.cleo.id, owner=True)


@case("members.appoint_member")
def one_owns_it_oneself(s: Any) -> None:
    s.do(members.appoint_member, s.ana, s.group, s.people.ben.id, owner=True)


def supervise(s: Any, adult: str | None) -> None:
    """By a rule of the host's, where Cleo is; until then nobody is."""
    s.host.execute("UPDATE person SET class = :adult WHERE name = 'Cleo'", adult=adult)
    s.do(supervision.sweep)


@case("supervision._settle_alone")
def somebody_supervises_another(s: Any) -> None:
    supervise(s, "Dov")


@case("supervision._settle_alone", asks=SYNC, to="dov")
def one_supervises_oneself(s: Any) -> None:
    supervise(s, "Dov")
    s.do(posting.post_message, s.ana, s.group, body="Dov reads along")


@case("supervision._settle_alone")
def the_rule_is_about_others_now(s: Any) -> None:
    supervise(s, "Dov")
    supervise(s, "Eva")


@case("maintenance._purge_some", asks=HEAD)
def what_was_unread_is_purged(s: Any) -> None:
    s.host.age(7 * 86400, conversation_id=s.group)
    s.do(maintenance.purge, 1)
    s.do(posting.post_message, s.ana, s.group, body="After the purge")


@case("maintenance._purge_some", asks=HEAD)
def the_beginning_is_purged(s: Any) -> None:
    s.host.age(7 * 86400, id=s.first)
    s.do(maintenance.purge, 1)


@case("maintenance.recount")
def counted_again(s: Any) -> None:
    s.do(maintenance.recount, s.group)


@case("accounts.sweep_departed", asks=(*CHANGES, *HEAD))
def somebody_was_deleted_behind_our_back(s: Any) -> None:
    s.host.execute("DELETE FROM person WHERE person_no = :key", key=s.people.cleo.key)
    s.do(accounts.sweep_departed)


@case("posting.post_all")
def the_host_says_something_about_a_record(s: Any) -> None:
    with s.host.app.app_context():
        s.host.chat.post_system(s.record(), "Documents accepted", by=s.host.user(s.people.ana))
        s.host.db.session.commit()


@case("threads.open_thread")
def opened_by_another_who_writes_nothing(s: Any) -> None:
    s.do(threads.open_thread, s.ana, kind="case", record=str(s.untold))


@case("threads.open_thread", asks=SYNC)
def a_record_opened_on_another_device(s: Any) -> None:
    s.do(threads.open_thread, s.ben, kind="case", record=str(s.untold))


@case("posting.post_all", asks=SYNC)
def the_first_message_about_a_record(s: Any) -> None:
    opened = s.do(threads.open_thread, s.ana, kind="case", record=str(s.untold))
    s.do(posting.post_message, s.ana, int(opened.conversation["id"]), body="About this one")


@case("actions.run_action")
def somebody_acts_on_the_record(s: Any) -> None:
    s.do(actions.run_action, s.ana, s.thread, "rename", client_id="an-action-1", values={})


@case("announcements.post_announcement", asks=SYNC)
def somebody_announces(s: Any) -> None:
    s.do(announcements.post_announcement, s.ana, s.everybody, title="Closed", body="On Friday")


@case("announcements.post_announcement", asks=SYNC, to="ana")
def one_announces_on_another_device(s: Any) -> None:
    s.do(announcements.post_announcement, s.ana, s.everybody, title="Closed", body="On Friday")


@case("announcements.confirm_reading")
def one_confirms_on_another_device(s: Any) -> None:
    s.do(announcements.confirm_reading, s.ben, s.announced)


@case("announcements.confirm_reading", to="cleo")
def another_confirms(s: Any) -> None:
    s.do(announcements.confirm_reading, s.ben, s.announced)


@case("posting.post_all")
def more_is_said_in_an_announcement(s: Any) -> None:
    s.do(posting.post_message, s.ana, s.announced, body="At nine")


@case("threads.sweep_records", asks=HEAD)
def a_record_was_deleted_behind_our_back(s: Any) -> None:
    s.host.execute("DELETE FROM assignment")
    s.host.execute("DELETE FROM case_file WHERE case_no = :key", key=s.case)
    s.do(threads.sweep_records)


@case("posting.post_all")
def a_record_has_another_name(s: Any) -> None:
    with s.host.app.app_context():
        s.record().title = "Enrolment of Mia Berg"
        s.host.db.session.commit()
    s.do(posting.post_message, s.ana, s.thread, body="Do you see her name?")


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    started = Node()
    yield started
    started.end()


@pytest.fixture
def school(make_host: Callable[..., Host]) -> Any:
    """A group with a history, partly read by Ben; and one that he has put away."""
    host = make_host()
    ana, ben, cleo, dov, eva = host.people("Ana", "Ben", "Cleo", "Dov", "Eva")
    ward, adult = host.User, aliased(host.User)
    of = select(ward.id, adult.id).where(ward.group == adult.name)
    host.chat.supervise("adult", of=of, reason="Somebody reads along.")
    group = host.group(ana, ben, cleo)
    posted = [host.post(ana, group, f"words {n}") for n in range(1, 5)]
    host.do(reads.mark_read, ben.identity, group, seq=2)
    archived = host.group(ana, ben, title="Last year")
    host.post(ana, archived, "Goodbye")
    host.do(conversations.set_own, ben.identity, archived, archived=True)
    letter = offices.furnish(host, ana, ben, eva)
    case, untold = _cases(host, ana, ben)
    opened = host.do(threads.open_thread, ana.identity, kind="case", record=str(case))
    thread = int(opened.conversation["id"])
    host.post(ana, thread, "Something is missing")
    host.do(reads.mark_read, ben.identity, thread, seq=1)
    everybody = Recipients("all", "Everybody", select(host.User))
    announced = host.do(
        announcements.post_announcement, ana.identity, everybody,
        title="Excursion", body="On Friday", confirm=True,
    ).conversation  # fmt: skip
    night = quiet.furnish(host, cleo, ben)
    return SimpleNamespace(
        night=night, everybody=everybody, announced=int(announced["id"]),
        case=case, untold=untold, thread=thread, letter=letter,
        record=lambda: host.db.session.get(host.db.Case, case),
        host=host, do=host.do, group=group, archived=archived,
        first=int(posted[0]["id"]), last=int(posted[-1]["id"]),
        ana=ana.identity, ben=ben.identity, cleo=cleo.identity,
        people=SimpleNamespace(ana=ana, ben=ben, cleo=cleo, dov=dov, eva=eva),
    )  # fmt: skip


def _cases(host: Host, ana: Person, ben: Person) -> list[Any]:
    """Two records that Ana works on and Ben has part in."""
    case, assignment = host.db.Case, host.db.Assignment
    participants = select(case.id, case.family).union_all(
        select(assignment.case_no, assignment.person_no)
    )

    @host.chat.subject(case, participants=participants, name="case")
    def card(record: Any) -> dict[str, Any]:
        return {"title": record.title}

    @host.chat.action("rename", "Rename", on=case, allowed=lambda record, user: True)
    def rename(record: Any, user: Any) -> str:
        record.title = "Renamed"
        return "It has another name now."

    with host.app.app_context():
        records = [case(title=title, family=ben.key) for title in ("Enrolment", "Transfer")]
        host.db.session.add_all(records)
        host.db.session.flush()
        host.db.session.add_all(
            [assignment(case_no=record.id, person_no=ana.key) for record in records]
        )
        host.db.session.commit()
        return [record.id for record in records]


#: Each on one database, in turns: what the frames say is made above both.
LIVES = [(("sqlite", "postgresql")[number % 2], case) for number, case in enumerate(CASES)]


@pytest.mark.parametrize(("databases", "case"), LIVES, indirect=["databases"], ids=str)
def test_the_frames_lead_to_what_a_fresh_load_shows(node: Node, school: Any, case: Case) -> None:
    person = getattr(school.people, case.to)
    replayed = node.replay(record(school.host, person, lambda: case.act(school)))
    assert flat(replayed["lived"]) == flat(replayed["fresh"])
    # What the host lets somebody do with a record no frame can tell: it is asked at each change.
    expected = ("/messages", "/actions")
    asked = {path for path in replayed["asked"] if not path.endswith(expected)}
    assert asked <= set(case.asks), "asked for what a frame should have told"


def flat(view: Any, path: str = "") -> dict[str, Any]:
    """Every single value by its path: a difference then names itself."""
    if not isinstance(view, dict | list):
        return {path: view}
    parts = view.items() if isinstance(view, dict) else enumerate(view)
    return {k: v for key, part in parts for k, v in flat(part, f"{path}/{key}").items()}


def test_every_verb_is_replayed() -> None:
    verbs = {verb for file in SERVICES.glob("*.py") for verb in writing_verbs(file)}
    replayed = {one.verb for one in CASES}
    assert replayed | NOT_SHOWN == verbs, "give a new verb a case, here above"


def writing_verbs(file: Path) -> Iterator[str]:
    """The functions of a file that write: ``module.function``."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(mark, ast.Name) and mark.id == "writing" for mark in node.decorator_list
        ):
            yield f"{file.stem}.{node.name}"
