"""What the app answers to a browser that is not signed in: the doctor asks it in this process, so
whatever the host does to every request is done here as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app

from ..current import chat
from .findings import Finding, fail, ok

#: What the widget loads, by the directive that must allow it.
_NEEDED = ("script-src", "connect-src", "style-src", "img-src")


def answers_to_a_browser() -> Iterator[Finding]:
    """Static files, policy and origin."""
    alive = _get("/healthz")
    if isinstance(alive, str) or alive.status_code != 200:
        said = alive if isinstance(alive, str) else _status(alive)
        yield fail(
            "requests",
            f"{chat.config.url_prefix}/healthz is answered by the app itself: {said}",
            "let your before_request pass what begins with CHAT_URL_PREFIX",
        )
        return
    yield ok("requests", "reach the chat")
    yield _static()
    yield _policy(alive)
    yield _origin()


def _static() -> Finding:
    answer = _get("/widget.js")
    if not isinstance(answer, str) and answer.status_code == 200:
        module = answer.text.partition('"./')[2].partition('"')[0]
        answer = _get(f"/{module}")
        if not isinstance(answer, str) and answer.mimetype == "text/javascript":
            return ok("static", "the widget's files are served")
    said = answer if isinstance(answer, str) else _status(answer)
    return fail("static", f"the widget's files are not served: {said}", "reinstall flask-chat")


def _policy(answer: Any) -> Finding:
    policy = answer.headers.get("Content-Security-Policy")
    if not policy:
        return ok("csp", "no Content-Security-Policy")
    allowed = {words[0].lower(): words[1:] for part in policy.split(";") if (words := part.split())}
    has_nonce = callable(current_app.jinja_env.globals.get("csp_nonce"))
    missing = [name for name in _NEEDED if not _allows(allowed, name, has_nonce)]
    if missing:
        return fail(
            "csp",
            f"the Content-Security-Policy forbids what the widget loads: {', '.join(missing)}",
            f"add 'self' to {', '.join(missing)}",
        )
    return ok("csp", "the Content-Security-Policy lets the widget work")


def _allows(allowed: dict[str, list[str]], directive: str, has_nonce: bool) -> bool:
    sources = allowed.get(directive, allowed.get("default-src"))
    if sources is None or "'self'" in sources or "*" in sources:
        return sources is None or "'strict-dynamic'" not in sources or has_nonce
    return directive == "script-src" and has_nonce


def _origin() -> Finding:
    answer = _ask("POST", "/api/ticket", Origin="https://elsewhere.invalid")
    if not isinstance(answer, str) and answer.status_code in (400, 401, 403):
        return ok("origin", "a page of another site is refused")
    said = answer if isinstance(answer, str) else _status(answer)
    return fail(
        "origin",
        f"a page of another site was answered with {said}",
        "look at what answers before the chat does, and at CHAT_ORIGINS",
    )


def _get(path: str) -> Any:
    return _ask("GET", path)


def _ask(method: str, path: str, **headers: str) -> Any:
    """The answer, or what went wrong as a text. Over TLS, where the app insists on it."""
    client = current_app.test_client()
    where = f"{chat.config.url_prefix}{path}"
    try:
        for scheme in ("http", "https"):
            answer = client.open(
                where,
                method=method,
                base_url=f"{scheme}://localhost",
                headers=headers,
                buffered=True,
            )
            if not answer.headers.get("Location", "").startswith("https://"):
                break
    except Exception as problem:  # noqa: BLE001 - whatever the host's own code raises
        return f"{type(problem).__name__}: {problem}"
    return answer


def _status(answer: Any) -> str:
    location = answer.headers.get("Location")
    return f"{answer.status}, to {location}" if location else str(answer.status)
