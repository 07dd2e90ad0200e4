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

# A link opened sooner than this after sending was opened by a security scanner, not by a person.
SECONDS_TOO_FAST = 5


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
    if ahead and not is_overdue:
        soon_from = ahead[0] - datetime.timedelta(days=due_soon_days)
        next_change = soon_from if soon_from > today else ahead[0] + datetime.timedelta(days=1)
    if is_overdue:
        return OVERDUE, None
    if abs(facts.residual) < abs(facts.total):
        return PARTIAL, next_change
    if ahead and ahead[0] - datetime.timedelta(days=due_soon_days) <= today:
        return DUE_SOON, next_change
    if facts.is_viewed:
        return VIEWED, next_change
    return (SENT if facts.is_sent else CREATED), next_change


def is_person(
    method: str, headers: dict[str, str], sent_at: datetime.datetime | None, now: datetime.datetime
) -> bool:
    """Whether a request for a link looks like a person's and not like a scanner's or a prefetch's.

    :param headers: names in lower case.
    """
    if method.upper() != "GET":
        return False
    purpose = headers.get("sec-purpose", "") + headers.get("purpose", "") + headers.get("x-moz", "")
    if "prefetch" in purpose.lower() or "preview" in purpose.lower():
        return False
    return sent_at is None or (now - sent_at).total_seconds() >= SECONDS_TOO_FAST
