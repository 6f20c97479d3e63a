"""What a page has to know before its widget starts: ``/session``, and the widget's attribute."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, url_for

from ..current import Identity, chat
from ..services import people
from .blueprint import url_of
from .static import host_languages


def boot(identity: Identity) -> dict[str, Any]:
    """The person, the paths, the limits and the host's CSRF token."""
    config = chat.config
    return {
        "user": people.myself(identity),
        "api": url_of("totals").removesuffix("/sync"),
        # The path alone: the scheme and host are the page's own, whatever proxy stands between.
        "ws": urlsplit(url_of("socket")).path,
        "page": url_of("page"),
        "login": login_url(),
        "csrf": _csrf(),
        "limits": {
            "body": config.body_limit,
            "title": config.title_limit,
            "members": config.members_limit,
            "frame": config.frame_limit,
            "edit_seconds": config.edit_seconds,
            "delete_seconds": config.delete_seconds,
        },
        "features": {
            "typing": config.typing,
            "presence": config.presence,
            "read_receipts": config.read_receipts,
            "announcements": chat.host.hooks.announcements is not None,
            "inboxes": len(chat.inboxes) > 0,
            "actions": any(subject.actions for subject in chat.subjects),
            "quiet": len(chat.quiet) > 0,
        },
        "heartbeat": config.heartbeat_seconds,
        "tabs": identity.tabs,
        "languages": host_languages(),
    }


def login_url() -> str | None:
    """Where to sign in: as set, or Flask-Login's own login view."""
    if chat.config.login_url:
        return str(chat.config.login_url)
    manager = getattr(current_app, "login_manager", None)
    view = getattr(manager, "login_view", None)
    if not view:
        return None
    return str(view) if str(view).startswith(("/", "http")) else url_for(view)


def _csrf() -> dict[str, str] | None:
    """The host's token, from the ``csrf_token`` that its templates use; ``None`` without one."""
    token = current_app.jinja_env.globals.get("csrf_token")
    if not callable(token):
        return None
    return {"header": chat.config.csrf_header, "token": str(token())}
