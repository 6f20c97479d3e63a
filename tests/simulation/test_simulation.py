"""Several workers, a bus that cannot be trusted, clients that come and go: everybody ends up with
what a fresh load would show.

A failure prints the steps that led to it, and the line that repeats them. For a long run::

    pytest tests/simulation --hypothesis-profile=soak
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import Simulation
from tests.simulation.world import World


@pytest.fixture
def world(databases: Any) -> Iterator[World]:
    with databases.host() as first:
        world = World(first)
        yield world
        world.close()


def test_everybody_ends_up_with_what_a_fresh_load_would_show(
    world: World, request: pytest.FixtureRequest
) -> None:
    class Lent(Simulation):
        pass

    Lent.world = world
    # The same life costs several times as much there.
    default = "simulation" if world.is_light else "simulation-short"
    profile = request.config.getoption("--hypothesis-profile") or default
    run_state_machine_as_test(Lent, settings=settings.get_profile(profile))
