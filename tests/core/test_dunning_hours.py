from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dunning.hours import SendingHours

OFFICE = SendingHours(time(9), time(18))


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(8, 59, False), (9, 0, True), (17, 59, True), (18, 0, False), (0, 0, False)],
)
def test_messages_go_in_working_hours_only(hour, minute, is_open):
    assert OFFICE.is_open(datetime(2026, 6, 10, hour, minute)) is is_open


def test_the_next_opening_is_this_morning_or_tomorrows():
    assert OFFICE.next_opening(datetime(2026, 6, 10, 3)) == datetime(2026, 6, 10, 9)
    assert OFFICE.next_opening(datetime(2026, 6, 10, 18)) == datetime(2026, 6, 11, 9)
    assert OFFICE.next_opening(datetime(2026, 6, 10, 12)) == datetime(2026, 6, 10, 12)


def test_the_same_hour_twice_is_the_whole_day():
    assert SendingHours(time(0), time(0)).is_open(datetime(2026, 6, 10, 3))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.integers(0, 23), st.integers(0, 23))
def test_at_the_next_opening_it_is_open(moment, first, last):
    hours = SendingHours(time(min(first, last)), time(max(first, last)))
    opening = hours.next_opening(moment)
    assert opening >= moment
    assert hours.is_open(opening)
