"""The benchmarks still measure: a little of each, so that they do not rot between releases."""

import pytest

from benchmarks import __main__ as bench
from benchmarks import results, table
from benchmarks.scenarios import SMOKE
from benchmarks.servers import BY_NAME

OURS = BY_NAME["flask_chat"]


@pytest.mark.parametrize(
    ("scenario", "figures"),
    [
        ("connect", ["cpu_ms", "p99_ms", "per_second", "page_cpu_ms"]),
        ("dm", ["best_rate", "cpu_ms@100", "p99_ms@100"]),
        ("fanout", ["cpu_us@10", "last_p50_ms@10"]),
        ("storm", ["all_s", "cpu_ms"]),
    ],
)
def test_a_scenario_gives_the_figures_that_the_table_shows(scenario, figures, tmp_path):
    found = results.Scenario.anew(scenario, tmp_path, [OURS.name])
    found.add(OURS, bench.measured(scenario, OURS, SMOKE, patience=0))

    kept = results.Scenario.read(scenario, tmp_path)
    assert "failed" not in kept.runs[0], kept.runs[0]
    assert all(kept.figure("flask_chat", name) is not None for name in figures)
    assert not any(step.get("missing") for step in kept.runs[0].get("steps", ()))
    assert {row.scenario for row in table.ROWS} <= set(bench.SERVERS)
