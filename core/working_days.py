"""Counting days on which banks work: Monday to Friday. Holidays are not known here."""

from __future__ import annotations

from datetime import date


def working_days_between(start: date, end: date) -> int:
    """Working days after `start`, up to and including `end`; 0 when `end` is not later.

    From a Friday to the next Monday that is 1: one banking day has begun since.
    """
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    return weeks * 5 + sum(1 for ahead in range(1, rest + 1) if (start.weekday() + ahead) % 7 < 5)
