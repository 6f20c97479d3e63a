"""The REST door in hosts of different habits: their tokens, their sessions, their error pages."""

import pytest
from flask import abort, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError

API = "/chat/api"
HELLO = {"client_id": "first-of-all", "body": "Good morning"}


def world(host):
    ana, ben = host.people("Ana", "Ben")
    return ana, ben, host.direct(ana, ben)


# CSRF


def test_with_the_hosts_token_a_message_is_sent(make_host):
    host = make_host(csrf=True)
    ana, _, direct = world(host)
    browser = host.client(ana)
    browser.get("/token")
    csrf = browser.get(f"{API}/session").json["csrf"]
    answer = browser.post(
        f"{API}/conversations/{direct}/messages",
        json=HELLO,
        headers={csrf["header"]: csrf["token"]},
    )
    assert answer.status_code == 201


def test_a_host_without_tokens_offers_none(host):
    ana, *_ = world(host)
    assert host.client(ana).get(f"{API}/session").json["csrf"] is None


def test_the_hosts_page_for_a_stale_token_is_not_shown_to_the_client(make_host):
    def page_expired(app):
        app.register_error_handler(CSRFError, lambda error: ("<h1>Page expired</h1>", 400))

    host = make_host(csrf=True, before=page_expired)
    ana, *_ = world(host)
    answer = host.client(ana).post(f"{API}/sync", json={})
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "csrf")


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "malformed"), (401, "unauthorized"), (403, "forbidden"), (404, "not_found"),
     (413, "too_large"), (429, "rate_limited"), (503, "unavailable")],
)  # fmt: skip
def test_what_the_host_refuses_before_us_is_json_all_the_same(make_host, status, code):
    def refuse(app):
        app.register_error_handler(status, lambda error: ("<h1>No</h1>", status))
        app.before_request(lambda: abort(status) if request.path.startswith(API) else None)

    answer = make_host(before=refuse).client().get(f"{API}/session")
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def test_a_redirect_of_the_hosts_passes(make_host):
    def send_away(app):
        app.before_request(lambda: app.redirect("/in/1") if request.path == f"{API}/sync" else None)

    answer = make_host(before=send_away).client().get(f"{API}/sync?totals=1")
    assert answer.headers["Location"] == "/in/1"


def test_a_failure_of_the_hosts_hook_is_a_clear_answer_and_is_logged(make_host, caplog):
    host = make_host()
    ana = host.person("Ana")
    host.chat.contacts(lambda user: 1 / 0)
    answer = host.client(ana).get(f"{API}/people")
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "error")
    assert "ZeroDivisionError" in caplog.text


# The body


def test_a_host_that_reads_every_body_first_takes_nothing_away(make_host):
    host = make_host(before=lambda app: app.before_request(lambda: request.get_data() and None))
    ana, _, direct = world(host)
    answer = host.client(ana).post(f"{API}/conversations/{direct}/messages", json=HELLO)
    assert answer.status_code == 201


