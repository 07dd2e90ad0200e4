"""Was a promise to pay kept? Judged by the days on which the money counts, not by when it was booked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

#: Days after the promised one on which money is still in time: banks take a day or two.
GRACE_DAYS = 2


class PromiseState(str, Enum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    #: Nothing is left to be paid, and not because of money: a credit note or a write-off.
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Settled:
    """Something that reduced a debt: ``amount`` above zero, on its value date.

    ``is_money``: a payment; else a credit note, a write-off, a netting.
    """

    day: date
    amount: Decimal
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class Promise:
    """``amount`` is promised until ``until``, the last day.

    ``baseline``: what had been settled of the same debts before the promise
    was given; it counts for nothing. ``digits`` of the currency.
    """

    amount: Decimal
    until: date
    baseline: Decimal = Decimal(0)
    grace: int = GRACE_DAYS
    digits: int = 2

    @property
    def last_day(self) -> date:
        """The last value date on which the money is in time: chasing rests until then."""
        return self.until + timedelta(self.grace)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``paid``: in time. ``missing``: of the promised amount. ``day``: of the last money that was needed."""

    state: PromiseState
    paid: Decimal
    missing: Decimal
    day: date | None = None


def judge(promise: Promise, settled: Iterable[Settled], today: date, is_unseen: bool = False) -> Verdict:
    """What became of ``promise`` as known on ``today``; asked again, the same facts give the same answer.

    Money whose value date is in time keeps a promise even when it is booked
    later; a credit note lowers what had to be paid. Before the last day has
    passed a promise is open, and so it is while money may have come that
    nobody can see yet (``is_unseen``: an unapplied payment that may be
    theirs, a bank statement that is missing).
    """
    half = Decimal(1).scaleb(-promise.digits) / 2
    in_time = sorted((s for s in settled if s.day <= promise.last_day), key=lambda s: s.day)
    left = promise.baseline
    paid = needed = Decimal(0)
    credited = Decimal(0)
    day = None
    for piece in in_time:
        # What was there before the promise is taken off first: the oldest settlements.
        old = min(left, piece.amount)
        left -= old
        new = piece.amount - old
        if not piece.is_money:
            credited += new
        elif new:
            paid += new
            day = piece.day
    needed = promise.amount - credited
    missing = max(needed - paid, Decimal(0))
    if needed <= half and paid <= half:
        return Verdict(PromiseState.VOID, paid, Decimal(0), day)
    if missing <= half:
        return Verdict(PromiseState.KEPT, paid, Decimal(0), day)
    if today <= promise.last_day or is_unseen:
        return Verdict(PromiseState.OPEN, paid, missing, day)
    return Verdict(PromiseState.BROKEN, paid, missing, day)


def cover(amount: Decimal, positions: Sequence[tuple[object, date, Decimal]]) -> tuple:
    """The keys of the positions (key, due date, residual) that a promised sum is for.

    Oldest due date first, until the sum is used up; one that it reaches only
    in part is covered: the customer has said when money comes for it.
    """
    keys = []
    for key, _due, residual in sorted(positions, key=lambda p: (p[1], str(p[0]))):
        if amount <= 0:
            break
        if residual > 0:
            keys.append(key)
            amount -= residual
    return tuple(keys)
