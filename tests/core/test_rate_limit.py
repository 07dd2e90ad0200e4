"""The limit of work for one token."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from core.rate_limit import RateLimit

START = datetime.datetime(2026, 3, 10)
HOUR = datetime.timedelta(hours=1)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2000)), max_size=60))
def test_never_more_than_the_limit_in_a_window(requests):
    limit = RateLimit(3, HOUR)
    now, served = START, {}
    for key, seconds in requests:
        now += datetime.timedelta(seconds=seconds)
        if limit.allows(key, now):
            served.setdefault(key, []).append(now)
    for moments in served.values():
        for first, fourth in zip(moments, moments[3:], strict=False):
            assert fourth - first > datetime.timedelta(0)
        # A window begins with the first request in it: six in any hour at most, three in the window.
        for moment in moments:
            assert sum(moment <= other < moment + HOUR for other in moments) <= 6


def test_a_new_window_begins_after_the_old_one():
    limit = RateLimit(1, HOUR)
    assert limit.allows("a", START)
    assert not limit.allows("a", START + HOUR / 2)
    assert limit.allows("b", START + HOUR / 2)
    assert limit.allows("a", START + HOUR)


def test_memory_is_bounded():
    limit = RateLimit(1, HOUR, size=10)
    for key in range(1000):
        limit.allows(key, START)
    assert len(limit._seen) == 10
