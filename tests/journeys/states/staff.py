"""What those meet who work with the chat: records, offices, announcements.

`ROWS` here is the whole table: everybody's states, and these.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.journeys.states.rows import ROWS, people, row
from tests.journeys.states.stage import AYUMI, EMIL, LAYLA, ME, TOM, Stage, moment

__all__ = ["ROWS"]

#: A name as long as they come, and one of another direction in the middle of the words around it.
ANNA = {
    "id": "6", "name": "Anna-Katharina von Hohenstein-Schaumburg y Echeverría",
    "role": "Guardian of Maximilian and Wilhelmine, grade 6A", "avatar": None,
}  # fmt: skip


@row
def an_action_asks(stage: Stage) -> None:
    subject = {
        "kind": "application", "id": "7", "title": "Mila Novák, 2027-007", "closed": False,
        "link": "/applications/7", "details": [{"label": "Status", "value": "In review"}],
    }  # fmt: skip
    key = stage.has("subject", TOM, title=subject["title"], subject=subject)
    stage.said(key, TOM, "We have everything but the report.", at=moment(minutes=20))
    paper = {"name": "paper", "label": "Which?", "required": True, "choices": ["Report", "Photo"]}
    note = {"name": "note", "label": "Anything to add?", "required": False, "choices": []}
    stage.actions[key] = [
        {"name": "ask", "label": "Request documents", "confirm": None, "fields": [paper, note]},
        {"name": "accept", "label": "Accept", "confirm": "Accept this child?", "fields": []},
        {"name": "invite", "label": "Invite to an interview", "confirm": None, "fields": []},
    ]
    stage.refused["/actions/"] = (409, "conflict")
    stage.arrive()
    stage.open_thread(key)
    stage.main.get_by_role("button", name="Request documents").click()
    form = stage.main.get_by_role("form", name="Request documents")
    which = form.get_by_label("Which?")
    expect(which).to_be_focused()
    which.select_option("Report")
    form.get_by_role("button", name="Request documents").click()
    expect(form.get_by_role("alert")).to_contain_text("It conflicts with what is already there.")


def office(stage: Stage) -> str:
    """Letters to the registrar's office; returns that of Tomás, which is the reader's own."""
    title = "Registrar’s Office"
    stage.inboxes = [
        {"name": "registrar", "title": title, "writes": False, "staff": True, "open": True,
         "orders": ["Decision due"]},
        {"name": "library", "title": "Library", "writes": True, "staff": False, "open": False,
         "orders": []},
    ]  # fmt: skip
    view = {"name": "registrar", "title": title, "closed": False}
    letters = []
    for writer, assignee, since, body in (
        (TOM, ME, None, "May I bring the original on Friday?"),
        (LAYLA, None, moment(hours=5), "هل يوجد مكان في الصف السادس؟"),
        (AYUMI, None, moment(minutes=9), "Two chairs of 5B are broken. Whom do I tell?"),
    ):
        key = stage.has("inbox", title=title, inbox=view)
        stage.heads[-1]["members"] = []
        stage.said(key, writer, body, at=since or moment(hours=2), unread=since is not None)
        inquiry = {
            "conversation": key, "notes": str(int(key) + 1), "inbox": "registrar",
            "state": "assigned" if assignee else "new", "writer": writer, "assignee": assignee,
            "opened_at": since or moment(hours=2), "waiting_since": since, "snoozed_until": None,
            "closed_at": None,
        }  # fmt: skip
        letters.append((key, stage.has("notes", EMIL, title=title, inquiry=inquiry)))
    stage.said(letters[0][1], EMIL, "He asked the same in May.", at=moment(hours=1))
    return letters[0][0]


@row
def queue_of_an_office(stage: Stage) -> None:
    office(stage)
    stage.arrive()
    stage.open_chat()
    stage.chat.locator("[data-queue]").click()
    waiting = stage.chat.get_by_role("tabpanel", name="New").get_by_role("listitem")
    expect(waiting.locator("bdi.name")).to_have_text([LAYLA["name"], AYUMI["name"]])


@row
def a_letter_and_a_note_on_it(stage: Stage) -> None:
    office(stage)
    stage.arrive()
    stage.open_chat()
    stage.chat.locator("[data-queue]").click()
    stage.chat.get_by_role("tab", name="Mine").click()
    stage.chat.get_by_role("button", name="Tomás").click()
    expect(stage.main.locator(".note")).to_contain_text("He asked the same in May.")
    stage.main.get_by_role("button", name="Internal note").click()
    expect(stage.main.get_by_text("Only the office reads this.")).to_be_visible()
    stage.main.get_by_role("button", name="More for the office").click()
    expect(stage.main.get_by_role("button", name="Émile")).to_be_visible()


@row
def queue_of_others(stage: Stage) -> None:
    """With names as long as they come, in an order of the host's."""
    office(stage)
    letters = [head["inquiry"] for head in stage.heads if head["kind"] == "notes"]
    stage.answers["/inboxes/registrar/queue"] = {
        "inquiries": [
            {**letters[0], "sorted_by": "12 June"},
            {**letters[1], "sorted_by": "1 July"},
        ],
        "next": 2,
    }
    for letter in letters:
        letter["assignee"] = AYUMI
    letters[0].update(writer=ANNA, assignee=ANNA)
    stage.arrive()
    stage.open_chat()
    stage.chat.locator("[data-queue]").click()
    stage.chat.get_by_role("tab", name="Others").click()
    stage.chat.get_by_role("combobox", name="Sorted by").select_option("Decision due")
    others = stage.chat.get_by_role("tabpanel", name="Others").get_by_role("listitem")
    expect(others).to_have_count(2)
    expect(others.last).to_contain_text("Decision due: 1 July")


