"""Verbs: one public function is one transaction. See :mod:`flask_chat.database`.

A verb takes plain values (who is acting, ids, texts), asks :mod:`policy`, writes through the
models, announces, and returns what the doors send. It never sees a socket, a request or the bus.
"""
