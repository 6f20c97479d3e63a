"""The main states in every look; and what those hear who do not see."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.states.looks import LOOKS
from tests.journeys.states.rows import school
from tests.journeys.states.staff import ROWS, announcing, office
from tests.journeys.states.stage import LAYLA, TOM
from tests.journeys.states.test_states import complaints

MAIN = [
    "conversations", "people", "not sent", "details", "a letter and a note on it", "announcing",
]  # fmt: skip


#: In light, every state is looked at by test_states.
OTHERS = [look for look in LOOKS if look != "light"]


@pytest.mark.parametrize("state", MAIN)
@pytest.mark.parametrize("look", OTHERS)
def test_a_state_in_a_look(look, state, set_up, axe):
    options = dict(LOOKS[look])
    turned = options.pop("turned", False)
    stage = set_up(**options)
    ROWS[state](stage)
    if turned:
        stage.turn()
    assert not complaints(stage, axe)


# Every region that speaks by itself, and what it has said since.
LISTEN = """() => {
  window.said = [];
  const { shadowRoot } = document.querySelector('flask-chat');
  const regions = '[role=log], [role=status], [role=alert]';
  const last = new Map();
  new MutationObserver(() => {
    for (const region of shadowRoot.querySelectorAll(regions)) {
      const copy = region.cloneNode(true);
      copy.querySelectorAll('[aria-hidden=true]').forEach((each) => each.remove());
      const words = copy.textContent.replace(/\\s+/g, ' ').trim();
      const before = last.get(region) ?? '';
      const added = words.startsWith(before) ? words.slice(before.length) : words;
      if (added) said.push(`${region.role}: ${added}`);
      last.set(region, words);
    }
  }).observe(shadowRoot, { subtree: true, childList: true, characterData: true });
}"""


def test_what_is_said_aloud_of_a_conversation(stage):
    """Incoming messages once and together, nothing of one's own, failures and the connection."""
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    expect(stage.message("The form")).to_be_visible()
    stage.page.evaluate(LISTEN)
    stage.hears_message(key, TOM, "Are you there?")
    stage.hears_message(key, TOM, "It is urgent.")
    stage.hears_message("12", LAYLA, "Of another conversation")
    expect(stage.message("It is urgent.")).to_be_visible()
    stage.pass_time(1.2)
    stage.write("Yes")
    expect(stage.message("Yes").locator(".receipt")).to_have_text("Sent")
    stage.pass_time(1.2)
    stage.refused |= {"message.post": (403, "forbidden"), "/messages": (403, "forbidden")}
    stage.write("May I?")
    expect(stage.chat.get_by_role("alert")).to_be_visible()
    stage.refused.clear()
    stage.sockets[-1].send('{"type": "bye", "code": "restart", "retry_ms": [12000, 12000]}')
    stage.sockets[-1].close(code=1012)
    expect(stage.banner).to_contain_text("Reconnecting")
    stage.pass_time(5)
    stage.banner.get_by_role("button", name="Try now").click()
    expect(stage.banner).to_have_text("Back online")
    said = stage.page.evaluate("said")
    assert said == [
        "log: Tomás Echeverría: Are you there?Tomás Echeverría: It is urgent.",
        "alert: Not sent. You may not do that. Retry Delete",
        "status: Reconnecting Try now",
        "status: Back online",
    ]


SNAPSHOTS = {
    "conversations": """
      - dialog "Messages":
        - heading "Messages" [level=2]
        - button "New conversation"
        - button "Close"
        - list "Conversations":
          - listitem:
            - button /Trip to the sea Pinned .* Tomás Echeverría. Thank you! 2 unread/
          - listitem:
            - button /Tomás Echeverría Online .* The form/
          - listitem:
            - button /Ayumi Sato Muted .* 1 unread/
          - listitem:
            - button /Notes to self .* Ring the printer/
        - button "Archived 1"
        - status
    """,
    "thread": """
      - heading "Tomás Echeverría" [level=2]
      - paragraph: Online
      - button "Details of Tomás Echeverría"
      - button "Close"
      - region "Messages with Tomás Echeverría":
        - paragraph: Beginning of the conversation
        - list:
          - listitem: Yesterday
          - listitem:
            - text: /Tomás Echeverría, .*. Good morning, Nora/
            - button "Actions for this message"
          - listitem:
            - text: /You, .* Yes, exactly one/
          - listitem:
            - text: /You, .* until Friday/
            - text: Read
          - listitem: Today
          - listitem:
            - text: /Tomás Echeverría, .* Wonderful/
          - listitem:
            - link "https://school.example/forms/6a"
          - listitem: New messages
          - listitem:
            - text: /Tomás Echeverría, .* And one more thing/
          - listitem:
            - text: /You, .* Tell me/
            - text: Read
      - textbox "Message to Tomás Echeverría"
      - button "Send" [disabled]
    """,
    "not sent": """
      - listitem:
        - text: /You, .* May I\\?/
        - alert:
          - text: Not sent. You may not do that.
          - button "Retry"
          - button "Delete"
    """,
    "question": """
      - alertdialog "Delete this message?":
        - paragraph: Delete this message?
        - paragraph: Everybody will see that a message was deleted.
        - button "Cancel"
        - button "Delete"
    """,
    "details": """
      - heading "Details" [level=2]
      - heading "Trip to the sea" [level=3]
      - button "Rename"
      - switch "Mute It no longer counts as unread."
      - switch "Pin It stays at the top of the list." [checked]
      - heading "3 members" [level=4]
      - button "Add people"
      - list:
        - listitem: /Nora Lindqvist \\(You\\).*Owner/
        - listitem:
          - button "Make Tomás Echeverría an owner"
          - button "Remove Tomás Echeverría"
      - button "Leave the group"
    """,
}


