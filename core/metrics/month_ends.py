"""Payers whose payment run is at the end of the month: what they owe comes then, not day by day.

The life table of such a payer spreads a payment over the month, because the due dates of his invoices lie
anywhere in it. Whoever made at least ``LEAST`` payments, ``SHARE`` of them within ``NEAR`` days of the end of
a month, is taken to do so again: the chance of each day is moved to the nearest month end, or, if that one is
over, to the next. By chance, with one day in six that near, four payments look like that once in 70.
"""

import datetime
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

NEAR = 2
LEAST, SHARE = 4.0, 0.75
#: days after a month end from which a chance is moved back to it, at most
REACH = 16
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MonthEnds:
    """``payers`` who pay at the end of the month, and their ``share`` in the money of all."""

    payers: frozenset = frozenset()
    share: float = 0.0


def is_near_month_end(day: datetime.date) -> bool:
    """Within ``NEAR`` days of the last day of a month."""
    return (day + (NEAR + 1) * _DAY).day <= 2 * NEAR + 1


def month_end_payers(paid: Iterable[tuple[Hashable, bool, float, float]]) -> MonthEnds:
    """:param paid: (payer, near the end of a month, number of payments, amount)"""
    number: dict[Hashable, float] = {}
    near: dict[Hashable, float] = {}
    money: dict[Hashable, float] = {}
    for payer, is_near, count, amount in paid:
        number[payer] = number.get(payer, 0.0) + count
        money[payer] = money.get(payer, 0.0) + amount
        if is_near:
            near[payer] = near.get(payer, 0.0) + count
    # A payment in parts has counts that do not add up to a whole number exactly.
    payers = frozenset(
        payer
        for payer, count in near.items()
        if number[payer] >= LEAST - 1e-6 and count >= SHARE * number[payer] - 1e-6
    )
    total = sum(money.values())
    return MonthEnds(payers, sum(money[payer] for payer in payers) / total if total else 0.0)


def at_month_ends(chances: list[float], today: datetime.date) -> list[float]:
    """The chances of the days from ``today`` on, at month ends; what would come after the last day is lost.

    :param chances: ``REACH`` days more than are looked at, as some of these belong to a month end before
    """
    moved = [0.0] * len(chances)
    for ahead, chance in enumerate(chances):
        if chance:
            day = today + ahead * _DAY
            end, before = _last(day), day.replace(day=1) - _DAY
            if _paid_on(before) >= today and day - before < end - day:
                end = before
            place = (_paid_on(end) - today).days
            if place < len(moved):
                moved[place] += chance
    return moved


def _paid_on(end: datetime.date) -> datetime.date:
    """Banks rest on Saturday and Sunday: an end of the month on these is paid on the Monday after."""
    return end + (7 - end.weekday()) * _DAY if end.weekday() > 4 else end


def _last(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + 32 * _DAY).replace(day=1) - _DAY
