"""However much there is: no request asks more of the database than it asked of a small one.

With the school and the requests of ``benchmarks/reads.py``, which measures how long they take.
"""

from benchmarks import reads
from benchmarks.old_school import Size

SMALL = Size(messages=600, people=90, conversations=60, crowd=55)
LARGER = Size(messages=3000, people=300, conversations=150, crowd=160)


def statements(databases, size):
    found = reads.measure(databases.empty(), size=size, rounds=2)
    return {name.replace(str(size.crowd), "many"): of.statements for name, of in found.items()}


def test_no_request_takes_more_statements_where_there_is_more(databases):
    small = statements(databases, SMALL)
    assert statements(databases, LARGER) == small
    assert max(small.values()) < 15
