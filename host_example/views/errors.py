"""Pages for when something cannot be shown."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, page_expired)
    for code in PAGES:
        app.register_error_handler(code, show_error)


PAGES = {
    403: (
        "This page is not for you",
        "Your account does not have access to it. If it should, the office can help.",
    ),
    404: (
        "There is nothing here",
        "The page may have moved, or the person or application was removed.",
    ),
    405: ("That cannot be done this way", "Please go back and use the button on the page."),
    500: ("Something went wrong", "It has been written to the log. Please try again in a moment."),
}


def show_error(error: HTTPException) -> ResponseReturnValue:
    title, explanation = PAGES[error.code or 500]
    return render_template(
        "error.html", code=error.code, title=title, explanation=explanation
    ), error.code or 500


def page_expired(error: CSRFError) -> ResponseReturnValue:
    """A form without a valid token: an old page, or a request forged by another site."""
    return render_template(
        "error.html",
        code=400,
        title="This page has expired",
        explanation="It was open for too long, and nothing was changed. Reload it and try again.",
    ), 400
