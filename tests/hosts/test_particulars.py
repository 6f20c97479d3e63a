"""What is special about each host."""

from __future__ import annotations

import json
import re
from http.client import HTTPConnection

import pytest
import websocket

from tests.hosts.conftest import Start
from tests.support.clients import Browser


def boot_of(page: bytes) -> dict:
    """What the page tells its widget."""
    text = re.search(r'boot="([^"]*)"', page.decode())[1]
    return json.loads(text.replace("&#34;", '"').replace("&amp;", "&"))


# Identity


def test_a_role_may_be_an_enum(start: Start) -> None:
    assert start("late_factory").browser().sign_in("ana").api("GET", "/session").json["user"][
        "role"
    ] == "teacher"  # fmt: skip


def test_a_name_is_found_wherever_it_is(start: Start) -> None:
    host = start("module_level")
    assert host.browser().sign_in("ana").api("GET", "/session").json["user"]["name"] == "ana"
    host = start("methods")
    me = host.browser().sign_in("ana").api("GET", "/session").json["user"]
    assert (me["name"], me["avatar"]) == ("ana@school.example", "/photos/64/ana.png")


def test_is_active_may_be_a_method(start: Start) -> None:
    ana = start("methods").browser().sign_in("ana")
    ana.post_form("/block", {"blocked": "yes"})
    assert ana.api("GET", "/session").status == 401
    ana.post_form("/block", {"blocked": "no"})
    assert ana.api("GET", "/session").status == 200


def test_the_other_models_people_have_no_chat(start: Start) -> None:
    host = start("two_models")
    gus = host.browser()
    assert gus.post_form("/login", {"username": "gus"}).status == 302
    assert b"flask-chat" not in gus.request("GET", "/").body
    assert gus.api("GET", "/session").status == 401
    assert gus.knock().closed() == 4001


# Where it lives


def test_below_a_path_everything_is_below_it(start: Start) -> None:
    ana = start("below_a_path").browser().sign_in("ana")
    page = ana.request("GET", "/", X_Forwarded_Prefix="/school").body
    boot = boot_of(page)
    assert (boot["api"], boot["ws"], boot["page"]) == (
        "/school/talk/api", "/school/talk/ws", "/school/talk/",
    )  # fmt: skip
    assert b'src="/school/talk/static/' in page


def test_behind_a_proxy_the_origin_is_the_one_outside(start: Start) -> None:
    ana = start("below_a_path").browser().sign_in("ana")
    body, kind = b'{"kind": "self"}', "application/json"
    outside = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "school.example"}
    path = "/talk/api/conversations"
    for origin, status in [("https://school.example", 201), ("http://school.example", 403)]:
        answer = ana.request("POST", path, body, Content_Type=kind, Origin=origin, **outside)
        assert answer.status in (status, 200 if status == 201 else status)


def test_what_the_host_calls_chat_stays_its_own(start: Start) -> None:
    host = start("below_a_path")
    assert host.browser().request("GET", "/chat/").body == b"the rooms of the host"
    assert host.server.flask("chat", "hello") == "They say: hello\n"


def test_two_apps_of_one_process_know_nothing_of_each_other(start: Start) -> None:
    host = start("two_apps")
    north, south = host.browser(), Browser(host.server, app="/south")
    north.sign_in("ana")
    south.sign_in("ana")
    heard = north.socket(), south.socket()
    ben = Browser(host.server, app="/south").sign_in("ben")
    conversation = ben.direct(south)
    ben.post(conversation, "Only in the south")
    heard[1].expect("message.posted")
    heard[0].fence()
    assert not heard[0].events
    assert boot_of(south.request("GET", "/south/").body)["ws"] == "/south/chat/ws"


# What the host does to every request


@pytest.mark.parametrize("habit", ["redirect", "error"])
def test_the_host_may_answer_a_handshake_itself(start: Start, habit: str) -> None:
    ana = start("gatekeeper").browser().sign_in("ana")
    with pytest.raises(websocket.WebSocketException, match=r"500|/login"):
        ana.knock(habit=habit)
    assert ana.socket().is_open


def test_the_hosts_headers_and_error_pages_are_untouched(start: Start) -> None:
    ana = start("gatekeeper").browser().sign_in("ana")
    assert ana.request("GET", "/nowhere").body == b"<h1>Nothing here</h1>"
    ours = ana.api("GET", "/conversations/999")
    assert (ours.status, ours.code, ours.headers["X-School"]) == (404, "not_found", "gate")
    assert ana.api("GET", "/nowhere").headers["X-School"] == "gate"


