"""The widget's files, under a path that carries their fingerprint.

A browser may keep them for ever, and never mixes an old module with a new one.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, send_from_directory

from ..errors import NotFound
from .blueprint import PACKAGE, blueprint, url_of

FOLDER = PACKAGE / "static"
_KEPT = "public, max-age=31536000, immutable"
# Some systems think that .js is text/plain, and browsers then refuse the module.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@blueprint.get("/static/<version>/<path:path>")
def static_file(version: str, path: str) -> Response:
    """One of the widget's files, in the version that the page was made for."""
    if version != fingerprint():
        raise NotFound("This page is older than the server. Reload it.")
    response = send_from_directory(FOLDER, path, mimetype=_TYPES.get(Path(path).suffix))
    response.headers["Cache-Control"] = _KEPT
    return response


@cache
def fingerprint() -> str:
    """Changes when any of the files does."""
    digest = hashlib.sha256()
    for file in sorted(FOLDER.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(FOLDER)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def chat_static(path: str) -> str:
    """The URL of one of the widget's files."""
    return url_of("static_file", version=fingerprint(), path=path)
