"""What became of a sent invoice: one status from its facts, and when time alone will change it."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

CREATED = "created"
SENT = "sent"
VIEWED = "viewed"
DUE_SOON = "due_soon"
PARTIAL = "partial"
OVERDUE = "overdue"
PAID = "paid"


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """A posted customer invoice.

    :param total: what was invoiced, and ``residual`` what is still open, in the invoice's currency.
    :param open_due_dates: the due dates of the positions with something open.
    """

    total: Decimal
    residual: Decimal
    open_due_dates: tuple[datetime.date, ...]
    is_sent: bool
    is_viewed: bool


def status(
    facts: InvoiceFacts, today: datetime.date, due_soon_days: int = 3
) -> tuple[str, datetime.date | None]:
    """The status today, and the next day on which it may change without any event.

    Precedence, high to low: paid, overdue, partial, due soon, viewed, sent, created. An
    invoice with several due dates is overdue as soon as one of them has passed unpaid;
    the day itself is not yet overdue.
    """
    if not facts.residual:
        return PAID, None
    ahead = sorted(due for due in facts.open_due_dates if due >= today)
    is_overdue = len(ahead) < len(facts.open_due_dates)
    next_change = None
    is_partial = abs(facts.residual) < abs(facts.total)
    if ahead and not is_overdue:
        soon_from = ahead[0] - datetime.timedelta(days=due_soon_days)
        # What is partly paid stays so until it is overdue.
        is_soon_next = soon_from > today and not is_partial
        next_change = soon_from if is_soon_next else ahead[0] + datetime.timedelta(days=1)
    if is_overdue:
        return OVERDUE, None
    if is_partial:
        return PARTIAL, next_change
    if ahead and ahead[0] - datetime.timedelta(days=due_soon_days) <= today:
        return DUE_SOON, next_change
    if facts.is_viewed:
        return VIEWED, next_change
    return (SENT if facts.is_sent else CREATED), next_change
