"""Real processes that are killed while people talk: what was acknowledged is there, once, in one
order, for everybody who may see it, and for nobody else.

For a long run: ``scripts/soak --minutes 5``.
"""

import secrets
from pathlib import Path

import pytest

from tests.history.run import run


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_nothing_acknowledged_is_lost_doubled_or_shown_to_others(tmp_path: Path) -> None:
    report = run(tmp_path, seconds=12, seed=secrets.token_hex(4))
    print(report)
    assert not report.problems, str(report)
    assert report.messages > 20, str(report)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_a_bus_that_loses_one_entry_in_ten_loses_nobody_anything(tmp_path: Path) -> None:
    report = run(tmp_path, seconds=8, seed=secrets.token_hex(4), breaks=False, lossy=True)
    print(report)
    assert not report.problems, str(report)
