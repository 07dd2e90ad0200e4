"""Payment by instalments: how a debt is divided, and how far a plan has come."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import Enum

from .promises import Settled

#: Days after an instalment's date on which its money is still in time.
GRACE_DAYS = 2


class InstalmentState(str, Enum):
    OPEN = "open"
    PAID = "paid"
    LATE = "late"


class PlanState(str, Enum):
    ACTIVE = "active"
    DONE = "done"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Instalment:
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """One instalment: what is paid of it (oldest first), and since when it is paid in full."""

    state: InstalmentState
    paid: Decimal
    paid_on: date | None = None


def split(total: Decimal, count: int, digits: int = 2) -> tuple[Decimal, ...]:
    """``total`` in ``count`` equal amounts; what does not divide is on the last one.

    :raises ValueError: when an amount would be zero or ``count`` is not above zero
    """
    if count < 1:
        raise ValueError("a plan has at least one instalment")
    cent = Decimal(1).scaleb(-digits)
    each = (total / count).quantize(cent, ROUND_DOWN)
    if each <= 0:
        raise ValueError("an instalment has to be more than zero")
    return (*[each] * (count - 1), total - each * (count - 1))


def days(first: date, count: int, every: int = 1, unit: str = "month") -> tuple[date, ...]:
    """``count`` dates from ``first`` on, ``every`` so many days, weeks or months.

    Months keep the day of ``first``, or the month's last where it is shorter.
    """
    if unit != "month":
        step = timedelta(days=every * (7 if unit == "week" else 1))
        return tuple(first + step * number for number in range(count))
    result = []
    for number in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + every * number, 12)
        last = calendar.monthrange(year, month + 1)[1]
        result.append(date(year, month + 1, min(first.day, last)))
    return tuple(result)


def follow(
    instalments: Sequence[Instalment],
    settled: Iterable[Settled],
    today: date,
    baseline: Decimal = Decimal(0),
    grace: int = GRACE_DAYS,
    digits: int = 2,
    is_unseen: bool = False,
    forgiven_until: date | None = None,
) -> tuple[PlanState, tuple[Progress, ...]]:
    """How far the plan is on ``today``; whatever order the money and the instalments are given in.

    All that settles the debts of the plan counts, money or not, from the
    oldest instalment on; paying early is welcome. A plan is broken when an
    instalment was not there in full, by value date, ``grace`` days after its
    date, unless money may have come unseen (``is_unseen``). Paid in full it
    is done, however late.

    :param baseline: what had been settled of the debts before the plan
    :return: the state of the plan and one ``Progress`` per instalment, in the order given
    """
    half = Decimal(1).scaleb(-digits) / 2
    pieces, left = [], baseline
    for piece in sorted(settled, key=lambda s: s.day):
        old = min(left, piece.amount)
        left -= old
        if piece.amount > old:
            pieces.append((piece.day, piece.amount - old))
    paid_in_all = sum((amount for _day, amount in pieces), Decimal(0))
    order = sorted(range(len(instalments)), key=lambda place: (instalments[place].due, place))
    progress: dict[int, Progress] = {}
    before = Decimal(0)
    is_broken = False
    for place in order:
        instalment = instalments[place]
        paid = min(max(paid_in_all - before, Decimal(0)), instalment.amount)
        before += instalment.amount
        paid_on = _reached(pieces, before - half) if instalment.amount - paid <= half else None
        last_day = instalment.due + timedelta(grace)
        is_forgiven = bool(forgiven_until and instalment.due <= forgiven_until)
        if paid_on:
            is_broken |= paid_on > last_day and not is_forgiven
            progress[place] = Progress(InstalmentState.PAID, paid, paid_on)
        elif today > last_day and not is_unseen:
            is_broken |= not is_forgiven
            progress[place] = Progress(InstalmentState.LATE, paid)
        else:
            progress[place] = Progress(InstalmentState.OPEN, paid)
    result = tuple(progress[place] for place in range(len(instalments)))
    if all(one.state is InstalmentState.PAID for one in result):
        return PlanState.DONE, result
    return PlanState.BROKEN if is_broken else PlanState.ACTIVE, result


def _reached(pieces, amount) -> date | None:
    """The day on which the sum of the pieces, by day, reached ``amount``."""
    total = Decimal(0)
    for day, piece in pieces:
        total += piece
        if total >= amount:
            return day
    return None
