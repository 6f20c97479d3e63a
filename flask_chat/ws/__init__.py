"""The WebSocket door: one socket's way in, its commands, and the clock that runs beside them."""

from . import messages, presence, reads, typing

__all__ = ["messages", "presence", "reads", "typing"]
