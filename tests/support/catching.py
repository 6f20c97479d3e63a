"""What a client does to miss nothing, whatever the bus loses: the rules of ``docs/protocol.md``.

Over a lossy bus (``LOSSY_BUS``) the sockets of the tests keep these rules too, and a test about
what somebody is told holds there as it does elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Frame = dict[str, Any]


class Catching:
    """Puts the frames of one socket in order, and fetches what did not come.

    :param ask: ``ask(method, path, **values)`` -> the JSON of an answer, ``None`` if refused.
    """

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._last: dict[str, int] = {}

    def take(self, frame: Frame) -> Iterator[Frame]:
        """What the client knows after this frame that it did not know before."""
        if frame["type"] == "hello":
            self._last = self._heads()
            yield frame
        elif frame["type"] == "resync":
            yield frame
            for conversation, reached in self._heads().items():
                yield from self._changes(conversation, reached)
        elif "change" in frame:
            yield from self._numbered(frame)
        else:
            yield frame

    def _numbered(self, frame: Frame) -> Iterator[Frame]:
        conversation, change = frame["conversation"], frame["change"]
        last = self._last.get(conversation, 0)
        if change == last + 1 and frame["type"] != "tick":
            self._last[conversation] = change
            yield frame
        elif change > last:
            yield from self._changes(conversation, change)

    def _changes(self, conversation: str, reached: int) -> Iterator[Frame]:
        last = self._last.get(conversation, 0)
        if reached <= last:
            return
        path = f"/conversations/{conversation}/changes?after={last}&limit=500"
        answer = self._ask("GET", path)
        if answer is None:
            yield {"type": "gone", "conversation": conversation}
            return
        self._last[conversation] = answer["head"]
        yield from answer["changes"]

    def _heads(self) -> dict[str, int]:
        answer = self._ask("POST", "/sync", known={}, limit=200)
        heads = [] if answer is None else answer["conversations"]
        return {head["id"]: head["last_change"] for head in heads}
