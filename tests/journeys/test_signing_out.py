"""Who is signed out is out at once, in every tab, and finds their words again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(autouse=True)
def _may_be_told(watch):
    """Who is signed out is told so with a 401."""
    watch.expect("^401: |status of 401")


@pytest.fixture
def away(arrive):
    """A teacher whose clock the test may turn."""
    return arrive("teacher", "Tom Achterberg", fresh=True)


def test_signing_out_in_one_tab_ends_the_chat_in_the_other(nora, away):
    away.context.clock.install()
    tab, other = away.tab("/"), away.tab("/classes")
    attempts: list[str] = []
    tab.page.on("websocket", lambda socket: attempts.append(socket.url))
    tab.page.on("request", lambda request: attempts.append(request.url))
    tab.open_with(nora)
    tab.write("said")
    tab.sees("said")
    tab.composer.fill("not yet said")
    other.page.get_by_role("button", name="Sign out").click()
    expect(tab.chat.get_by_role("alert")).to_contain_text("You have been signed out")
    assert "said" not in tab.chat.locator(".panel").inner_text().replace("signed out", "")
    attempts.clear()
    tab.page.clock.run_for(15 * 60_000)
    tab.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tab.page.evaluate("window.dispatchEvent(new Event('online'))")
    tab.page.clock.run_for(60_000)
    assert not attempts


def test_signing_in_again_comes_back_to_the_page_and_the_draft(nora, tom, watch):
    tab, other = tom.tab("/classes"), tom.tab("/")
    tab.open_with(nora)
    tab.composer.fill("not yet said")
    other.page.get_by_role("button", name="Sign out").click()
    tab.chat.get_by_role("link", name="Sign in again").click()
    tab.page.get_by_label("Username").fill(tom.account.username)
    tab.page.get_by_label("Password").fill("demo")
    tab.page.get_by_role("button", name="Sign in").click()
    tab.page.wait_for_url(re.compile(r"/classes"))
    tab.open_with(nora)
    expect(tab.composer).to_have_value("not yet said")
    tab.composer.press("Enter")
    tab.sees("not yet said")


def test_the_next_person_at_this_computer_finds_nothing(nora, tom, arrive, office):
    tab = tom.tab("/")
    tab.open_with(nora)
    tab.write("a secret")
    tab.sees("a secret")
    tab.composer.fill("a secret half written")
    tab.page.get_by_role("button", name="Sign out").click()
    tab.page.wait_for_url("**/login*")
    next_one = office.enrol("teacher", "Ayumi Sato")
    tab.page.get_by_label("Username").fill(next_one.username)
    tab.page.get_by_label("Password").fill("demo")
    tab.page.get_by_role("button", name="Sign in").click()
    tab.is_live()
    tab.open_chat()
    expect(tab.chat.get_by_text("No conversations yet")).to_be_visible()
    assert "secret" not in tab.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")


def test_somebody_deactivated_is_out_at_once(nora, tom):
    registrar, teacher = nora.tab(f"/registrar/people/{tom.id}"), tom.tab("/")
    teacher.open_with(nora)
    teacher.write("still here")
    teacher.sees("still here")
    registrar.page.get_by_role("button", name="Deactivate").click()
    expect(teacher.chat.get_by_role("alert")).to_contain_text("You have been signed out")


def test_signing_out_leaves_the_phone_signed_in(nora, tom, arrive):
    phone = arrive(account=tom.account).tab("/")
    desk, registrar = tom.tab("/"), nora.tab("/registrar")
    registrar.open_with(tom)
    desk.page.get_by_role("button", name="Sign out").click()
    desk.page.wait_for_url("**/login*")
    registrar.write("are you there?")
    phone.shows_unread(1)
