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