def test_the_hosts_marks_and_names_in_templates_are_untouched(start: Start) -> None:
    ana = start("gatekeeper").browser().sign_in("ana")
    page = ana.request("GET", "/").body
    assert page.startswith(b"<body>of the host of the host <flask-chat")
    assert boot_of(page)["user"]["name"] == "ana"
    assert b"mode=" not in page
    assert b'mode="inline"' in ana.request("GET", "/chat/").body


def test_the_nonce_of_the_policy_is_on_the_script(start: Start) -> None:
    ana = start("strict_policy").browser().sign_in("ana")
    answer = ana.request("GET", "/")
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    assert f'nonce="{nonce}"' in answer.body.decode()


def test_another_librarys_sockets_work_beside_ours(start: Start) -> None:
    host = start("beside_socketio")
    ours = host.browser().sign_in("ana").socket()
    address = f"ws://127.0.0.1:{host.server.port}/socket.io/?EIO=4&transport=websocket"
    theirs = websocket.create_connection(address, origin=host.server.origin)
    assert theirs.recv().startswith("0{")
    theirs.send("40")
    assert theirs.recv().startswith("40")
    ours.fence()
    theirs.close()


# The page


def test_the_widget_is_put_into_full_pages_of_those_who_are_signed_in(start: Start) -> None:
    ana, stranger = start("injected").browser().sign_in("ana"), start("injected").browser()
    plain = stranger.request("GET", "/")
    page = ana.request("GET", "/")
    assert b"flask-chat" not in plain.body
    before, widget, after = re.fullmatch(
        rb"(.*)(<flask-chat.*</script>)\s*(</BODY >.*)", page.body, re.DOTALL
    ).groups()
    assert before + after == plain.body
    assert widget.count(b"<flask-chat") == 1
    assert int(page.headers["Content-Length"]) == len(page.body)
    assert "Cookie" in page.headers["Vary"]


@pytest.mark.parametrize("path", ["stream", "download", "file", "fragment", "json", "shared"])
def test_what_is_no_page_of_ones_own_is_left_alone(start: Start, path: str) -> None:
    ana, stranger = start("injected").browser().sign_in("ana"), start("injected").browser()
    assert ana.request("GET", f"/{path}").body == stranger.request("GET", f"/{path}").body


def test_a_redirect_and_a_missing_page_are_what_they_were(start: Start) -> None:
    ana = start("injected").browser().sign_in("ana")
    assert b"<flask-chat" not in ana.post_form("/login", {"username": "ana"}).body
    assert ana.request("GET", "/nowhere").status == 404


def test_an_etag_is_of_what_was_sent(start: Start) -> None:
    ana, stranger = start("injected").browser().sign_in("ana"), start("injected").browser()
    of_host, of_ana = stranger.request("GET", "/tagged"), ana.request("GET", "/tagged")
    assert of_host.headers["ETag"] != of_ana.headers["ETag"]
    assert stranger.request("GET", "/tagged", If_None_Match=of_host.headers["ETag"]).status == 304
    again = ana.request("GET", "/tagged", If_None_Match=of_ana.headers["ETag"])
    assert (again.status, b"<flask-chat" in again.body) == (200, True)


def test_a_head_has_the_length_of_the_page(start: Start) -> None:
    host = start("injected")
    head = HTTPConnection("127.0.0.1", host.server.port)
    ana = host.browser().sign_in("ana")
    head.request("HEAD", "/", headers={"Cookie": ana.cookie})
    answer = head.getresponse()
    assert int(answer.headers["Content-Length"]) == len(ana.request("GET", "/").body)
    head.close()


def test_the_script_that_stays_is_small_and_revalidated(start: Start) -> None:
    stranger = start("script_only").browser()
    answer = stranger.request("GET", "/chat/widget.js")
    assert (answer.status, answer.headers.get_content_type()) == (200, "text/javascript")
    assert re.fullmatch(rb'import\("\./static/[0-9a-f]{12}/boot\.js"\);\n', answer.body)
    etag = answer.headers["ETag"]
    assert stranger.request("GET", "/chat/widget.js", If_None_Match=etag).status == 304
