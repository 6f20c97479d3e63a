"""A host whose records have conversations, and what is heard about them."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from sqlalchemy import select, union_all

from flask_chat.services import conversations, sync, threads

from .hosts import Host

KINDS = pytest.mark.parametrize("kind", ["int", "uuid", "text"])


class Office:
    """A host whose cases have a conversation each: the family, and whoever is assigned."""

    def __init__(self, host: Host, *, link: str = "/cases/{}", **options) -> None:
        self.host, self.db = host, host.db
        case, assignment = host.db.Case, host.db.Assignment
        participants = union_all(
            select(case.id, case.family), select(assignment.case_no, assignment.person_no)
        )
        options = {"participants": participants, "closed": "closed", "name": "case", **options}

        @host.chat.subject(case, **options)
        def card(record):
            return {
                "title": record.title,
                "link": link.format(record.id),
                "details": {"State": "closed" if record.closed else "open", "Nothing": None},
            }

        self.ana, self.ben, self.cem = host.people("Ana", "Ben", "Cem")

    def case(self, family=None, *assigned, title="Enrolment of Mia"):
        """A new case; its key."""
        with self.host.app.app_context():
            record = self.db.Case(
                id=self.host.kind.new_key(title), title=title, family=family and family.key
            )
            self.db.session.add(record)
            self.db.session.flush()
            for person in assigned:
                self.assign(record.id, person)
            self.db.session.commit()
            return record.id

    def assign(self, case, person) -> None:
        self.db.session.add(self.db.Assignment(case_no=case, person_no=person.key))

    def record(self, case):
        return self.db.session.get(self.db.Case, case)

    def open(self, person, case) -> int:
        opened = self.host.do(threads.open_thread, person.identity, kind="case", record=str(case))
        return int(opened.conversation["id"])

    def head(self, person, conversation):
        return self.host.do(conversations.get_conversation, person.identity, conversation)

    def synced(self, person):
        return self.host.do(sync.synchronise, person.identity, known={})

    def change(self, act):
        """The host's own code: one transaction."""
        with self.host.app.app_context():
            act(self.db.session)
            self.db.session.commit()


def frames(events, person=None):
    found = [
        json.loads(entry.frame)
        for entry in events
        if person is None or person.id in entry.audience.people
    ]
    return [frame for frame in found if frame["type"] != "conversation.self"]


@contextmanager
def orders(host):
    """What the processes are told meanwhile, besides what goes to sockets."""
    given = []
    listeners = host.app.extensions["chat"].listeners
    listeners.append(given.extend)
    yield given
    listeners.remove(given.extend)
