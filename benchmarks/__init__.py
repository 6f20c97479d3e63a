"""What the chat costs, beside what others cost. ``python -m benchmarks --help`` tells how to ask.

A *server* (``servers.py``) is one way to serve a chat: ours in its variants, and the rivals, each
the program its own documentation would have you write (``rivals/``). A *crowd* (``crowd.py``) is
all its clients. A *scenario* (``scenarios/``) has the crowd do one thing to a server and returns
figures. Every server speaks to the crowd through its *dialect* (``dialects.py``), and holds the
same people and conversations (``school.py``). What was measured is kept in ``results/``;
``table.py``, ``plots.py`` and ``scaling.py`` only read it.

The server has the first processor, the crowd (with Redis and PostgreSQL) the second. Within one
repetition the servers take turns, so that whatever else the machine does hits them alike: believe
the ratios before the numbers, and processor time before time on the clock.
"""
