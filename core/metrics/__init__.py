"""The figures of receivables, by the definitions that others use too.

Money is ``Decimal`` in the company's currency at booking rate, days are ``Decimal``, a share is a
``Decimal`` from 0 to 1. A figure that has no base (no sales, nothing due) is ``None``: no value is
not zero. Nothing is rounded here. Which invoices count: posted customer documents; disputed ones
stay in, drafts and written-off ones do not; credit notes reduce the sales of their own period;
unapplied money is shown apart.
"""

from .aging import BUCKETS, Aging, age_in_days, bucket_of
from .collection import (
    at_risk_rate,
    average_days_late,
    bad_debt_ratio,
    bad_debt_to_sales,
    cash_freed,
    collection_effectiveness,
    collection_rate,
    collection_rate_by_amount,
    match_precision,
    match_rate,
    promise_kept_rate,
    reconciling_hours,
)
from .daily import Day, Figures, daily_figures
from .delays import DelayModel, LifeTable, Observed
from .dso import (
    Month,
    average_days_delinquent,
    best_possible_dso,
    dso,
    dso_conventional,
    dso_count_back,
    dso_true,
)
from .forecast import (
    BASES,
    WEEKS,
    Expected,
    Forecast,
    ItemWeek,
    OpenItem,
    Pace,
    forecast_receipts,
    net_of_credits,
    paid_later,
)
from .forecast_error import Errors, PastWeek, errors_of, widening_of
from .month_ends import NEAR as NEAR_MONTH_END
from .month_ends import MonthEnds, is_near_month_end, month_end_payers
from .targets import TARGETS, Target, grade
from .waterfall import STEPS, Owed, Waterfall, explain_change

__all__ = [
    "BASES",
    "BUCKETS",
    "NEAR_MONTH_END",
    "STEPS",
    "TARGETS",
    "WEEKS",
    "Aging",
    "Day",
    "DelayModel",
    "Errors",
    "Expected",
    "Figures",
    "Forecast",
    "ItemWeek",
    "LifeTable",
    "Month",
    "MonthEnds",
    "Observed",
    "OpenItem",
    "Owed",
    "Pace",
    "PastWeek",
    "Target",
    "Waterfall",
    "age_in_days",
    "at_risk_rate",
    "average_days_delinquent",
    "average_days_late",
    "bad_debt_ratio",
    "bad_debt_to_sales",
    "best_possible_dso",
    "bucket_of",
    "cash_freed",
    "collection_effectiveness",
    "collection_rate",
    "collection_rate_by_amount",
    "daily_figures",
    "dso",
    "dso_conventional",
    "dso_count_back",
    "dso_true",
    "errors_of",
    "explain_change",
    "forecast_receipts",
    "grade",
    "is_near_month_end",
    "match_precision",
    "match_rate",
    "month_end_payers",
    "net_of_credits",
    "paid_later",
    "promise_kept_rate",
    "reconciling_hours",
    "widening_of",
]
