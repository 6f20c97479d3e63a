"""Settings: what fits is read, what does not says which and why."""

import pytest

from flask_chat import config
from flask_chat.errors import SetupError

NUMBERS = [s.name for s in config.SETTINGS if isinstance(s.default, int | float)
           and not isinstance(s.default, bool)]  # fmt: skip
FLAGS = [s.name for s in config.SETTINGS if isinstance(s.default, bool)]
RATES = [s.name for s in config.SETTINGS if s.name.startswith("CHAT_RATE_")]


@pytest.mark.parametrize("setting", config.SETTINGS, ids=lambda setting: setting.name)
def test_every_default_passes_its_own_check(setting):
    assert hasattr(config.read({}), setting.attribute)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [0, -1, "5", None, True, float("nan"), float("inf"), [1]])
def test_a_number_is_above_zero_and_finite(name, value):
    if value is None and config.read({}).__dict__[name.removeprefix("CHAT_").lower()] is None:
        return
    with pytest.raises(SetupError, match=name):
        config.read({name: value})


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("value", [0, 1, "yes", None, ""])
def test_a_flag_is_true_or_false(name, value):
    with pytest.raises(SetupError, match=name):
        config.read({name: value})


@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize("value", ["", "many", "5", 5, None, "5 per lesson", "-1 per minute"])
def test_a_rate_is_one_that_can_be_counted(name, value):
    with pytest.raises(SetupError, match=name):
        config.read({name: value})


@pytest.mark.parametrize("value", ["chat", "/chat/", "/", "", None, 7])
def test_a_prefix_starts_with_a_slash_and_ends_without(value):
    with pytest.raises(SetupError, match="CHAT_URL_PREFIX"):
        config.read({"CHAT_URL_PREFIX": value})


@pytest.mark.parametrize(
    "value", ["school.example", "https://", "https://a.example/", "ftp://a.example", "null", "*",
              ["https://a.example/x"], [7], 7, None, True],
)  # fmt: skip
def test_an_origin_is_a_scheme_and_a_host(value):
    with pytest.raises(SetupError, match="CHAT_ORIGINS"):
        config.read({"CHAT_ORIGINS": value})


@pytest.mark.parametrize(
    "value",
    ["https://A.example http://b.example:8080", ["https://a.example", "http://b.example:8080"]],
)
def test_origins_are_a_list_or_a_line_of_them_in_any_case(value):
    assert config.read({"CHAT_ORIGINS": value}).origins == {
        "https://a.example", "http://b.example:8080"
    }  # fmt: skip


def test_a_title_is_no_longer_than_its_column():
    with pytest.raises(SetupError, match="CHAT_TITLE_LIMIT"):
        config.read({"CHAT_TITLE_LIMIT": config.TITLE_COLUMN + 1})


def test_a_key_that_is_no_setting_is_named():
    with pytest.raises(SetupError, match="CHAT_BODY_LIMITS"):
        config.read({"CHAT_BODY_LIMITS": 5})


def test_the_hosts_own_keys_are_its_own():
    assert config.read({"SECRET_KEY": "x", "CHATTY": 1}).body_limit == 4000


def test_a_setting_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="CHAT_NOTHING"):
        config.read({}).nothing  # noqa: B018 - the access is what is tested


def test_deleting_may_be_unlimited():
    assert config.read({"CHAT_DELETE_SECONDS": None}).delete_seconds is None
