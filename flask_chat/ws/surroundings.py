"""What handshakes tell of the server that serves them, and of a proxy before it.

A command sees the app and none of this: behind which wrappers a ``wsgi.py`` has put it, with how
many workers it was started, what a proxy adds. So the processes with sockets remember it, for the
doctor to ask; and where a proxy that is not believed makes the site's own pages foreign, the log
says so.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment

#: What proxies add to the requests that they pass on.
_ADDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)

log = logging.getLogger("flask_chat.ws")


class Surroundings:
    """As they were at the last handshake; each is written at once, so nothing is locked."""

    def __init__(self) -> None:
        self._server = ""
        self._is_one_of_several = False
        self._is_proxied = False
        self._is_believed = False
        self._has_complained = False

    def see(self, environ: WSGIEnvironment) -> None:
        """Remember what this handshake tells."""
        self._server = str(environ.get("SERVER_SOFTWARE", ""))
        self._is_one_of_several = bool(environ.get("wsgi.multiprocess"))
        self._is_proxied = any(name in environ for name in _ADDED)
        self._is_believed = "werkzeug.proxy_fix.orig" in environ

    def describe(self) -> dict[str, Any]:
        """For the doctor; names that only ever become more."""
        return {
            "server": self._server or "an unknown server",
            "several": self._is_one_of_several,
            "proxied": self._is_proxied,
            "believed": self._is_believed,
        }

    def complain(self, origin: str | None, own: str) -> None:
        """Say once that a page was refused which is most likely one of the site's own."""
        if self._has_complained or not self._may_be_own(origin, own):
            return
        self._has_complained = True
        log.warning(
            "A page of %s was refused, for the app takes its own address to be %s. If that page is "
            "yours, let the app believe its proxy (werkzeug's ProxyFix), or list the address in "
            "CHAT_ORIGINS; `flask chat doctor` tells more.",
            origin, own,
        )  # fmt: skip

    def _may_be_own(self, origin: str | None, own: str) -> bool:
        """Behind a proxy that is not believed; or where only the scheme or the port differs."""
        if not origin or origin == "null":
            return False
        is_unheard = self._is_proxied and not self._is_believed
        return is_unheard or urlsplit(origin).hostname == urlsplit(own).hostname
