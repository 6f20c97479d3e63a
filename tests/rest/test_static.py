"""The widget's files, as browsers get them."""

import gzip

import pytest

from flask_chat.web.static import FOLDER, chat_static


@pytest.fixture
def fetch(host):
    def fetch(path, **headers):
        with host.app.test_request_context():
            address = chat_static(path)
        answer = host.client().get(address, headers=headers, buffered=True)
        answer.close()
        return answer

    return fetch


def test_a_browser_gets_the_file_as_it_was_written_only_smaller(fetch):
    answer = fetch("client.js", **{"Accept-Encoding": "gzip, br"})
    assert answer.content_encoding == "gzip"
    assert gzip.decompress(answer.data) == (FOLDER / "client.js").read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]


def test_who_cannot_unpack_gets_the_same_content_under_another_mark(fetch):
    plain, packed = fetch("client.js"), fetch("client.js", **{"Accept-Encoding": "gzip"})
    assert plain.content_encoding is None
    assert plain.data == gzip.decompress(packed.data)
    assert plain.get_etag() != packed.get_etag()
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary


def test_a_file_that_is_not_there_is_not_found(fetch):
    assert fetch("../config.py", **{"Accept-Encoding": "gzip"}).status_code == 404
