"""Every error: one code, one status, one sentence, and nothing a client may not see."""

import pytest

from flask_chat import errors, protocol


@pytest.mark.parametrize("error", errors.public_errors(), ids=lambda error: error.code)
def test_every_error_has_a_status_and_a_sentence(error):
    assert 400 <= error.status < 600
    assert error().to_dict() == {"code": error.code, "detail": error.sentence}


@pytest.mark.parametrize("error", errors.public_errors(), ids=lambda error: error.code)
def test_every_close_code_is_in_the_table(error):
    assert error.close in protocol.CLOSE_CODES or error.close == errors.ChatError.close


@pytest.mark.parametrize("error", [errors.RateLimited, errors.Unavailable, errors.Busy])
@pytest.mark.parametrize(("seconds", "rounded"), [(0.1, 1), (1, 1), (1.1, 2), (60, 60)])
def test_what_is_worth_repeating_says_after_how_many_whole_seconds(error, seconds, rounded):
    assert error(seconds=seconds).retry_after == rounded


def test_a_wrong_field_is_named():
    problem = errors.Invalid(fields={"body": ["Must not be empty."]})
    assert problem.to_dict()["fields"] == {"body": ["Must not be empty."]}


def test_a_missing_package_says_what_to_install():
    assert "pip install 'flask-chat[redis]'" in errors.MissingExtra("redis", "redis").detail
