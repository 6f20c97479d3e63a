"""The code on the pages does what the pages say."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import render_template_string
from sqlalchemy import MetaData, inspect, text

from flask_chat.errors import NotFound
from flask_chat.testing import ChatTest
from tests.architecture.sources import ROOT
from tests.docs.pages import PAGES, block, blocks_of


def run(page, name, **names):
    """Run a marked block; return what it has defined."""
    exec(compile(block(page, name), page, "exec"), names)
    return SimpleNamespace(**names)


def statements(page, name):
    return [part for part in block(page, name).split(";") if part.strip()]


def api(client, method, path, **body):
    answer = client.open(f"/chat/api{path}", method=method, json=body or None)
    assert answer.status_code in (200, 201), answer.text
    return answer.get_json()


def signed_in(school, person):
    client = school.app.test_client()
    assert client.post("/sign-in", data={"id": person}).status_code == 302
    return client


def test_the_readme_embeds_the_chat_in_fifteen_lines(bring_to_life):
    code = block("README.md", "school")
    assert len([line for line in code.splitlines() if line.strip()]) <= 15

    school = bring_to_life("README.md", "school")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    with school.app.app_context():
        school.db.create_all()
        school.db.session.add_all([school.User(name="Ana"), school.User(name="Ben")])
        school.db.session.commit()
    client = school.app.test_client()
    assert "<flask-chat" in client.get("/as/1").text
    assert "<flask-chat" not in client.get("/as/3").text


def test_two_people_of_the_quickstart_talk(school):
    ana, ben = signed_in(school, 1), signed_in(school, 2)
    assert "<flask-chat" in ana.get("/").text
    opened = api(ana, "POST", "/conversations", kind="direct", user="2")
    place = f"/conversations/{opened['conversation']['id']}/messages"
    api(ana, "POST", place, body="Hello Ben", client_id="quickstart-1")
    assert api(ben, "GET", "/sync?totals=1")["totals"] == {"unread": 1, "conversations": 1}
    assert [m["body"] for m in api(ben, "GET", place)["messages"]] == ["Hello Ben"]


def test_the_hooks_say_who_may_write_to_whom(bring_to_life):
    host = bring_to_life("docs/embedding.md", "hooks")
    with host.app.app_context():
        host.db.create_all()
        roles = {"Tea": host.Role.TEACHER, "Pia": host.Role.PUPIL, "Pim": host.Role.PUPIL}
        everybody = {
            name: host.User(first_name=name, school="North", role=role)
            for name, role in roles.items()
        }
        everybody["Far"] = host.User(first_name="Far", school="South", role=host.Role.TEACHER)
        host.db.session.add_all(everybody.values())
        host.db.session.commit()
        keys = {name: str(user.id) for name, user in everybody.items()}
        pupil = everybody["Pia"]
        host.db.session.refresh(pupil)
        host.db.session.expunge_all()

    client = host.app.test_client()
    assert client.get("/chat/api/people").status_code == 401
    with client.session_transaction() as session:
        session["user"] = keys["Pia"]
    (found,) = api(client, "GET", "/people")["people"]
    assert found == {"id": keys["Tea"], "name": "Tea (North)", "role": "teacher", "avatar": None}
    with pytest.raises(NotFound):
        ChatTest(host.app).direct(pupil, everybody["Far"])


@pytest.mark.parametrize("enforced", ["ON", "OFF"])
def test_an_app_without_flask_sqlalchemy_goes_on_with_its_own_sql(bring_to_life, enforced):
    host = bring_to_life("docs/embedding.md", "plain")
    client, run = host.app.test_client(), host.app.test_cli_runner().invoke
    with closing(sqlite3.connect(host.file, isolation_level=None)) as own:
        own.execute("CREATE TABLE users (id TEXT PRIMARY KEY, login TEXT, password TEXT)")
        own.execute("INSERT INTO users VALUES ('a-1', 'ana', ''), ('b-2', 'ben', '')")
        assert run(args=["chat", "init-db"]).exit_code == 0
        with client.session_transaction() as session:
            session["uid"] = "a-1"
        opened = api(client, "POST", "/conversations", kind="direct", user="b-2")
        place = f"/conversations/{opened['conversation']['id']}/messages"
        api(client, "POST", place, body="Hello", client_id="plain-0001")
        for _ in range(2):  # the second time nobody is signed in
            assert client.post("/logout").status_code == 200

        own.execute(f"PRAGMA foreign_keys = {enforced}")
        own.execute("DELETE FROM users WHERE id = 'a-1'")
    with client.session_transaction() as session:
        session["uid"] = "b-2"
    (left,) = api(client, "GET", place)["messages"]
    assert (left["body"], left["author"]) == ("Hello", None)


def test_a_front_end_of_ones_own_finds_the_client(school):
    page = block("docs/headless.md", "script")
    with school.app.test_request_context():
        address = re.search(r'from "([^"]+)"', render_template_string(page))[1]
    with school.app.test_client().get(address) as answer:
        assert answer.mimetype == "text/javascript"


def test_once_the_chat_is_gone_the_hosts_migrations_may_look_away_from_its_tables(school):
    look_away = run("docs/upgrade-and-removal.md", "alembic").include_object
    gone = MetaData()
    school.User.__table__.to_metadata(gone)
    with school.app.app_context(), school.db.engine.connect() as connection:

        def differences(**options):
            context = MigrationContext.configure(connection, opts=options)
            return compare_metadata(context, gone)

        assert "chat_message" in str(differences())
        assert not differences(include_object=look_away)


def test_a_message_joins_the_hosts_transaction(school, people):
    ana, ben = people
    accept = run("docs/signals-and-hooks.md", "acting", chat=school.chat, db=school.db).accept
    application = SimpleNamespace(status="new", guardian=ana)
    with school.app.app_context():
        accept(application, ben)
    (conversation,) = ChatTest(school.app).conversations(ana)
    assert conversation["preview"]["body"].startswith("Welcome!")


def test_the_office_of_the_page_is_one(bring_to_life, capsys):
    school = bring_to_life("docs/inbox.md", "app")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    run("docs/inbox.md", "signal")
    with school.app.app_context():
        school.db.create_all()
        rita, gus, gwen = people = [
            school.User(name=name, role=role)
            for name, role in (("Rita", "registrar"), ("Gus", "guardian"), ("Gwen", "guardian"))
        ]
        school.db.session.add_all(people)
        school.db.session.flush()
        days = ((gus, date(2030, 5, 2)), (gwen, date(2030, 4, 1)))
        for guardian, day in days:
            school.db.session.add(
                school.Application(reference=f"A-{day:%d}", deadline=day, guardian_id=guardian.id)
            )
        school.db.session.commit()
        keys = [str(person.id) for person in people]
        talk = ChatTest(school.app)
        letters = [talk.write_to(person, "registrar", "Hello") for person in (gus, gwen)]
        assert talk.queue(rita, "registrar") == letters

    client = school.app.test_client()
    with client.session_transaction() as session:
        session["user"] = keys[0]
    queue = api(client, "GET", "/inboxes/registrar/queue?order=Decision+due")
    assert [int(one["conversation"]) for one in queue["inquiries"]] == letters[::-1]
    replies = api(client, "GET", f"/conversations/{letters[0]}/replies")["replies"]
    assert replies[1]["body"] == "Dear Gus, we decide by 02 May. Rita, Registrar's Office"


def test_the_actions_of_the_page_act(bring_to_life):
    school = bring_to_life("docs/actions.md", "app")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    with school.app.app_context():
        school.db.create_all()
        people = [school.User(name="Rita", is_registrar=True), school.User(name="Gus")]
        school.db.session.add_all(people)
        school.db.session.flush()
        for child, places in (("Mia", 1), ("Tom", 0)):
            record = school.Application(child=child, guardian_id=2, places_left=places)
            school.db.session.add(record)
        school.db.session.commit()
    registrar, guardian = school.app.test_client(), school.app.test_client()
    for client, key in ((registrar, 1), (guardian, 2)):
        with client.session_transaction() as session:
            session["user"] = key

    def place(number):
        subject = {"kind": "application", "id": str(number)}
        opened = api(registrar, "POST", "/conversations", kind="subject", subject=subject)
        return f"/conversations/{opened['conversation']['id']}"

    def act(number, name, **values):
        request = {"client_id": f"{name}-{number}", "values": values}
        return registrar.post(f"/chat/api{place(number)}/actions/{name}", json=request)

    offered = api(registrar, "GET", f"{place(1)}/actions")["actions"]
    assert [action["name"] for action in offered] == ["accept", "request_documents"]
    assert api(guardian, "GET", f"{place(1)}/actions")["actions"] == []
    assert act(1, "request_documents", papers="School report").json == {"actions": []}
    assert act(2, "accept").json["error"]["detail"] == "There is no place left in this grade."
    said = api(guardian, "GET", f"{place(1)}/messages")["messages"]
    assert [message["body"] for message in said] == ["Please send us: School report."]


def test_the_records_of_the_page_have_a_conversation_each(bring_to_life):
    school = bring_to_life("docs/records.md", "app")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    with school.app.app_context():
        school.db.create_all()
        rita, gus = school.User(name="Rita", is_registrar=True), school.User(name="Gus")
        school.db.session.add_all([rita, gus])
        school.db.session.flush()
        record = school.Application(child="Mia", guardian_id=gus.id)
        school.db.session.add(record)
        school.db.session.commit()
        page = run("docs/records.md", "saying", chat=school.chat, db=school.db)
        page.accept(record, rita)
        (conversation,) = ChatTest(school.app).conversations(gus)
        lists = run("docs/records.md", "listing", chat=school.chat)
        assert lists.with_unread(gus, [record]) == [(record, 1)]
    assert (conversation["title"], conversation["subject"]["link"]) == ("Mia", "/applications/1")
    assert conversation["subject"]["details"] == [{"label": "Status", "value": "accepted"}]
    assert conversation["preview"]["body"] == "The documents are accepted."


def test_the_rules_of_the_page_let_whom_they_name_write(bring_to_life):
    school = bring_to_life("docs/rules-of-contact.md", "app")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    with school.app.app_context():
        school.db.create_all()
        roles = {"Tess": "teacher", "Rita": "registrar", "Mia": "pupil", "Tom": "pupil",
                 "Gus": "guardian"}  # fmt: skip
        people = {
            name: school.User(name=name, role=role, class_name="5b" if name == "Mia" else None)
            for name, role in roles.items()
        }
        school.db.session.add_all(people.values())
        school.db.session.flush()
        lesson = school.Lesson(
            teacher_id=people["Tess"].id, class_name="5b", until=datetime.now(UTC).date()
        )
        family = school.Guardianship(guardian_id=people["Gus"].id, pupil_id=people["Mia"].id)
        school.db.session.add_all([lesson, family])
        school.db.session.commit()
        own = run("docs/rules-of-contact.md", "own", rules=school.rules, User=school.User)

        def reached(name):
            return {user.name for user in school.db.session.scalars(own.contacts(people[name]))}

        assert reached("Mia") == {"Tess", "Rita", "Gus"}
        assert reached("Tess") == {"Rita", "Mia", "Gus"}
        lesson.until -= timedelta(days=2)
        school.db.session.commit()
        assert reached("Mia") == {"Rita", "Gus"}


def test_a_guardian_of_the_page_reads_along_until_the_pupil_is_thirteen(bring_to_life):
    school = bring_to_life("docs/supervision.md", "app")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    today = datetime.now().astimezone().date()
    with school.app.app_context():
        school.db.create_all()
        tess, mia, gus = (
            school.User(name="Tess", role="teacher"),
            school.User(name="Mia", born_on=today - timedelta(days=12 * 365)),
            school.User(name="Gus"),
        )
        school.db.session.add_all([tess, mia, gus])
        school.db.session.flush()
        school.db.session.add(school.Guardianship(guardian_id=gus.id, pupil_id=mia.id))
        school.db.session.commit()
        talk = ChatTest(school.app)
        talk.post(tess, talk.direct(tess, mia), "See me tomorrow.")
        (conversation,) = talk.conversations(gus)
        assert [one["rule"] is None for one in conversation["members"]] == [True, True, False]
        mia.born_on = today - timedelta(days=14 * 365)
        school.db.session.commit()
        assert talk.conversations(gus) == []


def test_what_the_head_of_the_page_writes_by_night_waits_for_them_to_say_so(bring_to_life):
    school = bring_to_life("docs/quiet-hours.md", "app")
    told = run("docs/quiet-hours.md", "signal", app=school.app)
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    now = datetime.now(UTC)
    school.holidays.update((now + timedelta(days=day)).date() for day in (-1, 0, 1, 2))
    with school.app.app_context():
        school.db.create_all()
        head, pupil = school.User(name="Hed", role="head"), school.User(name="Pia", role="pupil")
        school.db.session.add_all([head, pupil])
        school.db.session.commit()
        talk = ChatTest(school.app)
        held = talk.post(head, talk.direct(head, pupil), "See me tomorrow.")
        assert held["may_send"]
        assert datetime.fromisoformat(held["due_at"]) > now + timedelta(days=1)
        assert (talk.release(), talk.held(head)) == (0, ["See me tomorrow."])
    assert told.waiting == [("waiting", "See me tomorrow.")]


def test_the_reports_of_the_page_join_talk_and_records(bring_to_life):
    school = bring_to_life("docs/actions.md", "app")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    with school.app.app_context():
        school.db.create_all()
        rita, gus = school.User(name="Rita", is_registrar=True), school.User(name="Gus")
        school.db.session.add_all([rita, gus])
        school.db.session.flush()
        records = [school.Application(child=name, guardian_id=gus.id) for name in ("Mia", "Tom")]
        school.db.session.add_all(records)
        school.db.session.commit()
        talk = ChatTest(school.app)
        for record in records:
            talk.post(gus, talk.thread(gus, record), "Is there a place?")
        talk.post(rita, talk.thread(rita, records[1]), "There is.")
        page = run("docs/reports.md", "reports", chat=school.chat, db=school.db, User=school.User,
                   Application=school.Application)  # fmt: skip
        later = datetime.now(UTC) + timedelta(hours=1)
        assert [row[0] for row in page.waiting_families(later)] == ["Mia"]
        ((name, answers, minutes),) = page.answering_times()
        assert (name, answers) == ("Rita", 1)
        assert 0 <= minutes < 1
        staff = school.db.select(school.User.id).where(school.User.is_registrar)
        school.chat.inbox("registrar", title="Office", staff=staff)
        talk.write_to(gus, "registrar", "May we come on Friday?")
        offices = run("docs/reports.md", "offices", chat=school.chat, db=school.db,
                      User=school.User)  # fmt: skip
        ((office, letters, new, seconds),) = offices.office_queue()
        assert (office, letters, new) == ("registrar", 1, 1)
        assert 0 <= seconds < 60
        talk.post(rita, talk.queue(rita, "registrar")[0], "Gladly.")
        ((name, answers, minutes, closed),) = offices.work_of_the_staff(later - timedelta(days=9))
        assert (name, answers, closed) == ("Rita", 1, 0)


def test_the_announcements_of_the_page_reach_whom_they_name(bring_to_life):
    school = bring_to_life("docs/announcements.md", "app")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    with school.app.app_context():
        school.db.create_all()
        people = [school.User(name="Rita", is_registrar=True), school.User(name="Gus")]
        school.db.session.add_all([*people, school.User(name="Eva")])
        school.db.session.flush()
        pupils = [("5a", 2), ("5b", 3), ("5b", 3)]
        school.db.session.add_all(
            school.Pupil(class_name=name, guardian_id=key) for name, key in pupils
        )
        school.db.session.commit()
    run_command = school.app.test_cli_runner().invoke
    lists = run_command(args=["chat", "announce", "--as", "1", "--json"])
    assert [(one["name"], one["recipients"]) for one in json.loads(lists.output)] == [
        ("guardians", 2), ("class-5a", 1), ("class-5b", 1),
    ]  # fmt: skip
    sent = ["chat", "announce", "--as", "1", "--to", "class-5b", "--title", "Trip", "On Friday."]
    assert "to 1 people: conversation 1" in run_command(args=sent).output


def test_the_hosts_code_announces_within_its_transaction(school, people):
    ana, ben = people
    school.User.building = school.User.name  # any column does
    with school.app.app_context():
        page = run("docs/announcements.md", "announcing", chat=school.chat, db=school.db,
                   User=school.User)  # fmt: skip
        page.close_early(ana, ben.name)
    (conversation,) = ChatTest(school.app).conversations(ben)
    assert conversation["title"] == "Closing early"


def test_a_signal_is_heard_after_the_commit(school, people):
    heard = []
    kept = run("docs/signals-and-hooks.md", "hearing", app=school.app, heard=heard)
    talk = ChatTest(school.app)
    conversation = talk.direct(*people)
    talk.post(people[0], conversation, "Hello")
    assert heard == [(str(conversation), "Hello")]
    assert kept.remember


def test_the_test_of_the_page_passes(school, people):
    page = run("docs/testing-your-host.md", "testing")
    page.test_whoever_applies_hears_from_the_registrar(school.app, *people)


def test_the_openapi_document_names_the_server():
    described = run("docs/rest.md", "openapi").described
    assert described["servers"] == [{"url": "https://school.example/chat/api"}]


def test_behind_the_proxy_the_app_knows_its_own_origin(school):
    run("docs/deployment.md", "proxy", app=school.app)
    client = signed_in(school, 1)
    headers = {"Origin": "https://school.example", "Host": "school.example"}
    opening = {"json": {"kind": "self"}, "headers": headers}
    client.set_cookie("session", client.get_cookie("session").value, domain="school.example")
    assert client.post("/chat/api/conversations", **opening).status_code == 403
    headers["X-Forwarded-Proto"] = "https"
    assert client.post("/chat/api/conversations", **opening).status_code == 201


def test_a_new_epoch_is_told_to_clients(school):
    client = signed_in(school, 1)
    before = api(client, "POST", "/sync", known={})["epoch"]
    command = block("docs/upgrade-and-removal.md", "epoch").split()
    assert command[0] == "flask"
    result = school.app.test_cli_runner().invoke(args=command[1:], input="y\n")
    assert result.exit_code == 0, result.output
    assert before
    assert api(client, "POST", "/sync", known={})["epoch"] != before


def test_removal_leaves_nothing_of_ours(school):
    talk = ChatTest(school.app)
    with school.app.app_context():
        ana, ben = school.db.session.scalars(school.db.select(school.User))
        talk.post(ana, talk.direct(ana, ben), "Goodbye")
        school.db.session.remove()
        with school.db.engine.begin() as connection:
            connection.execute(text("PRAGMA foreign_keys = ON"))
            for statement in statements("docs/upgrade-and-removal.md", "removal"):
                connection.execute(text(statement))
        left = inspect(school.db.engine).get_table_names()
    assert left == ["user"]


def test_every_marked_block_is_run_here():
    """A mark that no test knows promises what nobody checks."""
    here = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("*.py"))
    for page in PAGES:
        path = page.relative_to(ROOT).as_posix()
        for name, _ in blocks_of(path):
            assert f'"{path}", "{name}"' in here


def test_a_page_holds_badge_thread_and_button(bring_to_life):
    school = bring_to_life("docs/widget.md", "app")
    assert school.app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    with school.app.app_context():
        school.db.create_all()
        school.db.session.add_all([school.User(name="Ana"), school.User(name="Ben")])
        school.db.session.flush()
        school.db.session.add(school.Application(child="Mia", guardian_id=1))
        school.db.session.commit()
    client = school.app.test_client()
    shown = {}
    for person in (1, 2, 3):
        with client.session_transaction() as session:
            session["user"] = person
        shown[person] = client.get("/applications/1").text
    assert shown[1].count("<flask-chat ") == 2
    assert 'subject="application:1"' in shown[1]
    assert shown[2].count("<flask-chat ") == 1
    assert "<flask-chat" not in shown[3]
