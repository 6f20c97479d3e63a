"""At most fifteen lines, and without them the host is what it was."""

from __future__ import annotations

import pytest

from tests.hosts.removal import is_ours, lines_of, take_out, visit
from tests.hosts.roll import EVERY

MOST = 15


@pytest.mark.parametrize("kept", EVERY.values(), ids=lambda kept: kept.name)
def test_the_chat_is_at_most_fifteen_lines(kept, record_property):
    ours = [line for file in kept.sources() for line in lines_of(file) if is_ours(line)]
    record_property("lines", len(ours))
    assert 3 <= len(ours) <= MOST, "".join(ours)


def test_without_its_lines_every_host_is_what_it_was(tmp_path):
    """Taken out of copies, in a process that never imports the package."""
    before = take_out(tmp_path / "before")
    visited = visit(
        tmp_path,
        *(
            f"visit({kept.module.partition(':')[0]!r}, {kept.app!r}, fills={not kept.postgres})"
            for kept in EVERY.values()
        ),
        "assert 'flask_chat' not in sys.modules",
        path=before,
    )
    assert visited.splitlines() == list(EVERY)
