"""The habits of a payer, from the payments of a year."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

#: A weekday or a way of quoting is a habit from so many cases and this share on.
ENOUGH, HABIT = 4, Decimal("0.5")
RECENT_DAYS = 90
#: Days of difference that are a change and no chance.
CHANGE = 5


@dataclass(frozen=True, slots=True)
class Settled:
    """An invoice that was paid: ``days`` past due (negative: early), on ``day``, in ``pieces`` payments."""

    days: int
    day: datetime.date
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Habits:
    """What a payer usually does; None where there is no habit, or too little to see one.

    ``weekday`` 0 is Monday; ``share_partial`` in percent; ``trend`` "better", "worse" or "steady": the
    mean delay of the last 90 days against that of the time before.
    """

    mean: Decimal | None = None
    median: Decimal | None = None
    weekday: int | None = None
    share_partial: Decimal | None = None
    recent: Decimal | None = None
    trend: str | None = None
    quotes: str | None = None


def habits_of(settled: Sequence[Settled], quoted: Mapping[str, int], today: datetime.date) -> Habits:
    """:param quoted: how often the payer's bank texts quoted what, by kind"""
    days = [one.days for one in settled]
    since = today - datetime.timedelta(days=RECENT_DAYS)
    recent = _mean(one.days for one in settled if one.day > since)
    earlier = _mean(one.days for one in settled if one.day <= since)
    trend = None
    if recent is not None and earlier is not None:
        change = recent - earlier
        trend = "worse" if change >= CHANGE else "better" if change <= -CHANGE else "steady"
    return Habits(
        mean=_mean(days),
        median=Decimal(median(days)) if days else None,
        # Invoices that one payment settled are one case of a weekday.
        weekday=_habit(Counter(day.weekday() for day in {one.day for one in settled})),
        share_partial=Decimal(100 * sum(1 for one in settled if one.pieces > 1)) / len(settled)
        if settled
        else None,
        recent=recent,
        trend=trend,
        quotes=_habit(Counter(quoted)),
    )


def _mean(numbers: Iterable[int]) -> Decimal | None:
    numbers = list(numbers)
    return Decimal(sum(numbers)) / len(numbers) if numbers else None


def _habit(cases: Counter):
    """What happens in at least half of enough cases."""
    total = sum(cases.values())
    if total < ENOUGH:
        return None
    # Of two halves the smaller key, so that the answer is the same each night.
    best = min(cases, key=lambda key: (-cases[key], key))
    return best if Decimal(cases[best]) / total >= HABIT else None
