"""How well a customer pays: a score from 0 to 100 that can be explained part by part."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .dunning.segments import history_of

#: With fewer invoices paid or late there is nothing to judge by.
ENOUGH = 3
GOOD, ALARM = 70, 40
#: days that the facts look back
WINDOW = 365


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """One year of a customer.

    ``invoices`` paid in full, or open and late; ``share_late`` of these in percent; ``mean_days_late`` of
    those paid, early ones negative; ``overdue_days`` of the oldest open debt; ``unanswered`` reminders
    since the customer was last heard of; ``promises`` whose day has come, and of these the ``kept``.
    """

    invoices: int = 0
    share_late: Decimal = Decimal(0)
    mean_days_late: Decimal = Decimal(0)
    overdue_days: int = 0
    unanswered: int = 0
    promises: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """What was owed from ``issued`` on; ``settled``: the day when nothing was left of it, None if open."""

    issued: datetime.date
    due: datetime.date
    settled: datetime.date | None


@dataclass(frozen=True, slots=True)
class Part:
    """``points`` of ``of``, for ``value`` (what was looked at)."""

    key: str
    points: Decimal
    of: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """``total`` from 0 to 100. Parts without a base are missing and count for nothing."""

    total: int
    parts: tuple[Part, ...]

    @property
    def grade(self) -> str:
        return grade(self.total)


def grade(total: int | None) -> str:
    """ "good", "watch", "alarm", or "none" without a score."""
    if total is None:
        return "none"
    return "good" if total >= GOOD else "alarm" if total < ALARM else "watch"


def _falling(value, worst) -> Decimal:
    """1 at 0 and below, 0 at ``worst`` and above."""
    return 1 - min(max(Decimal(value), Decimal(0)), Decimal(worst)) / Decimal(worst)


#: key, points, value of the facts (None: no base), its share of the points
PARTS: tuple[tuple[str, int, Callable, Callable], ...] = (
    ("in_time", 40, lambda facts: 100 - facts.share_late, lambda value: _falling(100 - value, 100)),
    ("lateness", 20, lambda facts: facts.mean_days_late, lambda value: _falling(value, 60)),
    ("open_debt", 20, lambda facts: Decimal(facts.overdue_days), lambda value: _falling(value, 90)),
    ("answers", 10, lambda facts: Decimal(facts.unanswered), lambda value: _falling(value, 4)),
    (
        "promises",
        10,
        lambda facts: Decimal(facts.kept) * 100 / facts.promises if facts.promises else None,
        lambda value: value / 100,
    ),
)


def score(facts: PayerFacts) -> Score | None:
    """The score of a customer; None while there is too little to judge by."""
    if facts.invoices < ENOUGH:
        return None
    parts = tuple(
        Part(key, of * share(value), of, value)
        for key, of, read, share in PARTS
        if (value := read(facts)) is not None
    )
    total = sum(part.points for part in parts) * 100 / sum(part.of for part in parts)
    return Score(int(total.quantize(Decimal(1), ROUND_HALF_UP)), parts)


def facts_of_day(positions: Iterable[Position], day: datetime.date) -> PayerFacts:
    """What the ledger said of a customer at the end of a past day; it knows no letters and promises."""
    since = day - datetime.timedelta(days=WINDOW)
    paid, late = [], []
    for position in positions:
        if position.settled and position.settled <= day:
            if position.settled >= since:
                paid.append((position.settled - position.due).days)
        elif position.issued <= day and position.due < day:
            late.append((day - position.due).days)
    history = history_of(paid, late)
    return PayerFacts(history.invoices, history.share_late, history.mean_days_late, history.overdue_days)
