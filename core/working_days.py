"""Counting days on which banks work: Monday to Friday, without the holidays that are given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def working_days_between(start: date, end: date, holidays: Iterable[date] = ()) -> int:
    """Working days after `start`, up to and including `end`; 0 when `end` is not later.

    From a Friday to the next Monday that is 1: one banking day has begun since. `holidays` on weekends
    are no working days anyway, and count once.
    """
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * 5 + sum(1 for ahead in range(1, rest + 1) if (start.weekday() + ahead) % 7 < 5)
    return weekdays - sum(1 for day in set(holidays) if start < day <= end and day.weekday() < 5)
