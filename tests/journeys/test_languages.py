"""The chat speaks as the page does, and fetches one language for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

WORDS = {
    "de-DE": ("Chat öffnen, 2 ungelesene Nachrichten", "Unterhaltungen", "Gesendet", "1.234"),
    "es": ("Abrir el chat, 2 mensajes sin leer", "Conversaciones", "Enviado", "1234"),
    "ar-EG": ("فتح الدردشة، رسالتان غير مقروءتين", "المحادثات", "أُرسلت", "١٬٢٣٤"),
    "zh-Hans": ("打开聊天，2 条未读消息", "会话", "已发送", "1,234"),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_page_of_another_language(language, arrive, tom, office):
    launcher, conversations, sent, number = WORDS[language]
    nora = arrive("registrar", "Nora Lindqvist", fresh=True).reads(language)
    office.conversation(tom.account, nora.account, "One", "Two")
    fetched: list[str] = []
    nora.context.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))

    tab = nora.tab("/registrar")
    expect(tab.launcher).to_have_accessible_name(launcher)
    own = language.partition("-")[0]
    assert f"{own}-launcher.js" in fetched
    assert f"{own}.js" not in fetched

    tab.open_chat()
    expect(tab.chat.get_by_role("list", name=conversations, exact=True)).to_be_visible()
    tab.chat.locator("[data-conversation]").click()
    composer = tab.chat.locator("textarea")
    composer.fill("x" * 5_234)
    expect(tab.chat.locator(".counter")).to_contain_text(number)
    composer.fill("Three")
    composer.press("Enter")
    expect(tab.chat.locator(".receipt")).to_have_text(sent)
    assert "en.js" not in fetched
    assert tab.chat.evaluate("(chat) => chat.shadowRoot.querySelector('.root').lang") == language


def test_right_to_left_everything_changes_sides(arrive, tom, office):
    nora = arrive("registrar", "Nora Lindqvist", fresh=True).reads("ar")
    office.conversation(tom.account, nora.account, "Hello", "مرحبا")
    tab = nora.tab("/chat/")
    tab.chat.locator("[data-conversation]").click()
    tab.chat.locator("textarea").fill("Good morning")
    tab.chat.locator("textarea").press("Enter")
    places = tab.chat.evaluate(
        """(chat) => Object.fromEntries(
          ['.side', '.main', '.own .bubble', '.other .bubble', '.send', 'textarea'].map((each) =>
            [each, chat.shadowRoot.querySelector(each).getBoundingClientRect().x]))"""
    )
    assert places[".side"] > places[".main"]
    assert places[".own .bubble"] < places[".other .bubble"]
    assert places[".send"] < places["textarea"]
    english, arabic = tab.rows.locator(".text").all()[:2]
    assert english.evaluate("(text) => getComputedStyle(text).direction") == "ltr"
    assert arabic.evaluate("(text) => getComputedStyle(text).direction") == "rtl"
