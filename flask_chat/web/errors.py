"""Errors become JSON here, once, for every route of the blueprint."""

from __future__ import annotations

import logging

from flask import Response, jsonify
from werkzeug.exceptions import HTTPException, InternalServerError, default_exceptions

from .. import language
from ..errors import (
    ChatError,
    CsrfFailed,
    Forbidden,
    Malformed,
    NotFound,
    RateLimited,
    SetupError,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from .blueprint import blueprint

log = logging.getLogger("flask_chat.web")

_OF_STATUS = {
    400: Malformed, 401: Unauthorized, 403: Forbidden, 404: NotFound, 413: TooLarge,
    429: RateLimited, 503: Unavailable,
}  # fmt: skip


@blueprint.errorhandler(ChatError)
def _chat_error(problem: ChatError) -> Response:
    if isinstance(problem, SetupError):
        log.error("%s", problem.detail)  # for whoever embeds the chat; nobody else can mend it
    if isinstance(problem, SetupError):
        # A mistake of those who embed the chat, and they read logs.
        log.error("%s", problem.detail)
    response = jsonify(error=language.say_error(problem))
    response.status_code = problem.status
    response.headers.update(problem.headers)
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


@blueprint.errorhandler(HTTPException)
def _http_error(problem: HTTPException) -> Response:
    """What Flask or the host refused on the way to us; a redirect or a ready answer passes."""
    if problem.response is not None or (problem.code or 500) < 400:
        return problem.get_response()  # type: ignore[return-value]
    # Flask-WTF's CSRFError, without importing an extension that may not be there.
    if type(problem).__name__ == "CSRFError":
        return _chat_error(CsrfFailed())
    if problem.code in _OF_STATUS:
        return _chat_error(_OF_STATUS[problem.code](problem.description))
    response = jsonify(error={"code": "error", "detail": problem.description or problem.name})
    response.status_code = problem.code or 500
    return response


@blueprint.errorhandler(InternalServerError)
def _unexpected(problem: InternalServerError) -> Response:
    """Flask has logged it and told the host's own watchers."""
    response = jsonify(error=language.say_error(ChatError()))
    response.status_code = 500
    return response


# By status as well: Flask prefers the host's handler for one status, such as its page for 404 or
# for a stale CSRF token, to ours for all of them, and a client cannot read a page.
for _status in sorted(default_exceptions):
    if 400 <= _status != InternalServerError.code:
        blueprint.register_error_handler(_status, _http_error)
