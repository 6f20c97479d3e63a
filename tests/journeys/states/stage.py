"""A page with the chat in it and no server behind: what the chat hears is in the test's hands."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from playwright.sync_api import BrowserContext, Locator, Route, WebSocketRoute, expect

from tests.journeys.people import Tab

STATIC = Path(__file__).parents[3] / "flask_chat" / "static"
ORIGIN = "https://school.example"
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}
NOW = datetime(2026, 5, 20, 10, 30, tzinfo=UTC)

ME = {"id": "1", "name": "Nora Lindqvist", "role": "Registrar", "avatar": None}
TOM = {"id": "2", "name": "Tomás Echeverría", "role": "Mathematics", "avatar": None}
LAYLA = {"id": "3", "name": "ليلى حداد", "role": "Nurse", "avatar": None}
AYUMI = {"id": "4", "name": "Ayumi Sato", "role": "Music", "avatar": None}
EMIL = {"id": "5", "name": "Émile Zöller", "role": None, "avatar": None}
EVERYBODY = [TOM, LAYLA, AYUMI, EMIL]

BOOT = {
    "user": ME, "api": "/chat/api", "ws": "/chat/ws", "page": "/chat/", "login": "/login",
    "csrf": None, "heartbeat": 25, "tabs": "these", "languages": {},
    "limits": {"body": 4000, "title": 200, "members": 50, "frame": 16384, "edit_seconds": 900,
               "delete_seconds": None},
    "features": {"typing": True, "presence": True, "read_receipts": True, "actions": True,
                 "inboxes": True, "announcements": True},
}  # fmt: skip

PAGE = """<!doctype html><html lang="{language}" dir="{direction}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>School</title><style>body {{ font: 16px system-ui; margin: 2rem; color-scheme: light dark }}
</style></head><body><main><h1>Alder Quay</h1><p>The page of the school.</p></main>
<flask-chat boot='{boot}'{mode}><a href="/chat/">Messages</a></flask-chat>
<script type="module" src="/chat/static/widget.js"></script></body></html>"""


def moment(**before: float) -> str:
    """A time before the stage's now, as the wire has it."""
    return (NOW - timedelta(**before)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Stage(Tab):
    """The page, and a server made of a few lists."""

    def __init__(self, context: BrowserContext, *, language: str = "en", mode: str = "") -> None:
        super().__init__(context.new_page())
        self.context, self.mode, self.language = context, mode, language
        self.heads: list[dict[str, Any]] = []
        self.history: dict[str, list[dict[str, Any]]] = {}
        self.people = list(EVERYBODY)
        self.inboxes: list[dict[str, Any]] = []
        self.held: list[dict[str, Any]] = []
        #: What may be done to the record of a conversation.
        self.actions: dict[str, list[dict[str, Any]]] = {}
        #: What else the server says, by path.
        self.answers: dict[str, dict[str, Any]] = {
            "/announcements/lists": {"lists": [], "confirm_above": 20}
        }
        self.totals = {"unread": 0, "conversations": 0}
        self.sockets: list[WebSocketRoute] = []
        #: Addresses and commands that get no answer.
        self.silent: list[str] = []
        #: Those that are refused, and how.
        self.refused: dict[str, tuple[int, str]] = {}
        self._unanswered: list[Route] = []
        context.route(f"{ORIGIN}/**", self._answer)
        context.route_web_socket(f"wss{ORIGIN[5:]}/**", self._greet)
        self.page.clock.install(time=NOW)

    # Before the page

    def has(
        self, kind: str, *members: dict[str, Any], title: str | None = None, **more: Any
    ) -> str:
        """A conversation, with the messages that are then put into it."""
        key = str(10 + len(self.heads))
        people = [ME, *members]
        self.history[key] = []
        self.heads.append({
            "id": key, "kind": kind, "title": title, "members_count": len(people),
            "members": [
                {
                    "owner": person is ME and kind != "direct", "since_seq": 0, "read_seq": 0,
                    "left": False, "rule": None, **person,
                }
                for person in people
            ],
            "last_seq": 0, "last_change": 0, "first_seq": 1, "updated_at": moment(days=40),
            "preview": None, "version": 1, "read_seq": 0, "unread": 0, "counted_to": 0,
            "muted": False, "archived": False, "pinned": False, **more,
        })  # fmt: skip
        return key

    def said(self, key: str, author: dict[str, Any], body: str, *, at: str, **more: Any) -> dict:
        """A message that was there before the page; it counts as read unless `unread` says not."""
        (head,) = [head for head in self.heads if head["id"] == key]
        unread = more.pop("unread", False)
        message = self._keep(self._message(key, author, body, at, **more))
        if unread:
            head["unread"] += 1
            self.totals["unread"] += 1
        else:
            head["read_seq"] = message["seq"]
        return message

    def _message(self, key: str, author: Any, body: str, at: str, **more: Any) -> dict[str, Any]:
        seq = len(self.history[key]) + 1
        return {
            "id": f"{key}{seq:04}", "conversation": key, "seq": seq, "change": seq, "kind": "user",
            "author": author, "body": body, "client_id": more.pop("client_id", f"c{key}{seq}"),
            "created_at": at, "edited_at": None, "deleted": False, "reply_to": None, **more,
        }  # fmt: skip

    def _keep(self, message: dict[str, Any]) -> dict[str, Any]:
        self.history[message["conversation"]].append(message)
        self._head(message["conversation"]).update(
            last_seq=message["seq"], last_change=message["change"], preview=message,
            updated_at=message["created_at"], counted_to=message["seq"],
        )  # fmt: skip
        return message

    def arrive(self, path: str = "/") -> Stage:
        """Open the page, and wait until its chat hears."""
        self.page.goto(ORIGIN + path, wait_until="commit")
        self.is_live()
        return self

    # What the page hears

    def hears(self, type_: str, conversation: str | None = None, **fields: Any) -> None:
        frame = {"type": type_, **fields}
        if conversation is not None:
            frame["conversation"] = conversation
        self.sockets[-1].send(json.dumps(frame))

    def hears_message(self, key: str, author: dict[str, Any], body: str, **more: Any) -> dict:
        """Somebody says something now."""
        message = self._keep(self._message(key, author, body, moment(), **more))
        self.hears("message.posted", key, change=message["change"], data=message)
        return message

    def hears_read(self, key: str, person: dict[str, Any], seq: int) -> None:
        self.hears("read.updated", key, data={"user": person["id"], "seq": seq})

    def pass_time(self, seconds: float) -> None:
        self.page.clock.run_for(int(seconds * 1_000))

    def scroll_up(self, goal: Locator) -> None:
        """To the top of what there is, until the goal is there."""
        for _ in range(20):
            self.messages.evaluate("(box) => { box.scrollTop = 0 }")
            if goal.count():
                break
            self.pass_time(0.2)
        self.messages.evaluate("(box) => { box.scrollTop = 0 }")

    def turn(self) -> None:
        """The page reads from right to left, its words staying what they are."""
        self.chat.evaluate(
            """(chat) => {
              for (const each of [document.documentElement, chat.shadowRoot.querySelector('.root')])
                each.dir = 'rtl';
            }"""
        )

    def leave(self) -> None:
        """Nobody waits for an answer any more."""
        for route in self._unanswered:
            route.abort()
        self.context.close()

    def open_thread(self, key: str) -> None:
        self.open_chat()
        self.chat.locator(f"[data-conversation='{key}']").click()
        expect(self.composer).to_be_visible()

    # The server

    def _greet(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self._obey(socket, json.loads(text)))
        socket.send(json.dumps({"type": "hello", "v": 1, "now": moment(), "epoch": "one"}))

    def _obey(self, socket: WebSocketRoute, frame: dict[str, Any]) -> None:
        kind, ref, data = frame["type"], frame.get("ref"), frame.get("data") or {}
        if kind in self.silent or ref is None:
            if kind == "presence.watch" and TOM["id"] in data["people"]:
                people = {each["id"]: "offline" for each in EVERYBODY} | {TOM["id"]: "online"}
                socket.send(json.dumps({"type": "presence", "data": {"people": people}}))
            return
        if kind in self.refused:
            _, code = self.refused[kind]
            socket.send(json.dumps({"type": "error", "ref": ref, "code": code, "detail": code}))
            return
        answer: dict[str, Any] = {}
        if kind == "message.post":
            answer["message"] = self._post(data)
        socket.send(json.dumps({"type": "reply", "ref": ref, "data": answer}))

    def _post(self, data: dict[str, Any]) -> dict[str, Any]:
        key = data["conversation"]
        return self._keep(
            self._message(key, ME, data["body"], moment(), client_id=data["client_id"])
        )

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path.startswith("/chat/static/"):
            file = STATIC / path.removeprefix("/chat/static/")
            route.fulfill(path=file, content_type=TYPES[file.suffix])
        elif not path.startswith("/chat/api/"):
            direction = "rtl" if self.language == "ar" else "ltr"
            mode = f' mode="{self.mode}"' if self.mode else ""
            boot = json.dumps(BOOT).replace("'", "&#39;")
            page = PAGE.format(language=self.language, direction=direction, boot=boot, mode=mode)
            route.fulfill(body=page, content_type="text/html")
        elif any(part in path for part in self.silent):
            self._unanswered.append(route)
        else:
            self._serve(route, path.removeprefix("/chat/api"))

    def _serve(self, route: Route, path: str) -> None:
        for part, (status, code) in self.refused.items():
            if part in path:
                route.fulfill(status=status, json={"error": {"code": code, "detail": code}})
                return
        route.fulfill(json=self._look_up(route, path))

    def _look_up(self, route: Route, path: str) -> dict[str, Any]:
        query = route.request.url.partition("?")[2]
        if path in self.answers:
            return self.answers[path]
        if path == "/session":
            return BOOT
        if path == "/sync":
            totals = {"totals": self.totals}
            return totals if route.request.method == "GET" else {**totals, **self._synced()}
        if path == "/inboxes":
            return {"inboxes": self.inboxes}
        if path == "/people":
            return {"people": self._found(query), "next": None}
        if found := re.fullmatch(r"/conversations/(\d+)/messages", path):
            return self._page_of(found[1], query)
        if found := re.fullmatch(r"/conversations/(\d+)/members", path):
            return self._members_of(found[1], query)
        if found := re.match(r"/conversations/(\d+)/actions", path):
            return {"actions": self.actions.get(found[1], [])}
        if found := re.fullmatch(r"/conversations/(\d+)", path):
            return {"conversation": self._head(found[1])}
        return {}

    def _synced(self) -> dict[str, Any]:
        return {
            "conversations": self.heads,
            "next": None,
            "gone": [],
            "held": self.held,
            "now": moment(),
            "epoch": "one",
        }

    def _found(self, query: str) -> list[dict[str, Any]]:
        wanted = re.search(r"q=(\w*)", query)
        return [
            each for each in self.people if not wanted or wanted[1].lower() in each["name"].lower()
        ]

    def _head(self, key: str) -> dict[str, Any]:
        return next(head for head in self.heads if head["id"] == key)

    def _members_of(self, key: str, query: str) -> dict[str, Any]:
        """Fifty at a time, as the server does; who is in the head is the first page."""
        head, asked = self._head(key), dict(parse_qsl(query))
        words = asked.get("q", "").lower()
        found = [each for each in self._crowd(head) if words in each["name"].lower()]
        begin = int(asked.get("after", 0))
        further = str(begin + 50) if len(found) > begin + 50 else None
        return {"members": found[begin : begin + 50], "next": further}

    def _crowd(self, head: dict[str, Any]) -> list[dict[str, Any]]:
        known = head["members"]
        more = [
            {**known[-1], "id": f"crowd-{number}", "name": f"Pupil {number}", "role": None}
            for number in range(len(known), head["members_count"])
        ]
        return [*known, *more]

    def _page_of(self, key: str, query: str) -> dict[str, Any]:
        before = re.search(r"before=(\d+)", query)
        rows = [row for row in self.history[key] if not before or row["seq"] < int(before[1])]
        return {"messages": rows[-50:], "more": len(rows) > 50}
