"""What holds in every host, whatever it is made of."""

from __future__ import annotations

import pytest
import websocket

from tests.hosts.conftest import Running
from tests.support.clients import Browser


def sign_in(host: Running, *names: str) -> list[Browser]:
    return [host.browser().sign_in(name) for name in names]


def test_two_people_talk(host: Running) -> None:
    ana, ben = sign_in(host, "ana", "ben")
    if host.kept.people:
        assert (ana.id, ben.id) == host.kept.people
    socket = ben.socket()
    conversation = ana.direct(ben)
    said = ana.socket().post(conversation, "Hello Ben")
    assert said["type"] == "reply"
    heard = socket.expect("message.posted", conversation=conversation)
    assert heard["data"]["body"] == "Hello Ben"
    assert heard["data"]["author"]["id"] == ana.id
    answered = ben.post(conversation, "Hello Ana")
    assert [message["id"] for message in ana.history(conversation)][-1] == answered["id"]


def test_whoever_is_not_signed_in_gets_nothing(host: Running) -> None:
    stranger = host.browser()
    assert b"flask-chat" not in stranger.request("GET", "/").body
    assert stranger.api("GET", "/session").status == 401
    assert stranger.api("GET", "/session").code == "unauthorized"
    assert stranger.knock().closed() == 4001


def test_a_page_of_another_site_gets_nothing_done(host: Running) -> None:
    (ana,) = sign_in(host, "ana")
    body, kind = b'{"kind": "self"}', "application/json"
    path = f"{ana.chat}/api/conversations"
    foreign = ana.request(
        "POST", path, body, Content_Type=kind, Origin="https://evil.example",
        **({ana.csrf[0].replace("-", "_"): ana.csrf[1]} if ana.csrf else {}),
    )  # fmt: skip
    assert foreign.status == 403
    form = ana.request("POST", path, b"kind=self", Content_Type="text/plain")
    assert form.status in (400, 403)
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        ana.knock(origin="https://evil.example")


def test_where_the_host_has_a_csrf_protection_it_protects_the_chat(host: Running) -> None:
    (ana,) = sign_in(host, "ana")
    assert bool(ana.csrf) == host.kept.csrf
    ana.csrf = None
    refused = ana.api("POST", "/conversations", kind="self")
    assert refused.status == (403 if host.kept.csrf else 201)


def test_whoever_signs_out_is_out(host: Running) -> None:
    (ana,) = sign_in(host, "ana")
    before = dict(ana.cookies)
    socket = ana.socket()
    ana.post_form("/logout")
    if host.kept.tells:
        assert socket.closed() in (4001, 4003)
    socket.hang_up()
    assert ana.api("GET", "/session").status == 401
    assert ana.knock().closed() == 4001
    assert set(ana.cookies) <= set(before)
