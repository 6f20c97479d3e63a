"""Our templates in the host's Jinja environment, or the host's of the same name.

An app may have set other marks for its own templates (``[[ … ]]``, where a script of the page needs
the braces). Ours keep Jinja's; what the host has put in their place has the host's.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from flask import current_app, render_template
from jinja2 import Environment
from jinja2.defaults import (
    BLOCK_END_STRING,
    BLOCK_START_STRING,
    COMMENT_END_STRING,
    COMMENT_START_STRING,
    VARIABLE_END_STRING,
    VARIABLE_START_STRING,
)

from .blueprint import TEMPLATES

_MARKS: dict[str, Any] = {
    "block_start_string": BLOCK_START_STRING,
    "block_end_string": BLOCK_END_STRING,
    "variable_start_string": VARIABLE_START_STRING,
    "variable_end_string": VARIABLE_END_STRING,
    "comment_start_string": COMMENT_START_STRING,
    "comment_end_string": COMMENT_END_STRING,
    "line_statement_prefix": None,
    "line_comment_prefix": None,
}
_usual: WeakKeyDictionary[Environment, Environment] = WeakKeyDictionary()


def render(name: str, values: dict[str, Any]) -> str:
    """One of ``templates/flask_chat/`` with these values, and with whatever the host adds to every
    template."""
    path, environment = f"flask_chat/{name}", current_app.jinja_env
    if _has_usual_marks(environment) or not _is_ours(environment, path):
        return render_template(path, **values)
    if environment not in _usual:
        _usual[environment] = environment.overlay(**_MARKS)
    current_app.update_template_context(values)
    return _usual[environment].get_template(path).render(values)


def _has_usual_marks(environment: Environment) -> bool:
    return all(getattr(environment, name) == mark for name, mark in _MARKS.items())


def _is_ours(environment: Environment, path: str) -> bool:
    if environment.loader is None:
        return False
    _, file, _ = environment.loader.get_source(environment, path)
    return file is not None and file.startswith(str(TEMPLATES))
