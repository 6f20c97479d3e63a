"""The registrar on /registrar and a teacher at home: what one writes, the other reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.fixture
def talk(nora, tom):
    """Both with their chat open on one another."""
    registrar, teacher = nora.tab("/registrar"), tom.tab("/")
    registrar.open_with(tom)
    teacher.open_with(nora)
    return registrar, teacher


def test_a_teacher_finds_the_registrar_and_writes_to_her(arrive, tom):
    odile = arrive("registrar", "Odile Marchetti")
    registrar, teacher = odile.tab("/registrar"), tom.tab("/")
    teacher.open_chat()
    teacher.chat.get_by_role("button", name="Start a conversation").click()
    teacher.chat.get_by_role("searchbox", name="Search people").fill("Odile")
    teacher.chat.get_by_role("button", name="Odile Marchetti").click()
    teacher.write("Is there a place in 6A?")
    teacher.sees("Is there a place in 6A?")
    registrar.shows_unread(1)


def test_each_sees_what_the_other_writes_in_order(talk):
    registrar, teacher = talk
    teacher.write("Good morning", "Is there a place in 6A?")
    registrar.sees("Good morning", "Is there a place in 6A?")
    registrar.write("Yes, one")
    for tab in talk:
        tab.sees("Good morning", "Is there a place in 6A?", "Yes, one")


def test_a_message_is_seen_in_the_senders_second_tab(talk, nora, tom):
    registrar, _teacher = talk
    second = nora.tab("/registrar/students")
    second.open_with(tom)
    registrar.write("I am writing in the other tab")
    second.sees("I am writing in the other tab")
    expect(second.rows.first).to_have_class("message own first last")
    second.close_chat()
    second.shows_unread(0)


def test_both_writing_at_once_see_one_order(talk):
    registrar, teacher = talk
    for number in range(5):
        registrar.write(f"from the office {number}")
        teacher.write(f"from the class {number}")
    expect(registrar.rows).to_have_count(10)
    expect(teacher.rows).to_have_count(10)
    order = registrar.rows.locator(".text").all_inner_texts()
    assert teacher.rows.locator(".text").all_inner_texts() == order


def test_one_sees_that_the_other_is_typing(talk):
    registrar, teacher = talk
    teacher.composer.press_sequentially("Well, ")
    expect(registrar.chat.locator(".typing-line")).to_have_text("Tom Achterberg is typing…")


def test_one_sees_that_the_other_has_read(talk):
    registrar, teacher = talk
    teacher.close_chat()
    registrar.write("The list is ready")
    receipt = registrar.message("The list is ready").locator(".receipt")
    expect(receipt).to_have_text("Sent")
    teacher.open_chat()
    expect(receipt).to_have_text("Read")


@pytest.mark.raw_frames("who comes and goes is told once; loading anew repairs it")
def test_one_sees_who_is_there(talk, tom):
    registrar, teacher = talk
    subtitle = registrar.main.locator(".subtitle")
    expect(subtitle).to_have_text("Online")
    teacher.page.close()
    expect(subtitle).to_have_text("Offline")


def test_new_words_are_said_to_those_who_listen(talk):
    registrar, teacher = talk
    teacher.write("Listen to this")
    expect(registrar.chat.get_by_role("log")).to_have_text("Tom Achterberg: Listen to this")
    expect(teacher.chat.get_by_role("log")).to_be_empty()
