import datetime

from hypothesis import given
from hypothesis import strategies as st

from core.working_days import working_days_between

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))


def test_from_friday_to_monday_is_one_day():
    friday = datetime.date(2026, 11, 20)
    ahead = [working_days_between(friday, friday + datetime.timedelta(days=n)) for n in range(8)]
    assert ahead == [0, 0, 0, 1, 2, 3, 4, 5]
    assert working_days_between(friday, friday - datetime.timedelta(days=3)) == 0


@given(DAYS, st.integers(0, 400))
def test_is_the_number_of_weekdays_counted_one_by_one(start, length):
    days = [start + datetime.timedelta(days=n) for n in range(1, length + 1)]
    expected = sum(day.weekday() < 5 for day in days)
    assert working_days_between(start, start + datetime.timedelta(days=length)) == expected


@given(
    DAYS,
    st.integers(0, 60),
    st.lists(DAYS | st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 3, 31)), max_size=9),
)
def test_holidays_are_no_working_days(start, length, holidays):
    days = [start + datetime.timedelta(days=n) for n in range(1, length + 1)]
    expected = sum(day.weekday() < 5 and day not in holidays for day in days)
    assert working_days_between(start, start + datetime.timedelta(days=length), holidays) == expected


def test_days_around_nauryz_are_not_counted():
    nauryz = [datetime.date(2026, 3, day) for day in (21, 22, 23, 24, 25)]  # Saturday to Wednesday
    friday = datetime.date(2026, 3, 20)
    ahead = [working_days_between(friday, friday + datetime.timedelta(days=n), nauryz) for n in range(8)]
    assert ahead == [0, 0, 0, 0, 0, 0, 1, 2]
