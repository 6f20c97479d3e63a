"""Open sockets: who is connected to this process, and how bytes reach them.

One road through the room: :mod:`upgrade` turns a request into a socket, an engine reads and
writes it, a :class:`~flask_chat.realtime.connection.Connection` is what the rest of the house
sees of it, and the :class:`~flask_chat.realtime.hub.Hub` finds the connections of an audience.
:mod:`drain` says goodbye when the process ends.

Law: nothing here knows a conversation, a permission or a database, or any other room of its
floor. gevent is named in ``engines/`` only; everywhere else ``threading``, ``queue``, ``socket``
and ``time``, which a host's own monkey patch makes cooperative.
"""
