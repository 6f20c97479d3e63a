"""What every presence promises.

* Each connection is a lease of its own: somebody with two tabs stays online when one closes.
* The first lease of a person is announced at once.
* The end of the last one is announced only after a time of grace
  (``CHAT_PRESENCE_GRACE_SECONDS``), and not at all if they are back by then: reloading a page is
  not leaving. During it they count as online.
* Announcements about one person alternate, and arrive in the order in which they became true.
* ``announce`` failing changes nothing here; it is logged.

Presence says nothing about who may know it: the audience is chosen where it is announced.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

Announce = Callable[[str, bool], None]


class Presence(ABC):
    """Who has a connection to any worker."""

    @abstractmethod
    def arrived(self, connection_id: str, user: str) -> None:
        """This connection of this person is open. Repeating is harmless."""

    @abstractmethod
    def left(self, connection_id: str, user: str) -> None:
        """This connection is gone. Repeating is harmless, as is one that never arrived."""

    @abstractmethod
    def online(self, users: Iterable[str]) -> set[str]:
        """Which of these people are online."""

    @abstractmethod
    def start(self) -> None:
        """Called before the first socket is accepted. Repeating is harmless."""

    @abstractmethod
    def stop(self) -> None:
        """Give back what ``start`` took; nothing is announced afterwards. Repeating is harmless."""
