"""What may happen to a chat of several workers, and what must be true after it has settled."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.simulation.client import Client
from tests.simulation.world import Worker, World
from tests.support.hosts import Person

#: Ana has two devices.
DEVICES = (0, 0, 1, 2, 3)
MOST_ROUNDS = 60

number = st.integers(0, 7)
client = st.integers(0, len(DEVICES) - 1)
worker = st.integers(0, 2)
person = st.integers(0, 3)


class Simulation(RuleBasedStateMachine):
    """One life of a chat. The world is lent by the test, and emptied at the beginning."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.world.begin_anew()
        workers, people = self.world.workers, self.world.people
        self.clients = [
            Client(self.world, people[who], workers[n % len(workers)])
            for n, who in enumerate(DEVICES)
        ]
        self.sent: list[dict[str, Any]] = []
        for one in self.clients:
            one.connect(one.worker)
        # A beginning with something in it, or half of the steps would find nobody to talk to.
        self.create(0, {0, 1, 2}, "Class 4b")
        self.settle()

    # Things people do

    @rule(by=client, place=number, cut=st.booleans())
    def send(self, by: int, place: int, cut: bool) -> None:
        one, key = self._somewhere(by, place)
        draft = {"body": f"words {len(self.sent)}", "client_id": f"client-id-{len(self.sent)}"}
        if key is not None:
            self.sent.append({"by": by, "key": key, "draft": draft, "is_stored": False})
            self._perform(one.worker, cut, lambda: self._post(self.sent[-1], one.worker))

    @rule(place=number, at=worker)
    @precondition(lambda self: self.sent)
    def send_again(self, place: int, at: int) -> None:
        """The answer did not arrive, so the client repeats, wherever it is now."""
        self._post(self.sent[place % len(self.sent)], self.world.workers[at])

    def _post(self, sent: dict[str, Any], at: Worker) -> None:
        one = self.clients[sent["by"]]
        path = f"/conversations/{sent['key']}/messages"
        status, answer = one.ask("POST", path, sent["draft"], at=at)
        assert status in (200, 201, 403, 404), answer
        if status == 201:
            assert not sent["is_stored"] or self._is_purged(sent), "sent twice, stored twice"
        if status < 300:
            sent["is_stored"], sent["seq"] = True, answer["message"]["seq"]
            one.posted(answer["message"])

    def _is_purged(self, sent: dict[str, Any]) -> bool:
        return any(
            str(row["id"]) == sent["key"] and row["first_seq"] > sent["seq"]
            for row in self.world.rows("chat_conversation")
        )

    @rule(by=client, place=number, which=number, verb=st.sampled_from(["PATCH", "DELETE"]),
          cut=st.booleans())  # fmt: skip
    def change_message(self, by: int, place: int, which: int, verb: str, cut: bool) -> None:
        one, key = self._somewhere(by, place)
        rows = [*one.conversations[key].rows.values()] if key else []
        if rows:
            message = rows[-1 - which % len(rows)]
            path = f"/conversations/{key}/messages/{message['id']}"
            body = {"body": f"other words {which}"} if verb == "PATCH" else None
            self._perform(one.worker, cut, lambda: one.ask(verb, path, body))

    @rule(by=client, place=number, back=st.integers(0, 2), cut=st.booleans())
    def read(self, by: int, place: int, back: int, cut: bool) -> None:
        one, key = self._somewhere(by, place)
        if key is None:
            return

        def mark() -> None:
            seq = max(0, one.conversations[key].shared["last_seq"] - back)
            status, own = one.ask("PUT", f"/conversations/{key}/read", {"seq": seq})
            if status == 200:
                one.marked(key, own)

        self._perform(one.worker, cut, mark)

    @rule(by=client, others=st.sets(person, max_size=3), title=st.sampled_from(["Trip", "Choir"]))
    def create(self, by: int, others: set[int], title: str) -> None:
        one = self.clients[by]
        members = [self.world.people[n].id for n in sorted(others)]
        one.ask("POST", "/conversations", {"kind": "group", "title": title, "members": members})

    @rule(by=client, other=person)
    def open_direct(self, by: int, other: int) -> None:
        user = self.world.people[other].id
        self.clients[by].ask("POST", "/conversations", {"kind": "direct", "user": user})

    @rule(by=client, place=number, others=st.sets(person, min_size=1), cut=st.booleans())
    def add(self, by: int, place: int, others: set[int], cut: bool) -> None:
        users = {"users": [self.world.people[n].id for n in sorted(others)]}
        self._at(by, place, cut, "POST", "/members", users)

    @rule(by=client, place=number, other=person, cut=st.booleans())
    def remove(self, by: int, place: int, other: int, cut: bool) -> None:
        self._at(by, place, cut, "DELETE", f"/members/{self.world.people[other].id}")

    @rule(by=client, place=number, cut=st.booleans())
    def leave(self, by: int, place: int, cut: bool) -> None:
        self._at(by, place, cut, "DELETE", "")

    @rule(by=client, place=number, other=person, role=st.sampled_from(["owner", "member"]))
    def appoint(self, by: int, place: int, other: int, role: str) -> None:
        path = f"/members/{self.world.people[other].id}"
        self._at(by, place, False, "PATCH", path, {"role": role})

    @rule(by=client, place=number, title=st.sampled_from(["One", "Two"]), cut=st.booleans())
    def rename(self, by: int, place: int, title: str, cut: bool) -> None:
        self._at(by, place, cut, "PATCH", "", {"title": title})

    @rule(by=client, place=number, flag=st.sampled_from(["muted", "archived", "pinned"]),
          value=st.booleans(), cut=st.booleans())  # fmt: skip
    def set_own(self, by: int, place: int, flag: str, value: bool, cut: bool) -> None:
        self._at(by, place, cut, "PATCH", "", {flag: value})

    def _at(
        self, by: int, place: int, cut: bool, method: str, below: str, values: Any = None
    ) -> None:
        one, key = self._somewhere(by, place)
        if key is not None:
            path = f"/conversations/{key}{below}"
            self._perform(one.worker, cut, lambda: one.ask(method, path, values))

    def _somewhere(self, by: int, place: int) -> tuple[Client, str | None]:
        """This client, and a conversation it believes to be in."""
        one = self.clients[by]
        keys = sorted(one.conversations, key=int)
        return one, keys[place % len(keys)] if keys else None

    def _perform(self, at: Worker, is_last: bool, act: Any) -> None:
        """Do it; and if it is the last thing this worker does, it dies between the commit and
        the publishing."""
        at.bus.is_cut = is_last
        act()
        if is_last:
            at.die()

    # Things that happen

    @rule(place=number, count=st.integers(1, 3))
    def purge(self, place: int, count: int) -> None:
        keys = sorted({key for one in self.clients for key in one.conversations}, key=int)
        if keys:
            self.world.purge(keys[place % len(keys)], count)

    @rule(who=client, at=worker)
    def reconnect(self, who: int, at: int) -> None:
        self.clients[who].connect(self.world.workers[at])

    @rule(at=worker)
    def kill(self, at: int) -> None:
        self.world.workers[at].die()

    @rule(at=worker, place=number, times=st.integers(1, 2))
    def entry_arrives(self, at: int, place: int, times: int) -> None:
        self.world.workers[at].bus.arrive(place, times=times)

    @rule(at=worker, place=number)
    def entry_is_lost(self, at: int, place: int) -> None:
        self.world.workers[at].bus.drop(place)

    @rule(at=worker)
    def beat(self, at: int) -> None:
        self.world.workers[at].look()

    @rule(who=client)
    def frames_are_heard(self, who: int) -> None:
        self.clients[who].listen()

    @rule(who=client, place=number)
    def answer_is_heard(self, who: int, place: int) -> None:
        self.clients[who].hear_answer(place)

    @rule(who=client)
    def gap_timer_fires(self, who: int) -> None:
        self.clients[who].fill_gaps()

    # What must be true

    @rule()
    def settle(self) -> None:
        """Nothing is under way any more, every worker has looked, every timer has fired."""
        for one in self.clients:
            if not one.is_connected:
                one.connect(one.worker)
        for at in self.world.workers:
            at.bus.arrive_all()
            at.look()
        self._become_quiet()
        self.check()

    def _become_quiet(self) -> None:
        for _ in range(MOST_ROUNDS):
            for at in self.world.workers:
                at.bus.arrive_all()
            moved = [[one.listen(), one.hear_answer(), one.fill_gaps()] for one in self.clients]
            if not any(map(any, moved)):
                return
        raise AssertionError("the clients ask and ask, and do not come to rest")

    def check(self) -> None:
        self._check_stored()
        there = {person.id: self._load_anew(person) for person in self.world.people}
        for one in self.clients:
            assert one.overheard == [], "told to somebody who was not in it"
            differing = _difference(one.view(), there[one.person.id])
            assert not differing, f"{one.person.name} does not see what is there: {differing}"

    def _load_anew(self, person: Person) -> dict[str, Any]:
        fresh = Client(self.world, person, self.world.workers[0])
        fresh.connect(fresh.worker)
        while fresh.listen() or fresh.hear_answer() or fresh.fill_gaps():
            pass
        fresh.leave()
        return fresh.view()

    def _check_stored(self) -> None:
        messages = self.world.rows("chat_message", "conversation_id, seq")
        for head in self.world.rows("chat_conversation"):
            stored = [row for row in messages if row["conversation_id"] == head["id"]]
            expected = list(range(head["first_seq"], head["last_seq"] + 1))
            assert [row["seq"] for row in stored] == expected, "seq has a gap"
            assert self.world.changes_of(head["id"]) == list(range(1, head["last_change"] + 1))
        marks = [(row["author_id"], row["client_id"]) for row in messages]
        assert len(marks) == len(set(marks)), "one send, two rows"
        for sent in self.sent:
            if sent["is_stored"] and not self._is_purged(sent):
                mark = (int(self.clients[sent["by"]].person.id), sent["draft"]["client_id"])
                assert mark in marks, "acknowledged and lost"

    def teardown(self) -> None:
        if hasattr(self, "clients"):
            self.settle()


def _difference(seen: dict[str, Any], there: dict[str, Any]) -> list[str]:
    """The conversations of two views that are not the same, and what of them is not."""
    found = []
    for key in sorted(seen.keys() | there.keys(), key=int):
        one, other = seen.get(key), there.get(key)
        if one is None or other is None:
            found.append(f"{key} is {'missing' if one is None else 'still shown'}")
        else:
            found += [f"{key} {k}: {one[k]} != {other[k]}" for k in one if one[k] != other[k]]
    return found
