"""What the processes that serve the chat say of themselves, and of a proxy before them.

The command that asks is a process of its own. Only the others know by which server they were
started, with how many workers, and whether the app is wrapped where they begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from ..current import chat
from ..errors import ChatError
from ..services import orders
from . import processes
from .findings import Finding, fail, ok, warn

_PATIENCE_SECONDS = 1.0
_WRAPPERS = 20  # around the app; nobody has more, and one may hold itself


def serving() -> Iterator[Finding]:
    """The server, its workers, and the proxy."""
    try:
        found = [each for each in processes.ask(orders.ABOUT, patience_seconds=_PATIENCE_SECONDS)
                 if each]  # an older release answers with nothing  # fmt: skip
    except (SQLAlchemyError, ChatError):
        found = []  # the tables are missing, as was said above
    else:
        yield from _servers(found)
    yield _proxy(found)


def _servers(found: list[dict[str, Any]]) -> Iterator[Finding]:
    if not found:
        yield warn(
            "server",
            "no process serves sockets now, so none could be asked: not how it was started, nor "
            "how many there are",
            "open a page with the chat and run the doctor again",
        )
    for process in found:
        yield _process(process)
    if chat.config.bus_url.startswith("memory:") and any(each.get("several") for each in found):
        yield warn(
            "workers",
            "the server runs several processes, and one of them has all sockets: pages that meet "
            "another poll",
            "start one process (-w 1), or set CHAT_BUS_URL to a redis:// address",
        )


def _process(about: dict[str, Any]) -> Finding:
    who = f"{about['server']}, process {about['pid']}"
    is_gevent = about["server"].startswith("gevent") or about["gevent"]
    if is_gevent and not about["patched"]:
        return fail(
            "server",
            f"{who}: gevent, but the process is not patched",
            "begin your wsgi module with: from gevent import monkey; monkey.patch_all()",
        )
    if about["engine"] == "epoll":
        return ok("server", f"{who}: patched by gevent; {about['sockets']} sockets, a few KiB each")
    return warn(
        "server",
        f"{who}: {about['sockets']} sockets, a thread each",
        "for many people start it with gunicorn -k gevent; see Deployment",
    )


def _proxy(found: list[dict[str, Any]]) -> Finding:
    proxied = [each for each in found if each.get("proxied")]
    if any(not each["believed"] for each in proxied) and not chat.config.origins:
        return warn(
            "proxy",
            "requests come through a proxy that the app does not believe: people's addresses are "
            "the proxy's, and pages over https may count as foreign",
            "wrap app.wsgi_app in ProxyFix; see Deployment",
        )
    if proxied or _is_wrapped():
        return ok("proxy", "ProxyFix says under which address people see the app")
    if chat.config.origins:
        return ok("proxy", f"people may come from {', '.join(sorted(chat.config.origins))}")
    if found:
        return ok("proxy", "the last socket came through none")
    return warn(
        "proxy",
        "the app believes no proxy, as far as this command can see",
        "behind one, wrap app.wsgi_app in ProxyFix; without one, all is well",
    )


def _is_wrapped() -> bool:
    """Whether there is a ProxyFix among the wrappers that hold what they wrap where most do."""
    layer: Any = current_app.wsgi_app
    for _ in range(_WRAPPERS):
        if layer is None or isinstance(layer, ProxyFix):
            break
        inside = (getattr(layer, name, None) for name in ("app", "wsgi_app", "application"))
        layer = next((each for each in inside if each is not None), None)
    return isinstance(layer, ProxyFix)
