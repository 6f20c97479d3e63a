"""The example exactly as its readers start it, under every server the docs name."""

import json

import pytest
from websocket import WebSocketBadStatusException

from tests.support.clients import Browser
from tests.support.servers import EVERY, EXAMPLE, Servers


@pytest.fixture(scope="module", params=EVERY)
def example(request, tmp_path_factory, seeded_file):
    started = Servers(tmp_path_factory.mktemp("example"))
    yield started.start(started.copy_of(seeded_file), app=EXAMPLE, kind=request.param)
    started.end_all()


def test_two_people_talk(example, visitors):
    teacher, colleague = visitors(example, "teacher"), visitors(example, "t001")
    here, there = teacher.socket(), colleague.socket()
    talk = teacher.direct(colleague)
    message = here.post(talk, "Coffee?")["data"]["message"]
    assert there.expect("message.posted")["data"] == message
    answer = there.post(talk, "Five minutes")["data"]["message"]
    here.expect("message.posted", data=message)
    assert here.expect("message.posted")["data"] == answer


def test_what_is_sent_over_rest_reaches_the_sockets(example, visitors):
    teacher, colleague = visitors(example, "teacher"), visitors(example, "t001")
    socket = colleague.socket()
    talk = teacher.direct(colleague)
    assert socket.expect("message.posted", data=teacher.post(talk, "By REST"))


def test_a_foreign_page_gets_no_101(example, visitors):
    with pytest.raises(WebSocketBadStatusException) as refusal:
        visitors(example, "teacher").knock(origin="http://evil.example")
    assert refusal.value.status_code == 403
    assert json.loads(refusal.value.resp_body)["error"]["code"] == "origin"


def test_nobody_is_told_4001(example):
    assert Browser(example).knock().closed() == 4001


def test_signing_out_ends_the_socket(example):
    leaver = Browser(example).sign_in("t002")
    socket = leaver.socket()
    leaver.post_form("/logout")
    assert socket.closed(within=1) == 4003
    assert leaver.api("GET", "/session").status == 401


def test_a_frame_that_is_too_big_ends_the_socket_with_1009(example, visitors):
    socket = visitors(example, "teacher").socket()
    socket.send("x" * 66_000)
    assert socket.closed() == 1009


def test_a_request_smuggled_behind_the_close_is_not_served(example, visitors):
    socket = visitors(example, "teacher").socket()
    socket.send_bytes(b"\x88\x80\0\0\0\0GET /login HTTP/1.1\r\nHost: x\r\n\r\n")
    socket.closed()
    assert socket.rest() == b""
