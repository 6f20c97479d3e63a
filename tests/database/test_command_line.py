"""``flask chat …``: what each command does, prints and returns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import click
import pytest

from flask_chat.cli import group as chat_group
from flask_chat.config import SETTINGS
from tests.support.hosts import Host


def run(host, *args: str, **options):
    """The command's output as JSON; it must have succeeded."""
    result = host.run(*args, "--json", **options)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def people(host):
    return host.people("Ana", "Ben")


@pytest.fixture
def group(host, people):
    return host.group(*people)


# All of them


def commands_of(group, path=""):
    """Every command, those of inner groups by both their words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{name} ")
        else:
            yield f"{path}{name}", command


COMMANDS = dict(commands_of(chat_group))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_can_speak_json(name):
    assert "--json" in {option for param in COMMANDS[name].params for option in param.opts}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_what_it_is_for(make_host, name):
    result = make_host().run(*name.split(), "--help")
    assert (result.exit_code, len(result.output.splitlines()) > 3) == (0, True)


@pytest.mark.parametrize(
    "name",
    [
        "init-db",
        "db upgrade",
        "db downgrade",
        "send",
        "purge",
        "recount",
        "inbox assign",
        "inbox close",
    ],
)
def test_what_changes_anything_can_be_tried(name):
    assert "--dry-run" in {option for param in COMMANDS[name].params for option in param.opts}


MISUSED = [
    "send", "purge", "purge --older-than x", "nothing", "send --to 1 hi", "purge --older-than 0",
]  # fmt: skip


@pytest.mark.parametrize("args", [line.split() for line in MISUSED])
def test_misuse_is_exit_code_two(make_host, args):
    assert make_host().run(*args).exit_code == 2


@pytest.mark.parametrize("args", [["stats"], ["purge", "--older-than", "1"], ["recount"]])
def test_before_init_db_a_command_says_so_in_one_sentence(databases, args):
    from tests.support.hosts import Host

    host = Host(databases.empty())
    result = host.run(*args)
    host.close()
    assert result.exit_code == 1
    assert result.output == (
        "Error: The chat's tables are missing or out of date: run `flask chat init-db`.\n"
    )


# stats


def test_stats_count_everything(host, people, group):
    host.post(people[0], group)
    deleted = host.post(people[1], group)
    host.client(people[1]).delete(f"/chat/api/conversations/{group}/messages/{deleted['id']}")
    counts = run(host, "stats")
    assert {name: counts[name] for name in list(counts)[:6]} == {
        "conversations": {"group": 1}, "members": 2, "messages": 2, "messages_today": 2,
        "tombstones": 1, "revisions": 1,
    }  # fmt: skip
    assert counts["oldest_message"].endswith("Z")


def test_stats_of_an_empty_chat(host):
    assert run(host, "stats")["conversations"] == {}


def test_stats_for_people(host, people, group):
    host.post(people[0], group)
    assert "Messages        1" in host.run("stats").output


# send


def test_a_message_of_the_system_is_sent(host, people, group):
    sent = run(host, "send", "--conversation", str(group), "Closed today")["sent"]
    assert (sent["kind"], sent["body"], sent["author"]) == ("system", "Closed today", None)


def test_a_message_is_sent_as_somebody_to_somebody(host, people):
    ana, ben = people
    sent = run(host, "send", "--as", ana.id, "--to", ben.id, "Hello")["sent"]
    assert sent["author"]["id"] == ana.id
    assert host.rows("chat_conversation")[0]["kind"] == "direct"


def test_sending_again_with_the_same_mark_sends_nothing_twice(host, people, group):
    args = ("send", "--conversation", str(group), "--as", people[0].id, "--client-id", "nightly-1")
    assert run(host, *args, "Hello") == run(host, *args, "Hello")
    assert len(host.rows("chat_message")) == 1


def test_a_system_message_sent_again_with_the_same_mark_is_not_doubled(host, people, group):
    args = ("send", "--conversation", str(group), "--client-id", "nightly-1", "Closed today")
    assert run(host, *args) == run(host, *args)
    assert len(host.rows("chat_message")) == 1


@pytest.mark.parametrize(
    "args",
    [["--conversation", "999", "x"], ["--as", "1", "--to", "999", "x"],
     ["--as", "999", "--conversation", "1", "x"], ["--as", "x", "--conversation", "1", "x"],
     ["--conversation", "1", ""], ["--conversation", "1", "x" * 4001]],
)  # fmt: skip
def test_what_cannot_be_sent_is_exit_code_one_and_a_sentence(make_host, args):
    host = make_host()
    host.group(*host.people("Ana", "Ben"))
    before = host.dump()
    result = host.run("send", *args)
    assert (result.exit_code, host.dump()) == (1, before)
    assert result.output.startswith("Error: ")


def test_a_dry_run_sends_nothing(host, people, group):
    before = host.dump()
    assert run(host, "send", "--conversation", str(group), "x", "--dry-run") == {"sent": None}
    assert host.dump() == before


# purge


@pytest.fixture
def old(host, people, group):
    for number in range(5):
        host.post(people[0], group, str(number))
    host.age(3 * 86400)
    host.post(people[0], group, "new")
    return group


def test_purging_removes_what_is_old_and_keeps_the_numbers(host, people, old):
    assert run(host, "purge", "--older-than", "2", "--yes") == {"found": 5, "removed": 5}
    page = host.client(people[0]).get(f"/chat/api/conversations/{old}/messages").json
    assert [(m["seq"], m["body"]) for m in page["messages"]] == [(6, "new")]
    head = host.client(people[0]).get(f"/chat/api/conversations/{old}").json["conversation"]
    assert head["first_seq"] == 6


def test_purging_is_told_to_who_is_in_the_conversation(host, people, old):
    with host.talk.events() as events:
        run(host, "purge", "--older-than", "2", "--yes")
    frame = json.loads(events[0].frame)
    assert (frame["type"], frame["data"]["first_seq"]) == ("conversation.purged", 6)


def test_purging_again_finds_nothing(host, old):
    run(host, "purge", "--older-than", "2", "--yes")
    before = host.dump()
    assert run(host, "purge", "--older-than", "2", "--yes") == {"found": 0, "removed": 0}
    assert host.dump() == before


def test_a_dry_run_purges_nothing(host, old):
    before = host.dump()
    assert run(host, "purge", "--older-than", "2", "--dry-run") == {"found": 5, "removed": 0}
    assert host.dump() == before


@pytest.mark.parametrize(("answer", "left"), [("n", 6), ("y", 1)])
def test_purging_asks_first(host, old, answer, left):
    result = host.run("purge", "--older-than", "2", input=answer + "\n")
    assert result.exit_code == (0 if answer == "y" else 1)
    assert len(host.rows("chat_message")) == left


def test_a_message_whose_answer_was_asked_for_may_be_purged(host, people, group):
    first = host.post(people[0], group)
    host.age(3 * 86400)
    host.post(people[1], group, reply_to=int(first["id"]))
    run(host, "purge", "--older-than", "2", "--yes")
    assert [row["reply_to_id"] for row in host.rows("chat_message")] == [None]


def test_after_purging_everything_numbers_go_on(host, people, group):
    host.post(people[0], group)
    host.age(3 * 86400)
    run(host, "purge", "--older-than", "2", "--yes")
    assert host.post(people[0], group)["seq"] == 2
    assert run(host, "recount", "--check")["found"] == []


def test_purging_goes_by_place_where_the_clock_was_set_back(host, people, group):
    """A younger message below an older one would be lost in a gap: it ends the purge."""
    sent = [host.post(people[0], group, str(number)) for number in range(4)]
    for message in (sent[0], sent[2]):
        host.age(3 * 86400, id=int(message["id"]))
    run(host, "purge", "--older-than", "2", "--yes")
    assert run(host, "recount", "--check")["found"] == []


# recount


def test_right_counters_are_found_right(host, people, group):
    host.post(people[0], group)
    assert run(host, "recount") == {"found": [], "left": []}


@pytest.mark.parametrize("column", ["last_seq", "last_change"])
def test_a_head_below_its_messages_is_found_and_put_right(host, people, group, column):
    for _ in range(3):
        host.post(people[0], group)
    host.execute(f"UPDATE chat_conversation SET {column} = 1")
    assert host.run("recount", "--check", "--json").exit_code == 1
    assert run(host, "recount")["left"] == []
    assert host.post(people[0], group)["seq"] == 4


def test_a_check_repairs_nothing(host, people, group):
    host.post(people[0], group)
    host.execute("UPDATE chat_conversation SET last_seq = 0")
    before = host.dump()
    assert host.run("recount", "--check").exit_code == 1
    assert host.dump() == before


# config


def test_config_shows_every_setting(make_host):
    rows = run(make_host(CHAT_BODY_LIMIT=500), "config")
    assert [row["name"] for row in rows] == [setting.name for setting in SETTINGS]
    assert [row["value"] for row in rows if row["name"] == "CHAT_BODY_LIMIT"] == [500]


# As a program


APP = """
    import os
    from tests.support.hosts import Host

    app = Host(os.environ["DATABASE"], CHAT_RECONCILE_SECONDS=0.01).app
