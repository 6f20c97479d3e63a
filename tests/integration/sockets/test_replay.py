"""Replay: what a client has loaded, plus the frames it was sent, is what it would load now.

Run for every verb, seen by who did it, by another member and by who joins or leaves. The client
here keeps the rules of the protocol and nothing else; it is the promise, written down once more.
"""

import copy
from dataclasses import dataclass, field

import pytest

from tests.support.running import PATIENT
from tests.support.servers import TINY, Servers

pytestmark = pytest.mark.raw_frames("compares at once; of a lost frame one hears later")


@dataclass
class Known:
    """One conversation as a client has it."""

    head: dict
    messages: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)

    @property
    def last(self):
        return self.head["last_change"]


class Client:
    """Loads, then applies frames in order."""

    def __init__(self, browser):
        self.me = browser
        self.conversations = {}

    def load(self):
        """Everything there is, over REST."""
        self.conversations = {}
        cursor = {}
        while True:
            page = self.me.api("POST", "/sync", **cursor).json
            for head in page["conversations"]:
                self._load(head)
            if page["next"] is None:
                return self
            cursor = {"after": page["next"]}

    def _load(self, head):
        key = head["id"]
        messages = {message["id"]: message for message in self.me.history(key)}
        members = self.me.api("GET", f"/conversations/{key}/members").json["members"]
        self.conversations[key] = Known(
            head, messages, {member["id"]: member for member in members}
        )

    def apply(self, frame):
        """One frame, by the rules of the protocol."""
        kind, key = frame["type"], frame["conversation"]
        known = self.conversations.get(key)
        if known is None:
            if kind not in ("read.updated", "typing"):
                self._fetch(key)
            return
        if kind == "conversation.self":
            if frame["data"]["version"] > known.head["version"]:
                known.head.update(frame["data"])
                known.members[self.me.id]["read_seq"] = frame["data"]["read_seq"]
        elif kind == "read.updated":
            reader = known.members[frame["data"]["user"]]
            reader["read_seq"] = max(reader["read_seq"], frame["data"]["seq"])
        elif kind == "tick":
            self._catch_up(known, key)
        elif kind == "gone":
            del self.conversations[key]
        elif frame["change"] > known.last:
            assert frame["change"] == known.last + 1, "a gap"
            self._apply_change(known, key, kind, frame["data"])
            if key in self.conversations:
                known.head["last_change"] = frame["change"]

    def _fetch(self, key):
        answer = self.me.api("GET", f"/conversations/{key}")
        if answer.status == 200:
            self._load(answer.json["conversation"])

    def _catch_up(self, known, key):
        page = self.me.api("GET", f"/conversations/{key}/changes?after={known.last}").json
        for change in page["changes"]:
            self._apply_change(known, key, change["type"], change["data"])
        known.head["last_change"] = page["head"]

    def _apply_change(self, known, key, kind, data):
        if kind.startswith("message."):
            known.messages[data["id"]] = data
            known.head["last_seq"] = max(known.head["last_seq"], data["seq"])
        elif kind.startswith("member."):
            for member in data["members"]:
                self._apply_member(known, key, member)
        else:
            known.head["title"] = data["title"]
            known.head["first_seq"] = data["first_seq"]
            for message in list(known.messages.values()):
                if message["seq"] < data["first_seq"]:
                    del known.messages[message["id"]]

    def _apply_member(self, known, key, member):
        if not member["left"]:
            known.members[member["id"]] = member
        elif member["id"] == self.me.id:
            del self.conversations[key]
        else:
            known.members.pop(member["id"], None)

    def view(self):
        """What a person would see; unread is counted as the client counts it."""
        return {
            key: {
                "title": known.head["title"],
                "change": known.last,
                "last_seq": known.head["last_seq"],
                "first_seq": known.head["first_seq"],
                "messages": sorted(known.messages.values(), key=lambda message: message["seq"]),
                "members": known.members,
                "own": {
                    name: known.head[name]
                    for name in ("version", "read_seq", "muted", "archived", "pinned")
                },
                "unread": sum(
                    message["seq"] > known.head["read_seq"]
                    and not message["deleted"]
                    and (message["author"] or {}).get("id") != self.me.id
                    for message in known.messages.values()
                ),
            }
            for key, known in self.conversations.items()
        }


