"""Every state a person can meet, each brought about and looked at: by the tests, and as a picture.

A row leaves the page in its state, so that whoever called it can look further.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.states.stage import AYUMI, EMIL, LAYLA, ME, ORIGIN, TOM, Stage, moment

Row = Callable[[Stage], None]
ROWS: dict[str, Row] = {}


def row(function: Row) -> Row:
    """A state, called after what people would say of it."""
    ROWS[function.__name__.replace("_", " ")] = function
    return function


def talk(stage: Stage) -> str:
    """A conversation of two days, with something of everything in it."""
    key = stage.has("direct", TOM)
    stage.said(key, TOM, "Good morning, Nora. Is there still a place in 6A?", at=moment(hours=26))
    stage.said(key, ME, "Good morning! Yes, exactly one.", at=moment(hours=25.9))
    stage.said(key, ME, "I keep it until Friday.", at=moment(hours=25.85))
    stage.said(key, TOM, "Wonderful 🎉", at=moment(minutes=50))
    stage.said(key, TOM, "The form: https://school.example/forms/6a", at=moment(minutes=49))
    return key


def school(stage: Stage) -> str:
    """A list as a registrar has it in the morning; returns the conversation with Tomás."""
    key = talk(stage)
    music = stage.has("direct", AYUMI, muted=True)
    stage.said(music, AYUMI, "The keys are back on their hook.", at=moment(hours=3), unread=True)
    trip = stage.has("group", TOM, LAYLA, title="Trip to the sea", pinned=True)
    stage.said(trip, LAYLA, "أحضر حقيبة الإسعافات", at=moment(hours=5), unread=True)
    stage.said(trip, TOM, "Thank you!", at=moment(hours=4), unread=True)
    notes = stage.has("self")
    stage.said(notes, ME, "Ring the printer", at=moment(days=3))
    old = stage.has("direct", EMIL, archived=True)
    stage.said(old, EMIL, "See you next year.", at=moment(days=200))
    return key


@row
def launcher(stage: Stage) -> None:
    stage.totals = {"unread": 3, "conversations": 2}
    stage.arrive()
    expect(stage.launcher).to_have_accessible_name("Open chat, 3 unread messages")
    expect(stage.launcher.locator(".launcher-badge")).to_have_text("3")
    stage.totals = {"unread": 120, "conversations": 9}
    stage.page.reload()
    expect(stage.launcher).to_have_accessible_name("Open chat, 99+ unread messages")
    expect(stage.launcher.locator(".launcher-badge")).to_have_text("99+")


@row
def first_load(stage: Stage) -> None:
    school(stage)
    stage.arrive()
    stage.silent.append("/sync")
    with stage.page.expect_request(lambda request: request.method == "POST"):
        stage.open_chat()
    bones = stage.chat.locator(".skeleton")
    expect(bones).to_have_css("opacity", "1")
    expect(bones).to_have_attribute("aria-busy", "true")


@row
def first_load_fails(stage: Stage) -> None:
    first_load(stage)
    stage.pass_time(11)
    alert = stage.chat.get_by_role("alert")
    expect(alert).to_contain_text("Your conversations could not be loaded.")
    expect(alert.get_by_role("button", name="Retry")).to_be_visible()


@row
def no_conversation(stage: Stage) -> None:
    stage.arrive()
    stage.open_chat()
    expect(stage.chat.get_by_text("No conversations yet")).to_be_visible()
    expect(stage.chat.get_by_role("button", name="Start a conversation")).to_be_visible()


@row
def conversations(stage: Stage) -> None:
    school(stage)
    stage.arrive()
    stage.open_chat()
    expect(stage.list.get_by_role("listitem")).to_have_count(4)
    expect(stage.in_list("Tomás Echeverría")).to_contain_text("Online")
    expect(stage.in_list("Trip to the sea").locator(".badge")).to_have_text("2")


@row
def people(stage: Stage) -> None:
    stage.arrive()
    stage.open_chat()
    stage.chat.get_by_role("button", name="Start a conversation").click()
    names = stage.chat.get_by_role("list", name="People").locator("bdi.name")
    expect(names).to_have_text([AYUMI["name"], EMIL["name"], TOM["name"], LAYLA["name"]])
    here = stage.chat.get_by_role("list", name="People").get_by_role("listitem")
    expect(here.nth(2)).to_contain_text("Mathematics · Online")
    expect(here.nth(0)).to_contain_text("Music · Offline")


@row
def people_that_could_not_be_refreshed(stage: Stage) -> None:
    people(stage)
    stage.chat.get_by_role("button", name="Back").click()
    stage.refused["/people"] = (503, "unavailable")
    stage.chat.get_by_role("button", name="New conversation").click()
    expect(stage.chat.get_by_role("alert")).to_contain_text("This list is from 10:30")
    expect(stage.chat.get_by_role("list", name="People").get_by_role("listitem")).to_have_count(4)


@row
def nobody_of_this_name(stage: Stage) -> None:
    people(stage)
    stage.chat.get_by_role("searchbox").fill("Zebedee")
    stage.pass_time(1)
    expect(stage.chat.get_by_text("Nobody is called “Zebedee”.")).to_be_visible()


@row
def thread(stage: Stage) -> None:
    key = school(stage)
    stage.said(key, TOM, "And one more thing.", at=moment(minutes=2), unread=True)
    stage.arrive()
    stage.open_thread(key)
    expect(stage.chat.locator(".day")).to_have_text(["Yesterday", "Today"])
    expect(stage.chat.locator(".new-line")).to_have_text("New messages")
    expect(stage.rows.nth(1)).not_to_contain_class("last")  # two within five minutes stand together
    stage.write("Tell me.")
    expect(stage.message("Tell me.").locator(".receipt")).to_have_text("Sent")
    stage.hears_read(key, TOM, 7)
    expect(stage.message("Tell me.").locator(".receipt")).to_have_text("Read")
    expect(stage.chat.locator(".new-line")).to_have_text("New messages")


@row
def sending(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.silent += ["message.post", "/messages"]
    stage.write("Is anybody there?")
    expect(stage.message("Is anybody there?")).to_contain_text("Sending…")


@row
def sending_takes_long(stage: Stage) -> None:
    sending(stage)
    stage.pass_time(10.5)
    expect(stage.message("Is anybody there?")).to_contain_text("Still sending…")


@row
def not_sent(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.refused |= {"message.post": (403, "forbidden"), "/messages": (403, "forbidden")}
    stage.write("May I?")
    alert = stage.chat.get_by_role("alert")
    expect(alert).to_contain_text("Not sent. You may not do that.")
    expect(alert.get_by_role("button", name="Delete")).to_be_visible()
    expect(alert.get_by_role("button", name="Retry")).to_be_visible()


@row
def waiting_for_the_end_of_quiet_hours(stage: Stage) -> None:
    key = school(stage)
    held = {
        "conversation": key, "reply_to": None, "reason": "It is night.", "code": None,
        "due_at": moment(hours=-9), "created_at": moment(), "may_send": True,
    }  # fmt: skip
    stage.held = [
        {**held, "id": "1", "client_id": "held-0001", "body": "May I?", "state": "refused",
         "code": "forbidden"},
        {**held, "id": "2", "client_id": "held-0002", "body": "See you then.", "state": "waiting"},
    ]  # fmt: skip
    stage.arrive()
    stage.open_thread(key)
    expect(stage.message("May I?")).to_contain_text("Not sent. You may not do that.")
    expect(stage.message("See you then.")).to_contain_text("Will be delivered")
    expect(stage.message("See you").get_by_role("button", name="Send now")).to_be_visible()


@row
def offline(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.context.set_offline(True)
    expect(stage.banner).to_have_text("You are offline. Messages are sent when you are back.")
    stage.write("From the train")
    expect(stage.message("From the train")).to_contain_class("pending")


@row
def reconnecting(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.sockets[-1].send('{"type": "bye", "code": "restart", "retry_ms": [12000, 12000]}')
    stage.sockets[-1].close(code=1012)
    expect(stage.banner).to_contain_text("Reconnecting in 12 s")
    expect(stage.composer).to_be_enabled()


@row
def back_online(stage: Stage) -> None:
    reconnecting(stage)
    stage.banner.get_by_role("button", name="Try now").click()
    expect(stage.banner).to_have_text("Back online")


@row
def connection_closed(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.sockets[-1].close(code=4000)
    expect(stage.banner).to_contain_text("The connection was closed.")


@row
def signed_out(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.composer.fill("half a thought")
    stage.sockets[-1].close(code=4001)
    alert = stage.chat.get_by_role("alert")
    expect(alert).to_contain_text("You have been signed out")
    link = alert.get_by_role("link", name="Sign in again")
    expect(link).to_have_attribute("href", "https://school.example/login?next=%2F")
    expect(stage.rows).to_have_count(0)
    kept = stage.page.evaluate("JSON.stringify({...sessionStorage})")
    assert "half a thought" in kept
    assert "Wonderful" not in kept


@row
def no_longer_in_it(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.refused[f"/conversations/{key}"] = (404, "not_found")
    stage.hears("gone", key)
    expect(stage.chat.get_by_role("alert")).to_have_text(
        "You no longer have access to this conversation"
    )


@row
def scrolled_up(stage: Stage) -> None:
    key = stage.has("direct", TOM)
    for number in range(40):
        stage.said(key, TOM if number % 3 else ME, f"message {number}", at=moment(hours=2))
    stage.arrive()
    stage.open_thread(key)
    expect(stage.message("message 39")).to_be_in_viewport()
    stage.messages.evaluate("(box) => { box.scrollTop -= 500 }")
    pill = stage.chat.locator(".pill")
    expect(pill).to_have_accessible_name("Go to the newest message")
    before = stage.messages.evaluate("(box) => box.scrollTop")
    for words in ("one", "two", "three"):
        stage.hears_message(key, TOM, words)
    expect(pill).to_have_text("3 new messages")
    assert stage.messages.evaluate("(box) => box.scrollTop") == before


@row
def beginning_of_the_history(stage: Stage) -> None:
    key = stage.has("direct", TOM)
    for number in range(70):
        stage.said(key, TOM if number % 3 else ME, f"message {number}", at=moment(hours=2))
    stage.arrive()
    stage.open_thread(key)
    expect(stage.message("message 69")).to_be_in_viewport()
    beginning = stage.chat.get_by_text("Beginning of the conversation")
    stage.scroll_up(beginning)
    expect(beginning).to_be_visible()
    expect(stage.message("message 0")).to_be_visible()


@row
def older_messages_fail(stage: Stage) -> None:
    key = stage.has("direct", TOM)
    for number in range(70):
        stage.said(key, TOM, f"message {number}", at=moment(hours=2))
    stage.arrive()
    stage.open_chat()
    stage.page.route("**/messages?before=*", lambda route: route.abort())
    stage.chat.locator(f"[data-conversation='{key}']").click()
    expect(stage.message("message 69")).to_be_in_viewport()
    alert = stage.chat.get_by_role("alert")
    stage.scroll_up(alert)
    expect(alert).to_contain_text("Older messages could not be loaded.")
    expect(alert.get_by_role("button", name="Retry")).to_be_visible()


@row
def long_words(stage: Stage) -> None:
    key = stage.has("direct", LAYLA)
    stage.said(key, LAYLA, "مرحبا، هل يوجد مكان في الصف 6A؟", at=moment(minutes=20))
    stage.said(key, LAYLA, "👍🏽🎉", at=moment(minutes=19))
    stage.said(key, ME, "Donaudampfschifffahrtsgesellschaft" * 4, at=moment(minutes=18))
    stage.said(
        key, LAYLA, "\n".join(f"line {number}" for number in range(30)), at=moment(minutes=9)
    )
    stage.arrive()
    stage.open_thread(key)
    expect(stage.rows.get_by_role("button", name="Show more")).to_have_attribute(
        "aria-expanded", "false"
    )
    stage.composer.fill("x" * 4_010)
    expect(stage.chat.locator(".counter")).to_have_text("10 characters too many")
    expect(stage.chat.get_by_role("button", name="Send")).to_be_disabled()


@row
def editing(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.write("Secnod thoughts")
    expect(stage.message("Secnod").locator(".receipt")).to_have_text("Sent")
    stage.does("Edit", "Secnod")
    expect(stage.composer).to_have_value("Secnod thoughts")
    expect(stage.composer).to_be_focused()


@row
def question(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.write("Secnod thoughts")
    expect(stage.message("Secnod").locator(".receipt")).to_have_text("Sent")
    stage.does("Delete", "Secnod")
    asked = stage.chat.get_by_role("alertdialog", name="Delete this message?")
    expect(asked.get_by_role("button", name="Cancel")).to_be_focused()


@row
def details(stage: Stage) -> None:
    school(stage)
    stage.arrive()
    stage.open_chat()
    stage.choose("Trip to the sea")
    stage.show_details()
    expect(stage.main.get_by_role("heading", name="3 members")).to_be_visible()


@row
def supervised(stage: Stage) -> None:
    """Somebody is with the two by a rule: said in the thread, and why beside their name."""
    there = {**LAYLA, "rule": "A guardian reads along where staff write to pupils under 13."}
    key = stage.has("direct", TOM, there)
    stage.said(key, TOM, "Could you see me after the third lesson?", at=moment(minutes=9))
    stage.arrive()
    stage.open_thread(key)
    expect(stage.main.get_by_role("heading", name=TOM["name"])).to_be_visible()
    expect(stage.main.get_by_text(", by rule")).to_be_visible()
    stage.show_details()
    expect(stage.main.get_by_text(there["rule"])).to_be_visible()
    expect(stage.main.get_by_role("button", name=f"Remove {LAYLA['name']}")).to_have_count(0)


@row
def many_members(stage: Stage) -> None:
    stage.has("group", TOM, LAYLA, title="Class of 2026", members_count=120)
    stage.arrive()
    stage.open_chat()
    stage.choose("Class of 2026")
    stage.show_details()
    shown = stage.main.get_by_role("listitem")
    expect(shown).to_have_count(50)
    stage.main.get_by_role("button", name="Show more").click()
    expect(shown).to_have_count(100)
    stage.main.get_by_role("searchbox", name="Search people").fill("pupil 11")
    found = [f"Pupil {number}" for number in (11, *range(110, 120))]
    expect(shown.locator(".name")).to_have_text(found)
    stage.main.get_by_role("searchbox", name="Search people").fill("")
    expect(shown).to_have_count(50)


@row
def new_group(stage: Stage) -> None:
    people(stage)
    stage.chat.get_by_role("button", name="New group").click()
    stage.chat.get_by_label("Name of the group").fill("Trip to the sea")
    stage.chat.get_by_role("checkbox", name="Ayumi Sato").check()
    expect(stage.chat.get_by_text("1 person chosen")).to_be_visible()


@row
def found_conversations(stage: Stage) -> None:
    school(stage)
    for number in range(6):
        stage.said(
            stage.has("group", AYUMI, title=f"Class {number}a"), AYUMI, "Hi", at=moment(days=9)
        )
    stage.arrive()
    stage.open_chat()
    field = stage.chat.get_by_role("searchbox", name="Search conversations")
    field.fill("keys hook")
    expect(stage.list.locator("bdi.name")).to_have_text([AYUMI["name"]])
    field.fill("tomas")
    expect(stage.list.locator("bdi.name")).to_have_text([TOM["name"], "Trip to the sea"][::-1])
    expect(stage.chat.locator(".search [role=status]")).to_have_text("2 conversations found")
    field.press("ArrowDown")
    field.page.keyboard.press("ArrowDown")
    expect(stage.in_list("Tomás").get_by_role("button")).to_be_focused()
    field.page.keyboard.press("ArrowUp")
    field.page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()


@row
def no_conversation_found(stage: Stage) -> None:
    found_conversations(stage)
    field = stage.chat.get_by_role("searchbox", name="Search conversations")
    field.press("Escape")
    expect(field).to_have_value("")
    expect(stage.list.get_by_role("listitem")).to_have_count(10)
    field.fill("Zebedee")
    expect(stage.chat.get_by_text("No conversation matches “Zebedee”.")).to_be_visible()


@row
def notifications(stage: Stage) -> None:
    school(stage)
    stage.arrive()
    stage.open_chat()
    stage.chat.get_by_role("button", name="Notifications").click()
    stage.chat.get_by_role("switch", name="Sound").check()
    expect(stage.chat.get_by_role("switch", name="Number in the tab")).not_to_be_checked()


@row
def menu_of_a_message(stage: Stage) -> None:
    key = school(stage)
    stage.arrive()
    stage.open_thread(key)
    stage.write("Secnod thoughts")
    expect(stage.message("Secnod").locator(".receipt")).to_have_text("Sent")
    stage.message("Secnod").hover()
    stage.message("Secnod").get_by_role("button", name="Actions for this message").click()
    expect(stage.chat.get_by_role("menuitem", name="Copy text")).to_be_focused()


@row
def no_live_connection(stage: Stage) -> None:
    """A proxy lets no socket through: the chat asks now and then, and says so."""
    key = school(stage)
    stage.page.add_init_script("WebSocket = class { constructor() { throw new Error('no'); } }")
    stage.page.goto(ORIGIN, wait_until="commit")
    stage.launcher.wait_for()
    stage.page.wait_for_function("document.querySelector('flask-chat').client")
    while stage.status != "polling":
        stage.pass_time(3)
    stage.open_thread(key)
    expect(stage.banner).to_contain_text("This network lets no live connection through.")


@row
def a_page_that_does_not_come(stage: Stage) -> None:
    school(stage)
    stage.page.route("**/views/people-list.js", lambda route: route.abort())
    stage.arrive()
    stage.open_chat()
    stage.chat.get_by_role("button", name="New conversation").click()
    expect(stage.chat.get_by_role("alert")).to_contain_text("This could not be loaded.")
