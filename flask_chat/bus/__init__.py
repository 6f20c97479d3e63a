"""How entries reach the other workers of the same site.

What is promised stands in :mod:`base`; each backend is a file of its own, chosen by the scheme
of ``CHAT_BUS_URL``. To add one: write the file, add a line to ``SCHEMES``, add it to the suite
in ``tests/contracts``. A bus knows nothing of sockets, presence or the database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from ..errors import SetupError
from .base import Bus

if TYPE_CHECKING:
    from ..config import Config

__all__ = ["SCHEMES", "Bus", "connect"]

# URL scheme -> module, which has `connect(url, config) -> Bus` and is imported when it is used.
SCHEMES = {
    "memory": "flask_chat.bus.memory",
    "redis": "flask_chat.bus.redis",
    "rediss": "flask_chat.bus.redis",
}


def connect(url: str, config: Config) -> Bus:
    """The bus for this URL, not started yet.

    :raises SetupError: if the scheme is unknown or the URL is not fit for it.
    """
    scheme, separator, _ = url.partition("://")
    if not separator or scheme not in SCHEMES:
        known = ", ".join(f"{name}://" for name in SCHEMES)
        raise SetupError(
            f"CHAT_BUS_URL must begin with one of {known}; this begins with {scheme!r}."
        )
    return cast(Bus, import_module(SCHEMES[scheme]).connect(url, config))
