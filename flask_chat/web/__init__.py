"""The REST door, the page and the widget. One file per noun; importing them adds their routes."""

from . import (
    actions,
    announcements,
    conversations,
    errors,
    health,
    held,
    inboxes,
    inject,
    members,
    messages,
    page,
    people,
    session,
    static,
    sync,
)
from .blueprint import blueprint
from .page import chat_badge, chat_thread, chat_widget
from .static import chat_static

__all__ = [
    "actions", "announcements", "blueprint", "chat_badge", "chat_static", "chat_thread",
    "chat_widget", "conversations", "errors", "health", "held", "inboxes", "inject",
    "members", "messages", "page", "people", "session", "static", "sync",
]  # fmt: skip
