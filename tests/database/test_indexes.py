"""The doctor says which of the host's columns are looked up without an index."""

from __future__ import annotations

import json

from sqlalchemy import func, select

from tests.support.records import Office


def examined(host):
    said = json.loads(host.run("doctor", "--json").output)
    return [(each["level"], each["found"]) for each in said if each["name"] == "indexes"]


def test_columns_without_an_index_are_named(host):
    Office(host)
    assignment = host.db.Assignment.__table__.name
    needed = {("case_file", "family"), (assignment, "person_no")}
    found = examined(host)
    assert {level for level, _ in found} == {"warn"}
    assert {text.partition(" ")[0] for _, text in found} == {f"{t}.{c}" for t, c in needed}
    # An index of some rows finds nobody else.
    host.execute("CREATE INDEX ix_some ON case_file (family) WHERE title = 'x'")
    assert len(examined(host)) == 2
    for table, column in needed:
        host.execute(f"CREATE INDEX ix_{column} ON {table} ({column})")
    ((level, _),) = examined(host)
    assert level == "ok"


def test_of_what_is_calculated_nothing_is_said(host):
    case = host.db.Case
    key = select(func.coalesce(case.id, case.id), func.coalesce(case.family, case.family))
    Office(host, participants=key)
    assert examined(host) == []
