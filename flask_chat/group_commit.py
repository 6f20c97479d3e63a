"""Group commit: what is asked for while a transaction is under way goes together in the next one.

Ground floor. Nobody waits for company: whoever comes alone goes at once. Whoever comes while
another is under way waits without a connection, and is carried out by the next to lead. The
leader's session, app context and connection serve them all.

A thread (or greenlet) that leads and gets stuck or killed leaves nobody waiting: its turn is given
up after :data:`PATIENCE_SECONDS`, and who was under way with it tries alone. So an act must be
repeatable, as sends are by their ``client_id``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Generic, TypeVar, cast

from .errors import ChatError

D = TypeVar("D")
R = TypeVar("R")

#: How many go together.
MOST = 256
#: How long one waits for the one who leads.
PATIENCE_SECONDS = 5.0


class Turn(Generic[D, R]):
    """Something that was asked for, and what became of it."""

    __slots__ = ("draft", "outcome", "woken")

    def __init__(self, draft: D) -> None:
        self.draft = draft
        self.woken = threading.Event()
        #: ``None``: nobody has carried it out, or it must be done alone.
        self.outcome: R | ChatError | None = None


class GroupCommit(Generic[D, R]):
    """Those who want the same verb carried out.

    :param verb: carries out several drafts in one transaction; gives one outcome for each, in
        their order: the result, the error that is its answer, or ``None`` if it has to be done
        in a transaction of its own. An exception means that nothing at all was stored.
    """

    def __init__(self, verb: Callable[[Sequence[D]], Sequence[R | ChatError | None]]) -> None:
        self._verb = verb
        self._lock = threading.Lock()  # guards what follows; never held while anybody waits
        # In their order. Thousands may wait, and each of them leaves by itself.
        self._waiting: dict[Turn[D, R], None] = {}
        self._leader: Turn[D, R] | None = None

    def __len__(self) -> int:
        """How many wait for the next transaction."""
        return len(self._waiting)

    def begin(self, draft: D) -> Turn[D, R]:
        """Put it among those who wait. Whoever begins has to :meth:`finish` soon, or to
        :meth:`leave`: another may have to wait for it."""
        turn: Turn[D, R] = Turn(draft)
        with self._lock:
            self._waiting[turn] = None
        return turn

    def finish(self, turn: Turn[D, R]) -> R:
        """Do what was begun, alone or with others, unless another has done it meanwhile.

        :raises ChatError: what was wrong with this draft.
        """
        try:
            if self._leads(turn):
                self._lead(turn)
        finally:
            self.leave(turn)
        outcome = turn.outcome
        if outcome is None:
            (outcome,) = self._verb([turn.draft])
        if isinstance(outcome, ChatError):
            raise outcome
        return cast(R, outcome)  # alone, each has one

    def leave(self, turn: Turn[D, R]) -> None:
        """Let the next one lead."""
        with self._lock:
            self._waiting.pop(turn, None)  # there if it was given up before it was carried out
            if self._leader is turn:
                self._leader = next(iter(self._waiting), None)
                if self._leader is not None:
                    self._leader.woken.set()

    def _leads(self, turn: Turn[D, R]) -> bool:
        with self._lock:
            if self._leader is None and turn in self._waiting:
                self._leader = turn
                return True
        return self._has_come_to_lead(turn)

    def _has_come_to_lead(self, turn: Turn[D, R]) -> bool:
        """Wait; whether this one is now the one to lead, instead of carried out by another."""
        if not turn.woken.wait(PATIENCE_SECONDS):
            with self._lock:
                if turn in self._waiting:  # the leader is stuck
                    self._leader = turn
        return self._leader is turn

    def _lead(self, turn: Turn[D, R]) -> None:
        # Who is about to ask comes along: under gevent, those whose frames came at this moment.
        time.sleep(0)
        with self._lock:
            del self._waiting[turn]
            together = [turn, *islice(self._waiting, MOST - 1)]
            for each in together[1:]:
                del self._waiting[each]
        outcomes: Sequence[R | ChatError | None] = [None] * len(together)
        try:
            outcomes = self._verb([each.draft for each in together])
        except ChatError as problem:  # the database is away: no better for each alone
            outcomes = [problem] * len(together)
        except Exception:
            if len(together) == 1:
                raise
            # One of them may be to blame; each finds out alone.
        finally:
            self.leave(turn)
            for each, outcome in zip(together, outcomes, strict=True):
                each.outcome = outcome
                each.woken.set()
