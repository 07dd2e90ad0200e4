"""How much of what was due came in, when, and how much never will."""

from collections.abc import Iterable
from decimal import Decimal


def _share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole > 0 else None


def average_days_late(days: Iterable[int]) -> Decimal | None:
    """Mean of (payment date - due date) over the invoices paid in full; early ones count negative.

    Source: Kolleno 12268256.
    """
    days = list(days)
    return Decimal(sum(days)) / len(days) if days else None


def collection_effectiveness(
    beginning: Decimal, sales: Decimal, ending: Decimal, ending_current: Decimal, months: int = 1
) -> Decimal | None:
    """CEI: what was collected of what could be collected.

    (beginning receivables + sales / months - ending receivables)
    / (beginning receivables + sales / months - ending receivables not yet due).
    Source: Oracle MOSC (with months); Your Virtual Credit Manager (one month).
    """
    base = beginning + sales / months
    return _share(base - ending, base - ending_current)


def collection_rate(paid_in_time: int, due: int) -> Decimal | None:
    """Invoices paid on or before their due date / invoices due in the period."""
    return _share(paid_in_time, due)


def collection_rate_by_amount(collected: Decimal, billed: Decimal) -> Decimal | None:
    """Money received on the billings of the period / those billings. Source: Upflow, "Cohorts"."""
    return _share(collected, billed)


def bad_debt_ratio(hopeless: Decimal, receivable: Decimal) -> Decimal | None:
    """Hopeless receivables / all receivables."""
    return _share(hopeless, receivable)


def bad_debt_to_sales(written_off: Decimal, sales: Decimal) -> Decimal | None:
    """Written off in the period / credit sales of the period."""
    return _share(written_off, sales)


def at_risk_rate(unpaid_90_days_past_due: Decimal, billed: Decimal) -> Decimal | None:
    """The share of a month's billing that is still open 90 days past due. Source: Upflow."""
    return _share(unpaid_90_days_past_due, billed)


def cash_freed(days_won: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Money that no longer lies with customers: days of DSO won x sales of a day."""
    return days_won * sales / days if days > 0 else None


def match_rate(applied: int, total: int) -> Decimal | None:
    """Payments (or statement lines) applied without a touch / all of them. Source: Billtrust."""
    return _share(applied, total)


def match_precision(undone: int, decided: int) -> Decimal | None:
    """Of the decisions that followed the proposal, the share that nobody took back."""
    return _share(decided - undone, decided)


def reconciling_hours(seconds: Iterable[int]) -> Decimal:
    """Active hours of all people in the period. Source: PROCESS.md P6."""
    return Decimal(sum(seconds)) / 3600


def promise_kept_rate(kept: int, matured: int) -> Decimal | None:
    """Promises with the whole amount in by their day (and grace) / promises whose day has passed."""
    return _share(kept, matured)
