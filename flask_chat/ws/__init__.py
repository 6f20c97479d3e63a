"""The WebSocket door: one socket's way in, its commands, and the clock that runs beside them."""

from . import held, messages, presence, reads, typing

__all__ = ["held", "messages", "presence", "reads", "typing"]
