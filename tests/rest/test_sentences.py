"""What the chat itself says in the notes is read in the reader's language."""

from __future__ import annotations

from flask_chat.services import handling
from tests.database.test_inboxes import NAMES, SOON, School, frames


def read(school, conversation, language):
    client = school.host.client(school.rita)
    headers = {"Accept-Language": language}
    path = f"/chat/api/conversations/{school.notes(conversation)}/messages"
    messages = client.get(path, headers=headers).get_json()["messages"]
    return messages, client.get("/chat/api/inboxes", headers=headers).get_json()["sentences"]


def test_each_reader_reads_what_was_done_in_their_language(make_host):
    school = School(make_host(hooks=NAMES))
    conversation = school.ask(school.gus)
    with school.host.talk.events() as events:
        school.do(handling.snooze, school.rita, conversation, SOON)
        school.do(handling.set_closed, None, conversation, closed=True)
    german, sentences = read(school, conversation, "de")
    english, _ = read(school, conversation, "en")
    (asked, put_off, closed), (_, *told) = german, english
    until = f"{SOON:%Y-%m-%d, %H:%M} UTC"
    administrator = sentences["administrator"]
    assert asked["body"] == sentences["opened"].format(by="Gus")
    assert put_off["body"] == sentences["snoozed"].format(by="Rita", until=until)
    assert closed["body"] == sentences["closed"].format(by=administrator)
    assert "Administrator hat" in closed["body"]
    assert [message["body"] for message in told] == [
        f"Rita has put it off until {until}.", "The administrator has closed it.",
    ]  # fmt: skip
    # What open pages are told is one frame for everybody, in English and with what was done.
    said = [f["data"] for f in frames(events, school.rita) if f["type"] == "message.posted"]
    assert said == told
    assert closed["said"] == {"code": "closed", "named": {"by": None}}


def test_what_was_stored_as_a_sentence_stays_one(make_host):
    school = School(make_host(hooks=NAMES))
    conversation = school.ask(school.gus)
    school.host.execute("UPDATE chat_message SET told = NULL")
    (asked,), _ = read(school, conversation, "de")
    assert asked["body"] == "Gus has written to the office."
    assert "said" not in asked
