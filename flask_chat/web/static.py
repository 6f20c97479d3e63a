"""The widget's files, under a path that carries their fingerprint.

A browser may keep them for ever, and never mixes an old module with a new one.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, request, send_from_directory

from .. import language
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
    response.vary.add("Accept-Encoding")
    # There are many small files: what no browser needs of one that never changes is not sent.
    for needless in ("Content-Disposition", "Last-Modified", "Accept-Ranges"):
        response.headers.pop(needless, None)
    if response.status_code == 200 and request.accept_encodings.quality("gzip"):
        _pack(response, path)
    return response


def _pack(response: Response, path: str) -> None:
    """Send it as small as it gets; what is on the disk stays as it was written."""
    response.direct_passthrough = False
    # The same file in another form, so not the same entity: caches compare this.
    etag, _ = response.get_etag()
    response.set_etag(f"{etag}-gzip")
    response.set_data(_packed(path, response.get_data()))
    response.content_encoding = "gzip"


_kept: dict[str, bytes] = {}  # by path; a process serves one version of the files


def _packed(path: str, content: bytes) -> bytes:
    if path not in _kept:
        _kept[path] = gzip.compress(content, 9, mtime=0)
    return _kept[path]


@blueprint.get(
    "/translations/<version>/<name>/<any('flask_chat.js','flask_chat-launcher.js'):file>"
)
def host_texts(version: str, name: str, file: str) -> Response:
    """A language of the host's own, for the widget."""
    folder = language.host_folder()
    if folder is None or name not in _host_languages(folder) or version != _print_of(folder):
        raise NotFound("This page is older than the server. Reload it.")
    response = send_from_directory(folder / name, file, mimetype=_TYPES[".js"])
    response.headers["Cache-Control"] = _KEPT
    return response


def host_languages() -> dict[str, str]:
    """The host's languages, and where the widget finds the texts of each, without ``.js``."""
    folder = language.host_folder()
    if folder is None:
        return {}
    version = _print_of(folder)
    return {
        name: url_of("host_texts", version=version, name=name, file="flask_chat.js").removesuffix(
            ".js"
        )
        for name in _host_languages(folder)
    }


@blueprint.get("/widget.js")
def script() -> Any:
    """For hosts that can only name a script, at an address that stays. `import()` works in scripts
    of the old kind too, and finds the files beside this address, whatever is before it."""
    response = Response(f'import("./static/{fingerprint()}/boot.js");\n', mimetype=_TYPES[".js"])
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(fingerprint())
    return response.make_conditional(request)


@cache
def _host_languages(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in folder.glob("*/flask_chat.js")))


def fingerprint() -> str:
    """Changes when any of the files does."""
    return _print_of(FOLDER)


@cache
def _print_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def chat_static(path: str) -> str:
    """The URL of one of the widget's files."""
    return url_of("static_file", version=fingerprint(), path=path)
