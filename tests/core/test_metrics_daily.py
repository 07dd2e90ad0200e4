"""Figures per day against figures taken directly from the days of the window."""

import datetime
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from core import metrics

FIRST = datetime.date(2025, 12, 20)
AMOUNT = st.integers(0, 10**6).map(D)


@st.composite
def ledgers(draw):
    number = draw(st.integers(1, 200))
    days = []
    for index in range(number):
        receivable = draw(AMOUNT)
        current = draw(st.integers(0, int(receivable))) if receivable else 0
        due, paid = draw(st.integers(0, 5)), draw(st.integers(0, 5))
        days.append(
            metrics.Day(
                FIRST + datetime.timedelta(days=index),
                receivable=receivable,
                current=D(current),
                sales=D(draw(st.integers(-1000, 50_000))),
                due=due,
                in_time=draw(st.integers(0, due)),
                paid=paid,
                days_late=draw(st.integers(-20, 90)) * paid,
                billed_due=draw(AMOUNT),
                open_month=draw(AMOUNT),
                at_risk=draw(AMOUNT),
                payments=draw(st.integers(0, 5)),
                untouched=draw(st.integers(0, 5)),
                proposed=draw(st.integers(0, 5)),
                promised=draw(st.integers(0, 5)),
            )
        )
    return days


@given(ledgers())
def test_windows_are_those_of_the_definitions(days):
    last = metrics.daily_figures(days, len(days) - 1)[0]
    window, month, end = days[-90:], days[-30:], days[-1]
    sales = sum(day.sales for day in window)
    assert last.dso == metrics.dso(end.receivable, sales, len(window))
    assert last.dso_best == metrics.best_possible_dso(end.current, sales, len(window))
    assert last.collection_rate == metrics.collection_rate(
        sum(day.in_time for day in month), sum(day.due for day in month)
    )
    paid = sum(day.paid for day in window)
    assert last.days_late == (D(sum(day.days_late for day in window)) / paid if paid else None)
    before = days[-31].receivable if len(days) > 30 else D(0)
    assert last.effectiveness == metrics.collection_effectiveness(
        before, sum(day.sales for day in month), end.receivable, end.current
    )


@given(ledgers())
def test_cohorts_and_matching_have_their_own_windows(days):
    last = metrics.daily_figures(days, len(days) - 1)[0]
    month, quarter, end = days[-30:], days[-90:], days[-1]
    billed = sum(day.billed_due for day in month)
    assert last.collection_rate_amount == metrics.collection_rate_by_amount(billed - end.open_month, billed)
    # What fell due 91 to 120 days ago: the day itself is 0 days ago.
    cohort = [day for ago, day in enumerate(reversed(days)) if 91 <= ago <= 120]
    assert last.at_risk_rate == metrics.at_risk_rate(end.at_risk, sum(day.billed_due for day in cohort))
    assert last.match_rate == metrics.match_rate(
        sum(day.untouched for day in month), sum(day.payments for day in month)
    )
    assert last.match_precision == metrics.match_precision(0, sum(day.proposed for day in quarter))
    assert last.promise_kept_rate == metrics.promise_kept_rate(0, sum(day.promised for day in quarter))


@given(ledgers())
def test_count_back_takes_calendar_months(days):
    months = {}
    for day in reversed(days):
        months.setdefault((day.date.year, day.date.month), []).append(day)
    expected = metrics.dso_count_back(
        days[-1].receivable,
        [metrics.Month(sum(day.sales for day in month), len(month)) for month in months.values()],
    )
    assert metrics.daily_figures(days, len(days) - 1)[0].dso_count_back == expected


@given(ledgers(), st.integers(0, 200))
def test_a_later_start_changes_nothing_of_the_rest(days, start):
    start = min(start, len(days) - 1)
    assert metrics.daily_figures(days, start) == metrics.daily_figures(days)[start:]


def test_an_empty_ledger_has_no_values():
    figures = metrics.daily_figures([metrics.Day(FIRST)])[0]
    assert (figures.dso, figures.effectiveness, figures.collection_rate) == (None, None, None)
    assert figures.dso_count_back == 0
