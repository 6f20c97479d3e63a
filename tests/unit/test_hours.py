"""When an office is open, on the wall of its time zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_chat.errors import SetupError
from flask_chat.hours import Hours

WEEK = {day: ["09:00-13:00", "15:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
MADRID = Hours("Europe/Madrid", WEEK)
HOLIDAY = date(2026, 5, 1)  # a Friday
CALENDAR = Hours("Europe/Madrid", WEEK, closed=lambda day: day == HOLIDAY)
ROUND_THE_CLOCK = Hours("UTC", {day: ["00:00-24:00"] for day in ("mon", "tue", "wed")})


def utc(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (utc(2026, 1, 12, 7, 59), False),  # Monday in winter: one hour ahead
        (utc(2026, 1, 12, 8), True),
        (utc(2026, 1, 12, 12), False),
        (utc(2026, 7, 13, 7), True),  # in summer: two
        (utc(2026, 7, 13, 6, 59), False),
        (utc(2026, 7, 12, 9), False),  # a Sunday
    ],
)
def test_it_opens_at_nine_on_the_wall_in_winter_and_in_summer(at, is_open):
    assert MADRID.is_open(at) is is_open


def test_a_closed_period_begins_with_the_last_closing_however_long_it_is():
    friday = utc(2026, 3, 27, 17)  # the clocks change in the night to Sunday
    for later in (1, 24, 48, 62):
        assert MADRID.closed_since(friday + timedelta(hours=later - 0.5)) == friday
    assert MADRID.opens_after(friday) == utc(2026, 3, 30, 7)


def test_a_holiday_makes_one_period_of_the_days_around_it():
    thursday = utc(2026, 4, 30, 16)
    assert CALENDAR.closed_since(utc(2026, 5, 1, 10)) == thursday
    assert CALENDAR.closed_since(utc(2026, 5, 3, 10)) == thursday
    assert CALENDAR.opens_after(thursday) == utc(2026, 5, 4, 7)


def test_midnight_between_two_open_days_closes_nothing():
    assert ROUND_THE_CLOCK.is_open(utc(2026, 6, 9))
    assert ROUND_THE_CLOCK.closed_since(utc(2026, 6, 11)) == utc(2026, 6, 11)


def test_an_office_that_the_calendar_keeps_closed_has_one_period():
    closed = Hours("UTC", WEEK, closed=lambda day: True)
    assert closed.closed_since(utc(2026, 1, 1)) == closed.closed_since(utc(2026, 9, 9))
    assert closed.opens_after(utc(2026, 1, 1)) is None


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(MOMENTS, st.sampled_from(["Europe/Madrid", "America/St_Johns", "Australia/Lord_Howe"]))
def test_all_moments_of_one_closed_period_agree_on_it(at, zone):
    hours = Hours(zone, WEEK)
    since, opens = hours.closed_since(at), hours.opens_after(at)
    if since is None:
        assert hours.is_open(at)
        return
    assert since <= at < opens
    assert not hours.is_open(since)
    assert hours.closed_since(opens - timedelta(seconds=1)) == since
    assert hours.is_open(opens)
    assert hours.is_open(since - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("zone", "week", "words"),
    [
        ("Europe/Atlantis", WEEK, "time zone"),
        ("UTC", {}, "never open"),
        ("UTC", {"monday": ["09:00-13:00"]}, "monday"),
        ("UTC", {"mon": ["9-13"]}, "written like"),
        ("UTC", {"mon": ["13:00-09:00"]}, "written like"),
        ("UTC", {"mon": ["09:00-13:00", "12:00-15:00"]}, "overlap"),
    ],
)
def test_a_mistake_is_named(zone, week, words):
    with pytest.raises(SetupError, match=words):
        Hours(zone, week)
