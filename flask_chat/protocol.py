"""The wire: which frames there are, how they are written, and why a socket closes.

Shapes floor; no I/O and no state. Frames are JSON text, ids are strings, times RFC 3339 UTC.
The page of frames in the docs is generated from the tables at the end.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .errors import ChatError, Invalid, Malformed
from .events import Entry, Event

VERSION = 1

# Made once: `json.dumps` makes one for each call that is not the ordinary one.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Command:
    """A frame from a client, decoded but not yet checked.

    :param ref: the client's own mark, returned with the answer; ``None`` wants no answer.
    """

    type: str
    data: dict[str, Any]
    ref: str | None = None


def encode(frame: dict[str, Any]) -> bytes:
    """A frame as JSON text in UTF-8.

    :raises TypeError, ValueError: for a value that has no JSON form. Strict on purpose: the caller
        is inside a transaction, and a message that cannot be sent must not be stored either.
    """
    return _json.encode(frame).encode()


def decode(text: str) -> Command:
    """Read a client's frame; unknown fields are ignored.

    :raises Malformed: if it is no JSON object.
    :raises Invalid: if ``type``, ``ref`` or ``data`` have the wrong type.
    """
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("The frame is not JSON.") from None
    if not isinstance(frame, dict):
        raise Malformed("The frame is not a JSON object.")
    kind, ref, data = frame.get("type"), frame.get("ref"), frame.get("data", {})
    if ref is not None and not (isinstance(ref, str) and len(ref) <= 64):
        raise Invalid("The field `ref` must be a text of at most 64 characters.")
    if not isinstance(kind, str):
        raise Invalid("The field `type` must be a text.")
    if not isinstance(data, dict):
        raise Invalid("The field `data` must be an object.")
    return Command(kind, data, ref)


def ref_of(text: str) -> str | None:
    """The ref of a frame that :func:`decode` refused, if it has one by which to answer."""
    try:
        ref = json.loads(text)["ref"]
    except (ValueError, RecursionError, TypeError, LookupError):
        return None
    return ref if isinstance(ref, str) and len(ref) <= 64 else None


def entry(event: Event) -> Entry:
    """The event as it travels: encoded once, for its audience."""
    return Entry(event.audience, encode(event.to_frame()), event.key, event.head)


def hello(*, user: str, now: str, heartbeat: float, epoch: str) -> bytes:
    """The first frame of every socket that is let in."""
    return encode(
        {"type": "hello", "version": VERSION, "user": user, "now": now,
         "heartbeat": heartbeat, "epoch": epoch}
    )  # fmt: skip


def reply(ref: str, data: dict[str, Any]) -> bytes:
    """The answer to a command."""
    return encode({"type": "reply", "ref": ref, "data": data})


def error(problem: ChatError, ref: str | None = None) -> bytes:
    """An error; with ``ref`` the answer to a command, without it about the socket itself."""
    frame: dict[str, Any] = {"type": "error", **problem.to_dict()}
    if ref is not None:
        frame["ref"] = ref
    if problem.retry_after is not None:
        frame["retry_after"] = problem.retry_after
    return encode(frame)


def resync(why: str) -> bytes:
    """Tell the client to load anew: ``overflow`` (it was too slow), ``bus`` or ``server``."""
    return encode({"type": "resync", "why": why})


def bye(retry_ms: tuple[int, int], code: str | None = None) -> bytes:
    """Said before a close that is no fault of the client; it returns at a random moment."""
    frame: dict[str, Any] = {"type": "bye", "retry_ms": list(retry_ms)}
    if code is not None:
        frame["code"] = code
    return encode(frame)


HEARTBEAT = encode({"type": "heartbeat"})

RETRY_MS = (500, 8000)

# 4000-4099: stop. 4100-4199: come back after a pause. An unknown 4xxx follows its range.
GOING_AWAY = 1001
INVALID_DATA = 1007
TOO_BIG = 1009
SERVER_ERROR = 1011
RESTART = 1012
OVER_CAPACITY = 1013
UNAUTHORIZED = 4001
REVOKED = 4003
TOO_MANY = 4009
SLOW = 4108
RATE_LIMITED = 4129

CLOSE_CODES: dict[int, tuple[str, str]] = {
    GOING_AWAY: ("went away", "reconnect, full-jitter backoff"),
    INVALID_DATA: ("a text frame that is not UTF-8", "reconnect, full-jitter backoff"),
    TOO_BIG: ("frame too big", "stop, report"),
    SERVER_ERROR: ("server error", "reconnect, full-jitter backoff"),
    RESTART: ("restart, drain", "reconnect at a random moment within `retry_ms`"),
    OVER_CAPACITY: ("over capacity", "reconnect, long backoff"),
    UNAUTHORIZED: ("nobody is signed in", "stop; offer to sign in again"),
    REVOKED: ("revoked while open", "wait 1-2 s, ask /session once; another or nobody: stop"),
    TOO_MANY: ("too many sockets of this person", "stop until visible"),
    SLOW: ("slow consumer", "reconnect, then /sync"),
    RATE_LIMITED: ("rate limit", "reconnect after the pause it names"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """A row of the generated page of frames."""

    type: str
    sender: str
    shape: str
    meaning: str


_MESSAGE = '"conversation", "change", "data": message'
_CONVERSATION = '"conversation", "change", "data": conversation'
_MEMBERS = '"conversation", "change", "data": {"members": [member], "by": user id or null}'

FRAMES: tuple[Frame, ...] = (
    Frame("message.post", "client",
          '"ref", "data": {"conversation", "body", "client_id", "reply_to"?}',
          "send a message; repeating it with the same client_id is harmless. The answer has "
          "`message`, or `held` where it waits for the end of somebody's quiet hours"),
    Frame("message.edit", "client", '"ref", "data": {"conversation", "message", "body"}',
          "change the words of one's own message"),
    Frame("message.delete", "client", '"ref", "data": {"conversation", "message"}',
          "leave a tombstone in its place"),
    Frame("held.cancel", "client", '"ref", "data": {"conversation", "held"}',
          "take back a message that waits for the end of somebody's quiet hours"),
    Frame("held.send", "client", '"ref", "data": {"conversation", "held"}',
          "send it, and one's own before it, all the same; for whom the host lets"),
    Frame("conversation.read", "client", '"ref", "data": {"conversation", "seq"}',
          "read up to this message"),
    Frame("typing", "client", '"data": {"conversation"}', "typing now; no answer"),
    Frame("presence.watch", "client", '"data": {"people": [up to 200 ids]}',
          "tell me when these come and go; replaces the previous list; no answer"),
    Frame("auth", "client", '"data": {"ticket"}',
          "the first frame of a client without cookies"),
    Frame("hello", "server", '"version", "user", "now", "heartbeat", "epoch"',
          "the first frame of every socket that is let in"),
    Frame("reply", "server", '"ref", "data"', "the answer to a command"),
    Frame("error", "server", '"ref"?, "code", "detail", "fields"?, "retry_after"?',
          "a command failed; without ref, something about the socket itself"),
    Frame("message.posted", "server", _MESSAGE, "there is a new message"),
    Frame("message.edited", "server", _MESSAGE, "a message has new words"),
    Frame("message.deleted", "server", _MESSAGE, "a message has become a tombstone"),
    Frame("message.held", "server", '"conversation", "data": held message',
          "one's own message waits for the end of somebody's quiet hours, was refused at their "
          "end, or was taken back; to its author's sockets only"),
    Frame("member.added", "server", _MEMBERS, "people joined"),
    Frame("member.left", "server", _MEMBERS, "people left or were removed"),
    Frame("member.changed", "server", _MEMBERS, "members became owners or ceased to be"),
    Frame("conversation.created", "server", _CONVERSATION, "there is a new conversation"),
    Frame("conversation.changed", "server", _CONVERSATION, "its title changed"),
    Frame("conversation.purged", "server", _CONVERSATION,
          "messages below first_seq are gone for good"),
    Frame("conversation.self", "server",
          '"conversation", "data": {"version", "read_seq", "unread", "counted_to", "muted", '
          '"archived", "pinned"}', "one's own state moved, on whatever device"),
    Frame("inquiry.changed", "server", '"conversation", "change", "data": inquiry',
          "an inquiry stands otherwise in its office's queue; to the staff, in their notes"),
    Frame("read.updated", "server", '"conversation", "data": {"user", "seq"}',
          "somebody else has read up to here; the larger mark wins"),
    Frame("typing", "server", '"conversation", "data": {"user"}', "somebody is typing"),
    Frame("presence", "server", '"data": {"people": {user id: "online" or "offline"}}',
          "somebody who is watched came or went"),
    Frame("tick", "server", '"conversation", "change"',
          "it has reached this change; ask for what is missing"),
    Frame("gone", "server", '"conversation"', "it is no longer there for you"),
    Frame("resync", "server", '"why": "overflow", "bus" or "server"', "load anew"),
    Frame("heartbeat", "server", "", "the server is there; about as often as `hello` says"),
    Frame("bye", "server", '"retry_ms": [from, to], "code"?',
          "the close that follows is nobody's fault; come back within this span"),
)  # fmt: skip
