"""What happens while somebody catches up."""

from typing import Any

import pytest

from flask_chat.services import sync


def test_what_comes_between_two_statements_of_the_changes_is_not_skipped(
    databases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post and then a newcomer, after the messages were read and before the members were: with
    the newcomer's change the client would be past the message, and would never ask for it."""
    with databases.host() as host:
        ana, ben, cleo = host.people("Ana", "Ben", "Cleo")
        group = host.group(ana, ben)
        read_messages = sync._message_changes

        def read_slowly(*args: Any) -> Any:
            found = read_messages(*args)
            host.post(ana, group, "Between")
            host.add(ana, group, cleo)
            return found

        monkeypatch.setattr(sync, "_message_changes", read_slowly)
        first = host.do(sync.list_changes, ben.identity, group, after=0, limit=200)
        monkeypatch.undo()
        reached = max([first["head"], *(frame["change"] for frame in first["changes"])])
        then = host.do(sync.list_changes, ben.identity, group, after=reached, limit=200)
        assert "message.posted" in [frame["type"] for frame in then["changes"]]