@row
def nobody_waits_for_the_office(stage: Stage) -> None:
    office(stage)
    for head in stage.heads:
        if head["kind"] == "notes":
            head["inquiry"]["assignee"] = ME
    stage.arrive()
    stage.open_chat()
    stage.chat.locator("[data-queue]").click()
    expect(stage.chat.get_by_text("Nobody is waiting for an answer.")).to_be_visible()


@row
def prepared_replies(stage: Stage) -> None:
    key = office(stage)
    thanks = "Dear Tomás Echeverría,\n\nthank you, we have received it.\n\nNora Lindqvist"
    stage.answers[f"/conversations/{key}/replies"] = {
        "replies": [
            {"label": "Received", "body": thanks, "missing": []},
            {"label": "Which paper is missing", "body": "Dear family of {child},\n\nplease bring …",
             "missing": ["child", "paper"]},
        ]
    }  # fmt: skip
    stage.arrive()
    stage.open_chat()
    stage.chat.locator("[data-queue]").click()
    stage.chat.get_by_role("tab", name="Mine").click()
    stage.chat.get_by_role("button", name="Tomás").click()
    stage.main.get_by_role("button", name="Prepared replies").click()
    expect(stage.main.get_by_text("Without a value: child, paper")).to_be_visible()


def announced(stage: Stage, by: dict[str, Any]) -> str:
    """An announcement that asks to be confirmed."""
    title = "The school stays closed on Friday, 12 June, because the boiler is being replaced"
    key = stage.has("announcement", title=title, announcement={"confirm": True}, confirmed=False)
    head = stage.heads[-1]
    head["members"] = [{**head["members"][0], **by, "owner": True}]
    stage.said(key, by, "There is no lunch either. **Please** fetch the children by noon.",
               at=moment(minutes=20))  # fmt: skip
    return key


@row
def an_announcement(stage: Stage) -> None:
    key = announced(stage, ANNA)
    stage.answers[f"/conversations/{key}/reply"] = {"to": [ANNA]}
    stage.arrive()
    stage.open_chat()
    stage.chat.locator(f"[data-conversation='{key}']").click()
    expect(stage.main.get_by_role("button", name="I have read this")).to_be_visible()
    expect(stage.main.get_by_role("button", name="Reply privately to Anna")).to_be_visible()


@row
def announcing(stage: Stage) -> None:
    stage.answers["/announcements/lists"]["lists"] = [
        {"name": "guardians", "label": "All guardians"},
        {"name": "6a", "label": "Guardians of grade 6A, the exchange pupils from Alder Bay too"},
    ]  # fmt: skip
    stage.answers["/announcements/recipients"] = {"recipients": 412}
    people(stage)
    stage.chat.get_by_role("button", name="New announcement").click()
    stage.chat.get_by_role("combobox", name="To").select_option("6a")
    stage.chat.get_by_label("Title").fill("Closed on Friday")
    stage.chat.get_by_label("What you announce").fill("The boiler is being replaced.")
    expect(stage.chat.get_by_text("Goes to 412 people")).to_be_visible()


@row
def who_has_read_it(stage: Stage) -> None:
    key = announced(stage, ME)
    read = {"read": True, "confirmed_at": None}
    stage.answers[f"/conversations/{key}/recipients"] = {
        "to": "All guardians", "total": 412, "read": 2, "confirmed": 1, "next": "3",
        "recipients": [
            {**ANNA, "read": True, "confirmed_at": moment(minutes=3)},
            {**LAYLA, **read}, {**TOM, "read": False, "confirmed_at": None},
        ],
    }  # fmt: skip
    stage.arrive()
    stage.open_chat()
    stage.chat.locator(f"[data-conversation='{key}']").click()
    stage.main.get_by_role("button", name="Who has read it").click()
    expect(stage.main.get_by_text("2 of 412 have read it")).to_be_visible()
    expect(stage.main.get_by_role("listitem")).to_have_count(3)
