"""What every bus promises.

    Every worker sees every durable entry once it is published, in its publisher's order, or is
    told ``resync``.

In detail:

* *Every worker*: the one that published included, through the same receiver as the others.
* *Once it is published*: ``publish`` may return before others have the entry, never before
  this process can no longer forget it. It does not wait for other workers.
* *In its publisher's order*: the receiver is called once at a time, with what waits by then, and
  the entries of one process come in the order in which it published them. Two processes may be
  seen in different orders by a third: clients put the changes of a conversation in order by their
  numbers.
* *Or is told resync*: a bus that knows it may have missed something says so by handing its
  receiver ``Control("resync")``. It never leaves a gap in silence.
* What may be dropped (an entry with a ``key``) may be dropped by the bus too.
* What is published together is received together: a socket can be told of it in one write.
* A receiver's failure is logged and reaches neither the publisher nor what is published next.

A bus is not the truth: the database is, and clients compare change numbers. So nothing here is
stored for longer than it takes to deliver.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from ..events import Control, Entry

Item = Entry | Control
Receiver = Callable[[Sequence[Item]], None]


class Bus(ABC):
    """One worker's end of the bus."""

    @property
    def is_up(self) -> bool:
        """Whether other processes are reached; one that has no others is always up."""
        return True

    @abstractmethod
    def publish(self, entries: Sequence[Item]) -> None:
        """Hand entries and orders to every worker's receiver. Raises nothing, waits for nobody."""

    @abstractmethod
    def subscribe(self, receiver: Receiver) -> None:
        """Set who receives in this worker; there is one, and it must not wait."""

    @abstractmethod
    def start(self) -> None:
        """Begin to receive; called before the first socket is accepted. Repeating is harmless."""

    @abstractmethod
    def stop(self) -> None:
        """Give back what ``start`` took; nothing is received afterwards. Repeating is harmless."""
