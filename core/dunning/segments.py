"""Which kind of payer a customer is, by rules that people can read and change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

#: A payment so many days past due is still in time: banks take a day or two.
GRACE_DAYS = 2


@dataclass(frozen=True, slots=True)
class PaymentHistory:
    """How a customer has paid one company in the window that the caller looks at.

    ``invoices``: positions paid in full, or open and late. ``share_late``: of these, in percent, those
    paid or open more than ``GRACE_DAYS`` past due. ``mean_days_late``: of those paid in full, early
    ones negative. ``overdue_days``: age of the oldest open position past due, 0 when nothing is late.
    ``unanswered``: reminders about late invoices since the customer last paid or wrote. ``months``
    since the first invoice.
    """

    invoices: int = 0
    share_late: Decimal = Decimal(0)
    mean_days_late: Decimal = Decimal(0)
    overdue_days: int = 0
    unanswered: int = 0
    months: int = 0


METRICS = tuple(field.name for field in fields(PaymentHistory))


@dataclass(frozen=True, slots=True)
class Condition:
    """``metric`` of the history is at least (">=") or at most ("<=") ``limit``."""

    metric: str
    operator: str
    limit: Decimal

    def holds(self, history: PaymentHistory) -> bool:
        value = getattr(history, self.metric)
        return value >= self.limit if self.operator == ">=" else value <= self.limit


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """All conditions hold: the customer belongs to ``segment``. ``key`` is the caller's."""

    segment: int
    conditions: tuple[Condition, ...] = ()
    key: int = 0


def classify(history: PaymentHistory, rules: Iterable[SegmentRule]) -> SegmentRule | None:
    """The first rule whose conditions all hold; None when none does."""
    return next((rule for rule in rules if all(c.holds(history) for c in rule.conditions)), None)


def history_of(
    paid: Sequence[int], open_late: Sequence[int], unanswered: int = 0, months: int = 0
) -> PaymentHistory:
    """The figures of a customer.

    :param paid: days from due date to payment of each position paid in full, early ones negative.
    :param open_late: days past due of each open position that is past due.
    """
    number = len(paid) + len(open_late)
    late = sum(days > GRACE_DAYS for days in (*paid, *open_late))
    return PaymentHistory(
        invoices=number,
        share_late=Decimal(100 * late) / number if number else Decimal(0),
        mean_days_late=Decimal(sum(paid)) / len(paid) if paid else Decimal(0),
        overdue_days=max(open_late, default=0),
        unanswered=unanswered,
        months=months,
    )