"""


@pytest.fixture
def flask(tmp_path, sqlite_files):
    (tmp_path / "wsgi.py").write_text(textwrap.dedent(APP))
    database = sqlite_files.empty()

    def run_flask(*args: str):
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "flask", "--app", "wsgi", "chat", *args],
            cwd=tmp_path, capture_output=True, text=True, timeout=60,
            env={**os.environ, "DATABASE": database, "PYTHONPATH": os.getcwd()},
        )  # fmt: skip

    return run_flask


def test_the_first_steps_of_an_administrator(flask):
    assert flask("stats").returncode == 1
    made = flask("init-db")
    assert (made.returncode, made.stderr) == (0, "")
    assert json.loads(flask("stats", "--json").stdout)["messages"] == 0


def test_who_is_refused_while_nobody_serves_sockets(flask):
    flask("init-db")
    refused = flask("who")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "Error: No process of this app serves sockets at the moment.\n"


def test_init_db_before_the_hosts_own_tables_says_what_comes_first(postgres_databases):
    host = Host(postgres_databases.empty())
    refused = host.run("init-db")
    host.close()
    assert refused.exit_code == 1
    assert "make your own tables first" in " ".join(refused.output.split())


def test_resync_begins_another_epoch(host):
    before = run(host, "resync", "--dry-run")["epoch"]
    begun = run(host, "resync", "--yes")["epoch"]
    assert begun != before
    assert [row["value"] for row in host.rows("chat_epoch", order="id")][-1] == begun


def test_resync_asks_before_everybody_loads_anew(host):
    before = host.dump()
    assert host.run("resync", input="n\n").exit_code == 1
    assert host.dump() == before
