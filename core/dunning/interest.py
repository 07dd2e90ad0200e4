"""Late charges (пеня): simple interest per day on what is overdue, as the contract says.

The sum of each day's unpaid part times the rate, from the first day after the days of grace;
a day on which money counts is free of charge for it. Never more than the cap, which is a share
of the whole amount. What has accrued stays owed after the principal is paid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """``rate``: percent per day. ``cap``: percent of the amount, None without one. ``grace``: days
    after the due date that cost nothing."""

    rate: Decimal
    cap: Decimal | None = None
    grace: int = 0


def accrued(
    amount: Decimal,
    due_date: date,
    payments: Iterable[tuple[date, Decimal]],
    until: date,
    terms: InterestTerms,
    places: int = 2,
) -> Decimal:
    """The charges on one debt up to and including ``until``, rounded half up to ``places``.

    :param amount: the whole debt on its due date, without what is disputed; above zero.
    :param payments: (value date, amount) of all that has settled it, in any order.
    """
    start = due_date + timedelta(max(terms.grace, 0) + 1)
    if amount <= 0 or terms.rate <= 0 or until < start:
        return Decimal(0)
    paid = sorted(payments)
    open_amount = amount - sum((sum_ for day, sum_ in paid if day <= start), Decimal(0))
    total, day = Decimal(0), start
    for payday, paid_amount in paid:
        if payday <= start:
            continue
        if payday > until:
            break
        total += max(open_amount, Decimal(0)) * (payday - day).days
        open_amount -= paid_amount
        day = payday
    total += max(open_amount, Decimal(0)) * ((until - day).days + 1)
    charges = total * terms.rate / HUNDRED
    if terms.cap is not None:
        charges = min(charges, amount * terms.cap / HUNDRED)
    return charges.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
