"""The figures of a day from the ledger's daily amounts."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from .collection import (
    at_risk_rate,
    bad_debt_ratio,
    bad_debt_to_sales,
    collection_effectiveness,
    collection_rate,
    collection_rate_by_amount,
    match_precision,
    match_rate,
    promise_kept_rate,
)
from .dso import Month, average_days_delinquent, best_possible_dso, dso, dso_count_back

#: days of sales behind a DSO and behind the mean delay: small books need a quarter
WINDOW = 90
#: days of a period of the rates
MONTH = 30
#: an invoice is at risk when it is this many days past due; a month of such due dates is the base
AT_RISK = 90
_ZERO = Decimal(0)
_SUMMED = (
    *("sales", "written_off", "due", "in_time", "paid", "days_late", "billed_due"),
    *("payments", "untouched", "lines", "lines_untouched", "proposed", "undone", "promised", "kept"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """What the ledger says of one day.

    Stocks at its end, in the company's currency: ``receivable`` (invoices less credit notes; without
    ``unapplied`` money), ``current`` of it not due, ``young`` not due or up to 30 days past due, ``old``
    over 90 days, ``hopeless`` beyond the company's limit. Flows of the day: ``sales`` (net of credit
    notes), ``written_off``; invoices whose due date it is (``due``), of which ``in_time`` were paid by then;
    invoices paid in full on it (``paid``) and their ``days_late`` together; ``billed_due``, the part of
    all invoices that was to be paid on it.

    Of what fell due: ``open_month`` is still open of the last 30 days, ``at_risk`` of those 91 to 120
    days ago.

    Customers' ``payments`` of the day by bank date, of which ``untouched`` were applied in full by
    themselves; the invoice ``lines`` they were for, and ``lines_untouched``; decisions that followed the
    ``proposed`` one, of which ``undone``. Promises whose day it was (``promised``), and ``kept``.
    """

    date: datetime.date
    receivable: Decimal = _ZERO
    current: Decimal = _ZERO
    young: Decimal = _ZERO
    old: Decimal = _ZERO
    hopeless: Decimal = _ZERO
    unapplied: Decimal = _ZERO
    sales: Decimal = _ZERO
    written_off: Decimal = _ZERO
    due: int = 0
    in_time: int = 0
    paid: int = 0
    days_late: int = 0
    billed_due: Decimal = _ZERO
    open_month: Decimal = _ZERO
    at_risk: Decimal = _ZERO
    payments: int = 0
    untouched: int = 0
    lines: int = 0
    lines_untouched: int = 0
    proposed: int = 0
    undone: int = 0
    promised: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures at the end of a day; None where there is no base."""

    dso: Decimal | None
    dso_count_back: Decimal | None
    dso_best: Decimal | None
    days_delinquent: Decimal | None
    days_late: Decimal | None
    effectiveness: Decimal | None
    collection_rate: Decimal | None
    share_current: Decimal | None
    share_young: Decimal | None
    share_over_90: Decimal | None
    bad_debt_ratio: Decimal | None
    bad_debt_to_sales: Decimal | None
    collection_rate_amount: Decimal | None
    at_risk_rate: Decimal | None
    match_rate: Decimal | None
    match_rate_lines: Decimal | None
    match_precision: Decimal | None
    promise_kept_rate: Decimal | None


def daily_figures(days: Sequence[Day], start: int = 0) -> list[Figures]:
    """The figures of ``days[start:]``; the earlier days are only looked back to.

    Windows that reach back before the first day are as long as what there is.

    :param days: without a gap, the oldest first
    """
    sums = {name: list(accumulate((getattr(day, name) for day in days), initial=0)) for name in _SUMMED}
    return [_figures(days, sums, index) for index in range(start, len(days))]


def _figures(days: Sequence[Day], sums: dict[str, list], index: int) -> Figures:
    day = days[index]

    def over(name: str, length: int, ago: int = 0):
        """The sum of ``length`` days, of which the last is ``ago`` days before this one."""
        end = max(index + 1 - ago, 0)
        return sums[name][end] - sums[name][max(end - length, 0)]

    length = min(WINDOW, index + 1)
    simple = dso(day.receivable, over("sales", WINDOW), length)
    best = best_possible_dso(day.current, over("sales", WINDOW), length)
    before = days[index - MONTH].receivable if index >= MONTH else _ZERO
    paid, billed = over("paid", WINDOW), over("billed_due", MONTH)

    def share(part: Decimal) -> Decimal | None:
        return part / day.receivable if day.receivable > 0 else None

    return Figures(
        dso=simple,
        dso_count_back=dso_count_back(day.receivable, _months_back(days, sums["sales"], index)),
        dso_best=best,
        days_delinquent=average_days_delinquent(simple, best),
        days_late=Decimal(over("days_late", WINDOW)) / paid if paid else None,
        effectiveness=collection_effectiveness(before, over("sales", MONTH), day.receivable, day.current),
        collection_rate=collection_rate(over("in_time", MONTH), over("due", MONTH)),
        share_current=share(day.current),
        share_young=share(day.young),
        share_over_90=share(day.old),
        bad_debt_ratio=bad_debt_ratio(day.hopeless, day.receivable),
        bad_debt_to_sales=bad_debt_to_sales(over("written_off", WINDOW), over("sales", WINDOW)),
        collection_rate_amount=collection_rate_by_amount(billed - day.open_month, billed),
        at_risk_rate=at_risk_rate(day.at_risk, over("billed_due", MONTH, AT_RISK + 1)),
        match_rate=match_rate(over("untouched", MONTH), over("payments", MONTH)),
        match_rate_lines=match_rate(over("lines_untouched", MONTH), over("lines", MONTH)),
        match_precision=match_precision(over("undone", WINDOW), over("proposed", WINDOW)),
        promise_kept_rate=promise_kept_rate(over("kept", WINDOW), over("promised", WINDOW)),
    )


def _months_back(days: Sequence[Day], sales: list, index: int):
    """The calendar months up to ``days[index]``, the latest first; the first and last may be cut."""
    end = index + 1
    while end > 0:
        begin = max(end - days[end - 1].date.day, 0)
        yield Month(sales[end] - sales[begin], end - begin)
        end = begin