@dataclass
class Scene:
    """Ana owns a group with Ben; Cleo and Dan are colleagues. There is a message of each member."""

    ana: object
    ben: object
    cleo: object
    talk: str
    first: dict
    second: dict

    def patch(self, who, **values):
        return who.api("PATCH", f"/conversations/{self.talk}", **values)

    def command(self, who, kind, **values):
        return who.socket().ask(kind, conversation=self.talk, **values)


VERBS = {
    "post": lambda s: s.ana.post(s.talk, "New"),
    "post many": lambda s: [s.ben.post(s.talk, f"{n}") for n in range(12)],
    "edit": lambda s: s.command(s.ana, "message.edit", message=s.first["id"], body="Other words"),
    "edit twice": lambda s: [
        s.command(s.ana, "message.edit", message=s.first["id"], body=words) for words in "ab"
    ],
    "delete": lambda s: s.command(s.ben, "message.delete", message=s.second["id"]),
    "delete another's": lambda s: s.command(s.ana, "message.delete", message=s.second["id"]),
    "rename": lambda s: s.patch(s.ana, title="Renamed"),
    "read": lambda s: s.command(s.ben, "conversation.read", seq=1),
    "read all, then a post": lambda s: [
        s.command(s.ben, "conversation.read", seq=2), s.ana.post(s.talk, "More"),
    ],
    "mute": lambda s: s.patch(s.ben, muted=True),
    "pin": lambda s: s.patch(s.ana, pinned=True),
    "archive, then a post": lambda s: [s.patch(s.ben, archived=True), s.ana.post(s.talk, "Hey")],
    "add": lambda s: s.ana.api("POST", f"/conversations/{s.talk}/members", users=[s.cleo.id]),
    "add, then a post": lambda s: [
        s.ana.api("POST", f"/conversations/{s.talk}/members", users=[s.cleo.id]),
        s.ben.post(s.talk, "Welcome"),
    ],
    "remove": lambda s: s.ana.api("DELETE", f"/conversations/{s.talk}/members/{s.ben.id}"),
    "remove and add again": lambda s: [
        s.ana.api("DELETE", f"/conversations/{s.talk}/members/{s.ben.id}"),
        s.ana.post(s.talk, "Without"),
        s.ana.api("POST", f"/conversations/{s.talk}/members", users=[s.ben.id]),
    ],
    "leave": lambda s: s.ben.api("DELETE", f"/conversations/{s.talk}"),
    "the owner leaves": lambda s: s.ana.api("DELETE", f"/conversations/{s.talk}"),
    "appoint": lambda s: s.ana.api(
        "PATCH", f"/conversations/{s.talk}/members/{s.ben.id}", role="owner"
    ),
    "a new group": lambda s: s.ana.group("Another", s.ben),
    "a new group of oneself": lambda s: s.ana.group("Alone"),
    "notes": lambda s: s.ana.api("POST", "/conversations", kind="self"),
    "direct, then a post": lambda s: s.ana.post(s.ana.direct(s.ben), "Just us"),
    "reply": lambda s: s.command(
        s.ben, "message.post", body="Re", client_id="r" * 16 + s.talk, reply_to=s.first["id"]
    ),
    "a purge of the command line": lambda s: s.ana.server.flask(
        "chat", "purge", "--older-than", "0.000001", "--yes"
    ),
    "a message of the command line": lambda s: s.ana.server.flask(
        "chat", "send", "--conversation", s.talk, "--as", s.ana.id, "From the shell"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def host(tmp_path_factory, tiny_file):
    started = Servers(tmp_path_factory.mktemp("replay"))
    yield started.start(started.copy_of(tiny_file), app=TINY, settings=PATIENT)
    started.end_all()


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_loaded_and_what_was_sent_is_what_is_there(host, visitors, verb):
    place = 3 * list(VERBS).index(verb)
    ana, ben, cleo = [visitors(host, str(number)) for number in range(place + 1, place + 4)]
    talk = ana.group("Replay", ben)
    scene = Scene(ana, ben, cleo, talk, ana.post(talk, "First"), ben.post(talk, "Second"))
    watchers = []
    for person in (ana, ben, cleo):
        socket = person.socket()  # first the greeting, then the load: nothing falls between
        watchers.append((socket, Client(person).load()))

    VERBS[verb](scene)

    for socket, client in watchers:
        if "command line" in verb and talk in client.conversations:
            socket.expect("tick", conversation=talk)
        socket.fence()
        for event in socket.events:
            client.apply(copy.deepcopy(event))
        assert client.view() == Client(client.me).load().view(), socket.events