@pytest.mark.parametrize("state", SNAPSHOTS)
def test_what_a_screen_reader_finds(state, stage):
    ROWS[state](stage)
    expect(stage.panel).to_match_aria_snapshot(SNAPSHOTS[state])


def test_an_input_method_may_use_enter(stage):
    """Enter that ends a composition (Japanese, Chinese) chooses a word; it does not send."""
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.composer.fill("こんにちは")
    press = """(field, composing) => field.dispatchEvent(new KeyboardEvent('keydown',
      { key: 'Enter', isComposing: composing, bubbles: true, composed: true, cancelable: true }))"""
    stage.composer.evaluate(press, True)
    expect(stage.composer).to_have_value("こんにちは")
    stage.composer.evaluate(press, False)
    expect(stage.message("こんにちは").locator(".receipt")).to_have_text("Sent")


@pytest.mark.parametrize(
    ("state", "button"),
    [
        ("first load fails", "Retry"),
        ("reconnecting", "Try now"),
        ("not sent", "Retry"),
        ("not sent", "Delete"),
        ("older messages fail", "Retry"),
    ],
)
def test_a_button_that_goes_hands_the_focus_on(state, button, stage):
    ROWS[state](stage)
    pressed = stage.chat.get_by_role("button", name=button)
    pressed.focus()
    pressed.press("Enter")
    expect(stage.chat.locator("textarea:focus, h2:focus, .messages:focus")).to_be_visible()


def test_an_office_is_worked_in_without_a_mouse(stage):
    """Through the parts of the queue by arrow, into a letter, among its buttons, to a note."""
    office(stage)
    stage.arrive()
    stage.open_chat()
    keyboard = stage.page.keyboard

    def press_on(wanted, key="Tab"):
        expect(wanted).to_be_visible()
        for _ in range(15):
            if wanted.evaluate("(it) => it === it.getRootNode().activeElement"):
                break
            keyboard.press(key)
        expect(wanted).to_be_focused()
        keyboard.press("Enter")

    press_on(stage.chat.locator("[data-queue]"))
    expect(stage.chat.get_by_role("tab", name="New")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(stage.chat.get_by_role("tab", name="Mine")).to_be_focused()
    press_on(stage.chat.get_by_role("tabpanel").get_by_role("button", name="Tomás"))
    expect(stage.composer).to_be_focused()
    press_on(stage.main.get_by_role("button", name="More for the office"), "Shift+Tab")
    expect(stage.main.get_by_role("button", name="Back to the queue")).to_be_visible()
    press_on(stage.main.get_by_role("button", name="Internal note"))
    expect(stage.main.get_by_role("textbox", name="Internal note about Tomás")).to_be_focused()


def test_an_announcement_is_written_without_a_mouse(stage):
    """From the list of whom to tell, by Tab alone, to the question and out of it."""
    announcing(stage)
    keyboard = stage.page.keyboard
    stage.chat.get_by_role("combobox", name="To").focus()
    for wanted in (
        stage.chat.get_by_label("Title"),
        stage.chat.get_by_label("What you announce"),
        stage.chat.get_by_role("switch", name="Ask to confirm"),
        stage.chat.get_by_role("button", name="Announce", exact=True),
    ):
        keyboard.press("Tab")
        expect(wanted).to_be_focused()
    keyboard.press("Enter")
    asked = stage.chat.get_by_role("alertdialog", name="Announce this to 412 people?")
    expect(asked.get_by_role("button", name="Cancel")).to_be_focused()
    keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(stage.chat.get_by_label("Title")).to_have_value("Closed on Friday")
