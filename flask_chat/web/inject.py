"""``CHAT_INJECT``: the widget in the host's pages without a line in a template.

Only in what is surely a page, and only for somebody who is signed in: neither a fragment, a
download, a stream nor a redirect is touched, and no page that others may be shown from a cache.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from flask import Flask, Response, after_this_request, request_started
from sqlalchemy.exc import SQLAlchemyError

from ..errors import ChatError
from .page import chat_widget

log = logging.getLogger("flask_chat.web")

#: One that floats, or the chat's own page; a badge or the thread of a record is something else.
_THERE = re.compile(rb"<flask-chat(?![\w-])(?![^>]*\s(?:conversation|subject)=)")
_END = re.compile(rb"</body\s*>", re.IGNORECASE)


def install(app: Flask) -> None:
    """Add the widget to the pages of this app."""
    request_started.connect(_begin, app)


def _begin(app: Flask, **extra: Any) -> None:
    # Before every `after_request` of the host: what compresses, signs or counts the body comes
    # after, whichever was registered first.
    after_this_request(_add_widget)


def _add_widget(response: Response) -> Response:
    if not _is_page(response):
        return response
    body = response.get_data()
    ends = list(_END.finditer(body))
    if not ends or _THERE.search(body):
        return response
    charset = response.mimetype_params.get("charset", "utf-8")
    widget = _widget().encode(charset, "xmlcharrefreplace")
    if widget:
        place = ends[-1].start()
        _replace(response, body[:place] + widget + body[place:])
    return response


def _is_page(response: Response) -> bool:
    status, headers = response.status_code, response.headers
    return (
        (status == 200 or 400 <= status < 500)
        and response.mimetype == "text/html"
        and not response.is_streamed
        and not response.direct_passthrough
        and "Content-Encoding" not in headers
        and not headers.get("Content-Disposition", "").startswith("attachment")
        and not response.cache_control.public
    )


def _widget() -> str:
    """The page is the host's: it is shown as it is where the chat cannot be asked."""
    try:
        return str(chat_widget())
    except (ChatError, SQLAlchemyError) as problem:
        log.warning("a page goes without the chat: %s", problem)
        return ""


def _replace(response: Response, body: bytes) -> None:
    tag, is_weak = response.get_etag()
    response.set_data(body)  # and its Content-Length
    if tag is not None:
        response.add_etag(overwrite=True, weak=bool(is_weak))
    # "Not modified since" would show the page of whoever was signed in before.
    response.headers.pop("Last-Modified", None)
    response.vary.add("Cookie")
