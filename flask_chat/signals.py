"""Blinker signals for the host, sent after the commit that made them true.

``sender`` is the Flask app; ``event`` is the :class:`~flask_chat.events.Event`. A receiver that
raises is logged and harms nobody.
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

message_posted = _signals.signal("chat.message.posted")
message_edited = _signals.signal("chat.message.edited")
message_deleted = _signals.signal("chat.message.deleted")
message_held = _signals.signal("chat.message.held")
member_added = _signals.signal("chat.member.added")
member_left = _signals.signal("chat.member.left")
member_changed = _signals.signal("chat.member.changed")
conversation_created = _signals.signal("chat.conversation.created")
conversation_changed = _signals.signal("chat.conversation.changed")
conversation_purged = _signals.signal("chat.conversation.purged")
inquiry_changed = _signals.signal("chat.inquiry.changed")