def test_a_body_without_a_length_is_read_up_to_its_limit(host):
    ana, *_ = world(host)
    answer = host.client(ana).post(
        f"{API}/conversations", data=b'{"kind": "self"}', content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 201


def test_a_body_without_a_length_that_is_too_large_is_refused(host):
    ana, *_ = world(host)
    answer = host.client(ana).post(
        f"{API}/conversations", data=b" " * 70_000, content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 413


def test_unknown_fields_are_ignored(host):
    ana, _, direct = world(host)
    answer = host.client(ana).post(
        f"{API}/conversations/{direct}/messages", json={**HELLO, "colour": "blue"}
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["int", "uuid", "text"])
@pytest.mark.parametrize("user", ["\x00", "\ud800", "", " ", "1" * 5000, "Ana", "1.0", "None"])
def test_an_id_that_no_person_can_have_is_not_found(make_host, caplog, kind, user):
    host = make_host(kind=kind)
    ana, *_ = world(host)
    answer = host.client(ana).post(f"{API}/conversations", json={"kind": "direct", "user": user})
    assert answer.status_code == 404
    assert not caplog.records


def test_a_uuid_is_only_known_in_its_one_form(make_host):
    host = make_host(kind="uuid")
    ana, ben, _ = world(host)
    for form in (ben.id.upper(), ben.id.replace("-", ""), f"{{{ben.id}}}", f"urn:uuid:{ben.id}"):
        answer = host.client(ana).post(
            f"{API}/conversations", json={"kind": "direct", "user": form}
        )
        assert answer.status_code == 404, form


# Origins


@pytest.mark.parametrize("origin", ["http://localhost", "https://app.school.example"])
def test_our_own_and_a_listed_origin_may_write(make_host, origin):
    host = make_host(CHAT_ORIGINS=["https://app.school.example"])
    ana, *_ = world(host)
    answer = host.client(ana).post(f"{API}/sync", json={}, headers={"Origin": origin})
    assert answer.status_code == 200


def test_a_name_with_letters_of_its_own_is_our_own(make_host):
    host = make_host()
    place = "https://xn--schler-kva.example"  # as browsers write schüler.example
    answer = host.app.test_client().post(
        f"{API}/sync", json={}, base_url=place, headers={"Origin": place}
    )
    assert answer.get_json()["error"]["code"] == "unauthorized"  # and not a foreign page


# Sessions


def test_the_session_a_host_touches_before_every_request_is_not_saved_by_ours(make_host):
    def touch(app):
        @app.before_request
        def count():
            session["seen"] = session.get("seen", 0) + 1
            session.permanent = True

    host = make_host(before=touch)
    ana, *_ = world(host)
    assert "Set-Cookie" not in host.client(ana).get(f"{API}/session").headers


def test_the_session_a_host_touches_after_every_request_is_not_saved_by_ours(make_host):
    def touch(app):
        @app.after_request
        def count(response):
            session["seen"] = True
            return response

    host = make_host(before=touch)
    ana, *_ = world(host)
    assert "Set-Cookie" not in host.client(ana).get(f"{API}/session").headers


def test_a_refused_token_does_not_refresh_the_session(make_host):
    host = make_host(csrf=True)
    ana, *_ = world(host)
    browser = host.client(ana)
    with browser.session_transaction() as cookie:
        cookie.permanent = True
    assert "Set-Cookie" not in browser.post(f"{API}/sync", json={}).headers


def test_the_hosts_own_pages_keep_saving_their_session(make_host):
    def touch(app):
        @app.get("/count")
        def count():
            session["seen"] = True
            return "seen"

    assert "Set-Cookie" in make_host(before=touch).client().get("/count").headers


def test_signing_out_is_not_undone_by_a_request_that_ends_later(host):
    ana, *_ = world(host)
    browser = host.client(ana)
    browser.get("/out")
    browser.get(f"{API}/session")
    assert browser.get(f"{API}/session").status_code == 401


def test_who_signs_in_for_the_chats_page_comes_back_to_it_under_a_prefix_too(make_host):
    host = make_host(CHAT_LOGIN_URL="/school/login?lang=de")
    asked = host.client().get("/chat/", environ_overrides={"SCRIPT_NAME": "/school"})
    assert asked.location == "/school/login?lang=de&next=/school/chat/"


# The host's objects


def test_the_hosts_user_is_usable_after_our_request(make_host):
    names = []

    def remember(app):
        @app.before_request
        def load():
            g.user = host.db.session.get(host.User, 1)

        @app.after_request
        def log(response):
            names.append(g.user.name)
            return response

    host = make_host(before=remember)
    ana, _, direct = world(host)
    host.client(ana).post(f"{API}/conversations/{direct}/messages", json=HELLO)
    assert names == ["Ana"]


def test_what_the_host_left_uncommitted_is_not_carried_into_our_commit(make_host):
    def note(app):
        @app.before_request
        def write():
            host.db.session.add(host.db.Note(words="half-done"))

    host = make_host(before=note)
    ana, _, direct = world(host)
    answer = host.client(ana).post(f"{API}/conversations/{direct}/messages", json=HELLO)
    assert (answer.status_code, host.rows("note")) == (201, [])


# Rates


def test_too_many_messages_are_told_when_to_come_back(make_host):
    host = make_host(CHAT_RATE_MESSAGES="2 per minute")
    ana, _, direct = world(host)
    browser = host.client(ana)
    place = f"{API}/conversations/{direct}/messages"
    for number in range(2):
        browser.post(place, json={"client_id": f"message-{number}", "body": "x"})
    answer = browser.post(place, json=HELLO)
    assert (answer.status_code, answer.json["error"]["code"]) == (429, "rate_limited")
    assert 1 <= int(answer.headers["Retry-After"]) <= 61


@pytest.mark.parametrize(
    ("setting", "request_of"),
    [("CHAT_RATE_REQUESTS", ("GET", "/session", None)),
     ("CHAT_RATE_OPENINGS", ("POST", "/conversations", {"kind": "self"}))],
)  # fmt: skip
def test_each_rate_is_one_persons_own(make_host, setting, request_of):
    host = make_host(**{setting: "1 per minute"})
    ana, ben = host.people("Ana", "Ben")
    method, path, body = request_of
    statuses = [
        host.client(person).open(f"{API}{path}", method=method, json=body).status_code
        for person in (ana, ana, ben)
    ]
    assert [status // 100 for status in statuses] == [2, 4, 2]


def test_a_refused_message_stores_nothing(make_host):
    host = make_host(CHAT_RATE_MESSAGES="1 per minute")
    ana, _, direct = world(host)
    browser = host.client(ana)
    place = f"{API}/conversations/{direct}/messages"
    browser.post(place, json=HELLO)
    before = host.dump()
    browser.post(place, json={"client_id": "second-of-all", "body": "x"})
    assert host.dump() == before


def test_before_init_db_the_log_says_what_to_run(databases, caplog):
    from tests.support.hosts import Host

    host = Host(databases.empty())
    with host.app.app_context():
        host.User.__table__.create(host.db.engine)
    ana = host.person("Ana")
    answer = host.client(ana).get(f"{API}/sync?totals=1")
    host.close()
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "setup")
    assert "flask chat init-db" in caplog.text


def test_a_session_kept_on_the_server_is_not_saved_either(make_host):
    """As Flask-Session keeps it: whatever a request that ends late would save, comes back."""
    saved = []

    class Kept(SecureCookieSessionInterface):
        def save_session(self, app, session, response):
            saved.append(request.path)

    host = make_host(before=lambda app: setattr(app, "session_interface", Kept()))
    ana, *_ = world(host)
    host.chat.identity(lambda: host.user(ana))
    browser = host.app.test_client()
    browser.get("/token")
    browser.get(f"{API}/session")
    browser.post(f"{API}/sync", json={})
    assert saved == ["/token"]
