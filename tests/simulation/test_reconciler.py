"""What the reconciler finds although other things were carried meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulation.client import Client
from tests.simulation.world import World


@pytest.fixture
def world(sqlite_files: Any) -> Iterator[World]:
    with sqlite_files.host() as first:
        world = World(first)
        world.begin_anew()
        yield world
        world.close()


@pytest.fixture
def ana(world: World) -> Client:
    return Client(world, world.people[0], world.workers[0])


@pytest.fixture
def ben(world: World) -> Client:
    return Client(world, world.people[1], world.workers[1])


def settle(*clients: Client) -> None:
    while any(one.listen() or one.hear_answer() or one.fill_gaps() for one in clients):
        pass


@pytest.fixture
def group(ana: Client, ben: Client) -> str:
    values = {"kind": "group", "title": "Class 4b", "members": [ben.person.id]}
    key: str = ana.ask("POST", "/conversations", values)[1]["conversation"]["id"]
    ben.connect(ben.worker)
    settle(ben)
    assert key in ben.conversations
    return key


def test_who_was_removed_by_a_worker_that_died_hears_of_it_after_later_changes(
    world: World, ana: Client, ben: Client, group: str
) -> None:
    """The later change is carried, and reaches the highest number; Ben is not told of that."""
    dying, living = world.workers[0], world.workers[1]
    dying.bus.is_cut = True
    ana.ask("DELETE", f"/conversations/{group}/members/{ben.person.id}", at=dying)
    dying.die()
    ana.ask("PATCH", f"/conversations/{group}", {"title": "Class 5b"}, at=living)
    settle(ben)
    assert group in ben.conversations
    living.look()
    settle(ben)
    assert group not in ben.conversations


def test_who_was_removed_is_told_once(world: World, ana: Client, ben: Client, group: str) -> None:
    dying, living = world.workers[0], world.workers[1]
    dying.bus.is_cut = True
    ana.ask("DELETE", f"/conversations/{group}/members/{ben.person.id}", at=dying)
    dying.die()
    assert living.look() > 0
    assert living.look() == 0


def test_what_the_bus_lost_in_silence_is_found_by_the_worker_that_missed_it(
    world: World, ana: Client, ben: Client, group: str
) -> None:
    path = f"/conversations/{group}/messages"
    ana.ask("POST", path, {"body": "Hello", "client_id": "lost-in-silence"}, at=world.workers[0])
    world.workers[1].bus.drop(0)
    world.workers[0].look()
    settle(ben)
    assert ben.view()[group]["messages"] == []
    world.workers[1].look()
    settle(ben)
    assert len(ben.view()[group]["messages"]) == 1
