"""Who comes while another is under way goes with the next one, and nobody is left waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from flask_chat import group_commit
from flask_chat.errors import Busy, ChatError, NotFound
from flask_chat.group_commit import MOST, GroupCommit
from tests.support.servers import until


class Office:
    """A verb that can be held up, and those who want it carried out."""

    def __init__(self, answer: Callable[[Any], Any] = str) -> None:
        self.batches: list[list[Any]] = []
        self.is_under_way, self.may_go_on = threading.Event(), threading.Event()
        self.answer = answer
        self.together: GroupCommit[Any, Any] = GroupCommit(self._verb)
        self.results: dict[Any, Any] = {}
        self._threads: list[threading.Thread] = []

    def _verb(self, drafts: Sequence[Any]) -> list[Any]:
        self.batches.append(list(drafts))
        if "held up" in drafts:
            self.is_under_way.set()
            assert self.may_go_on.wait(10)
        return [self.answer(draft) for draft in drafts]

    def carry_out(self, draft: Any) -> Any:
        return self.together.finish(self.together.begin(draft))

    def ask(self, draft: Any) -> None:
        def run() -> None:
            try:
                self.results[draft] = self.carry_out(draft)
            except BaseException as problem:  # noqa: BLE001 - for the test to look at
                self.results[draft] = problem

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def hold_up(self) -> None:
        """Have somebody under way, so that who asks now has to wait."""
        self.ask("held up")
        assert self.is_under_way.wait(10)

    def ask_and_wait(self, *drafts: Any) -> None:
        for draft in drafts:
            before = len(self.together)
            self.ask(draft)
            for _ in until(10):
                if len(self.together) > before:
                    break

    def finish(self) -> None:
        self.may_go_on.set()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive(), "somebody still waits"


@pytest.fixture
def office():
    return Office()


def test_who_comes_alone_goes_at_once(office):
    assert office.carry_out("one") == "one"
    assert office.carry_out("two") == "two"
    assert office.batches == [["one"], ["two"]]


def test_who_comes_meanwhile_goes_together_in_the_order_of_coming(office):
    office.hold_up()
    office.ask_and_wait(1, 2, 3, 4)
    office.finish()
    assert office.batches == [["held up"], [1, 2, 3, 4]]
    assert office.results == {"held up": "held up", 1: "1", 2: "2", 3: "3", 4: "4"}


def test_what_one_has_begun_goes_together(office):
    begun = [office.together.begin(draft) for draft in ("one", "two", "three", "four")]
    office.together.leave(begun.pop(2))
    assert [office.together.finish(turn) for turn in begun] == ["one", "two", "four"]
    assert office.batches == [["one", "two", "four"]]


def test_who_begins_leads_when_the_turn_comes_before_it_is_asked_for(office):
    office.hold_up()
    begun = office.together.begin("begun")
    office.ask_and_wait("behind")
    office.may_go_on.set()
    assert office.together.finish(begun) == "begun"
    office.finish()
    assert office.batches == [["held up"], ["begun", "behind"]]


def test_who_gives_up_what_was_begun_holds_up_nobody(office):
    office.hold_up()
    begun = office.together.begin("given up")
    office.ask_and_wait("behind")
    office.may_go_on.set()
    office.together.leave(begun)
    office.finish()
    assert office.results["behind"] == "behind"


def test_no_more_than_so_many_go_together(office):
    office.hold_up()
    office.ask_and_wait(*range(MOST + 10))
    office.finish()
    assert [len(batch) for batch in office.batches] == [1, MOST, 10]
    assert office.results[MOST + 9] == str(MOST + 9)


def test_each_has_an_answer_of_its_own():
    office = Office(lambda draft: NotFound() if draft == 2 else str(draft))
    office.hold_up()
    office.ask_and_wait(1, 2, 3)
    office.finish()
    assert (office.results[1], office.results[3]) == ("1", "3")
    assert isinstance(office.results[2], NotFound)


def test_what_must_be_done_alone_is():
    answers = {"again": iter([None, "done alone"])}
    office = Office(lambda draft: next(answers[draft]) if draft in answers else draft)
    office.hold_up()
    office.ask_and_wait(1, "again")
    office.finish()
    assert office.results["again"] == "done alone"
    assert office.batches == [["held up"], [1, "again"], ["again"]]


def fails_in_company(problem: BaseException) -> Office:
    """One whose verb fails as soon as it has several to carry out."""

    def answer(draft: Any) -> Any:
        if len(office.batches[-1]) > 1:
            raise problem
        return draft

    office = Office(answer)
    return office


def test_where_the_whole_fails_each_goes_alone():
    office = fails_in_company(ValueError("one of them"))
    office.hold_up()
    office.ask_and_wait(1, 2, 3)
    office.finish()
    assert {office.results[draft] for draft in (1, 2, 3)} == {1, 2, 3}
    assert sorted(map(len, office.batches)) == [1, 1, 1, 1, 3]


def test_a_fault_of_one_alone_is_its_own():
    def answer(draft: Any) -> Any:
        if draft == 2:
            raise ValueError("this one")
        return draft

    office = Office(answer)
    office.hold_up()
    office.ask_and_wait(1, 2, 3)
    office.finish()
    assert (office.results[1], office.results[3]) == (1, 3)
    assert isinstance(office.results[2], ValueError)


def test_a_database_that_is_away_is_not_asked_by_each():
    office = fails_in_company(Busy(seconds=1))
    office.hold_up()
    office.ask_and_wait(1, 2, 3)
    office.finish()
    assert all(isinstance(office.results[draft], ChatError) for draft in (1, 2, 3))
    assert len(office.batches) == 2


def test_a_leader_that_is_killed_leaves_nobody_waiting():
    office = fails_in_company(SystemExit())
    office.hold_up()
    office.ask_and_wait(1, 2, 3)
    office.finish()
    killed = [draft for draft in (1, 2, 3) if isinstance(office.results[draft], SystemExit)]
    assert len(killed) == 1
    assert all(office.results[draft] == draft for draft in {1, 2, 3} - set(killed))


def test_a_leader_that_is_stuck_is_passed_by(monkeypatch):
    monkeypatch.setattr(group_commit, "PATIENCE_SECONDS", 0.1)
    office = Office()
    office.hold_up()
    office.ask(1)
    office.ask(2)
    for _ in until(10, "they wait for one who is stuck"):
        if {1, 2} <= set(office.results):
            break
    assert "held up" not in office.results
    office.finish()
    assert office.carry_out("afterwards") == "afterwards"


def test_one_who_is_killed_while_waiting_is_left_out(monkeypatch):
    office = Office()
    office.hold_up()

    class Deadly(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(group_commit.threading, "Event", Deadly)
        with pytest.raises(SystemExit):
            office.carry_out("killed")
    office.ask_and_wait(1)
    office.finish()
    assert office.batches == [["held up"], [1]]
