"""The server dies, the network goes: nothing is lost, nothing is doubled, nobody reloads."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.journeys.watching import NETWORK_IS_AWAY


@pytest.fixture(scope="module")
def school(serve):
    """A school that may be killed."""
    return serve()


@pytest.fixture
def talk(nora, tom, watch):
    """Both with their chat open on one another, and two words said."""
    watch.expect(NETWORK_IS_AWAY)
    registrar, teacher = nora.tab("/registrar"), tom.tab("/")
    registrar.open_with(tom)
    teacher.open_with(nora)
    teacher.write("before")
    registrar.sees("before")
    # Seen over there is not yet known to have arrived over here.
    expect(teacher.chat.locator(".pending")).to_have_count(0)
    return registrar, teacher


def test_a_message_in_flight_when_the_server_is_killed_arrives_once(talk, school):
    registrar, teacher = talk
    with school.frozen():
        teacher.write("in flight", "and after it")
        expect(teacher.message("in flight")).to_contain_class("pending")
        school.kill_at_once()
    teacher.becomes("waiting")
    expect(teacher.rows.nth(1)).to_contain_class("pending")
    school.start_again()
    for tab in talk:
        tab.is_live(timeout=30_000)
        tab.sees("before", "in flight", "and after it", timeout=15_000)
        expect(tab.chat.locator(".pending")).to_have_count(0)
    registrar.write("and on we go")
    teacher.sees("before", "in flight", "and after it", "and on we go")


def test_the_number_of_unread_messages_outlives_the_server(nora, tom, school, watch):
    watch.expect(NETWORK_IS_AWAY)
    registrar, teacher = nora.tab("/registrar"), tom.tab("/")
    teacher.open_with(nora)
    teacher.write("One")
    registrar.shows_unread(1)
    school.kill_at_once()
    registrar.becomes("waiting")
    registrar.shows_unread(1)
    school.start_again()
    registrar.is_live(timeout=30_000)
    teacher.is_live(timeout=30_000)
    registrar.shows_unread(1)
    teacher.write("Two")
    registrar.shows_unread(2)


def test_a_server_that_says_goodbye_is_found_again(talk, school):
    registrar, teacher = talk
    school.end()
    expect(teacher.banner).to_contain_text("Reconnecting")
    school.start_again()
    for tab in talk:
        tab.chat.get_by_role("button", name="Try now").click()
        tab.is_live(timeout=30_000)
    registrar.write("here again")
    teacher.sees("before", "here again")


def test_offline_words_wait_and_are_sent_once(talk, tom):
    registrar, teacher = talk
    tom.context.set_offline(True)
    expect(teacher.banner).to_have_text("You are offline. Messages are sent when you are back.")
    teacher.write("from the train", "still in the train")
    expect(teacher.chat.locator(".pending")).to_have_count(2)
    registrar.write("are you there?")
    registrar.sees("before", "are you there?")
    tom.context.set_offline(False)
    expect(teacher.banner).to_have_text("Back online")
    for tab in talk:
        tab.sees("before", "are you there?", "from the train", "still in the train")
    expect(teacher.banner).to_be_empty()


def test_what_was_written_offline_is_sent_from_the_next_page(talk, tom):
    registrar, teacher = talk
    tom.context.set_offline(True)
    teacher.write("from the train")
    expect(teacher.chat.locator(".pending")).to_have_count(1)
    tom.context.set_offline(False)
    teacher.page.goto("/classes")
    teacher.open_chat()
    registrar.sees("before", "from the train")
    teacher.choose("Nora Lindqvist")
    teacher.sees("before", "from the train")


def test_an_answer_that_is_lost_doubles_nothing(nora, arrive, watch):
    watch.expect(NETWORK_IS_AWAY)
    tom = arrive("teacher", "Tom Achterberg", fresh=True)
    sockets, deaf = [], []

    def between(route):
        server = route.connect_to_server()
        sockets.append(route)
        route.on_message(server.send)

        def answer(frame):
            if not (route in deaf and json.loads(frame)["type"] in ("reply", "message.posted")):
                route.send(frame)

        server.on_message(answer)

    tom.context.route_web_socket("**/chat/ws", between)
    registrar, teacher = nora.tab("/registrar"), tom.tab("/")
    registrar.open_with(tom)
    teacher.open_with(nora)
    teacher.is_live()
    deaf.append(sockets[-1])
    teacher.write("once")
    registrar.sees("once")
    expect(teacher.message("once")).to_contain_class("pending")
    sockets[-1].close(code=1011)
    expect(teacher.chat.locator(".pending")).to_have_count(0)
    teacher.sees("once")
    teacher.is_live()
    registrar.write("twice?")
    teacher.sees("once", "twice?")
    registrar.sees("once", "twice?")
