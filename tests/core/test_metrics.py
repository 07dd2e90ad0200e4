"""The figures against the golden values of their sources, and their edges."""

import datetime
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import metrics

MONEY = st.decimals(min_value=0, max_value=10**9, places=2)
SALES = st.decimals(min_value="0.01", max_value=10**9, places=2)
MONTHS = st.lists(
    st.builds(metrics.Month, sales=SALES, days=st.integers(min_value=28, max_value=31)), max_size=24
)


def test_golden_values():
    """Beginning receivables 900, sales of the month 600, ending 800 of which 550 are not due, 30 days."""
    simple = metrics.dso(D(800), D(600), 30)
    best = metrics.best_possible_dso(D(550), D(600), 30)
    assert simple == 40
    assert best == D("27.5")
    assert metrics.average_days_delinquent(simple, best) == D("12.5")
    assert round(metrics.collection_effectiveness(D(900), D(600), D(800), D(550)), 4) == D("0.7368")
    assert metrics.Aging.of([(0, D(550)), (5, D(250))]).share_current == D("0.6875")
    assert metrics.average_days_late([0, 5, 10]) == 5
    assert metrics.cash_freed(D(12), D(500), 30) == 200
    assert round(metrics.cash_freed(D(52), D(500), 30)) == 867
    assert metrics.dso_conventional(D(800), D(600)) == 40


def test_golden_values_of_the_rates():
    """8 of 10 invoices in time; 900 of 1,000 billed came in; 30 of 800 hopeless; 12 of 600 written off."""
    assert metrics.collection_rate(8, 10) == D("0.8")
    assert metrics.collection_rate_by_amount(D(900), D(1000)) == D("0.9")
    assert metrics.bad_debt_ratio(D(30), D(800)) == D("0.0375")
    assert metrics.bad_debt_to_sales(D(12), D(600)) == D("0.02")
    assert metrics.Aging.of([(0, D(550)), (5, D(170)), (91, D(80))]).share_over_90 == D("0.1")
    assert metrics.at_risk_rate(D(25), D(500)) == D("0.05")
    assert metrics.promise_kept_rate(3, 4) == D("0.75")
    assert metrics.match_rate(96, 100) == D("0.96")  # payments, or their lines
    assert metrics.match_precision(2, 400) == D("0.995")
    assert metrics.reconciling_hours([5400, 1800]) == 2


def test_count_back_goes_back_month_by_month():
    months = [metrics.Month(D(300), 30), metrics.Month(D(350), 31), metrics.Month(D(400), 30)]
    assert metrics.dso_count_back(D(800), months) == D("72.25")


def test_effectiveness_over_several_months_takes_the_sales_of_one():
    assert metrics.collection_effectiveness(D(900), D(1800), D(800), D(550), 3) == (
        metrics.collection_effectiveness(D(900), D(600), D(800), D(550))
    )


def test_true_dso_weighs_each_invoice_by_the_sales_of_its_month():
    assert metrics.dso_true([(10, D(100), D(1000)), (40, D(50), D(500))]) == 1 + 4
    assert metrics.dso_true([(10, D(100), D(0))]) is None


@pytest.mark.parametrize(
    "value",
    [
        metrics.dso(D(10), D(0), 30),
        metrics.dso(D(10), D(-5), 30),
        metrics.dso_count_back(D(10), []),
        metrics.dso_count_back(D(10), [metrics.Month(D(9), 30)]),
        metrics.average_days_late([]),
        metrics.collection_rate(0, 0),
        metrics.bad_debt_ratio(D(0), D(0)),
        metrics.promise_kept_rate(0, 0),
        metrics.match_rate(0, 0),
        metrics.match_precision(0, 0),
        metrics.at_risk_rate(D(0), D(0)),
        metrics.collection_rate_by_amount(D(0), D(0)),
        metrics.bad_debt_to_sales(D(1), D(0)),
        metrics.Aging.of([]).share_over_90,
        metrics.average_days_delinquent(None, D(1)),
        metrics.cash_freed(D(1), D(1), 0),
    ],
)
def test_no_base_no_value(value):
    assert value is None


def test_nothing_open_is_zero_days_and_not_no_value():
    assert metrics.dso_count_back(D(0), []) == 0
    assert metrics.dso(D(0), D(5), 30) == 0


@given(MONEY, MONTHS)
def test_count_back_never_leaves_the_months_it_was_given(receivable, months):
    value = metrics.dso_count_back(receivable, months)
    if value is None:
        assert receivable > sum(month.sales for month in months)
    else:
        assert 0 <= value <= sum(month.days for month in months)


@given(MONEY, MONEY, MONTHS)
def test_count_back_grows_with_what_is_open(one, other, months):
    small, large = sorted((one, other))
    if metrics.dso_count_back(large, months) is not None:
        assert metrics.dso_count_back(small, months) <= metrics.dso_count_back(large, months)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-30, "b0"),
        (0, "b0"),
        (1, "b1"),
        (30, "b1"),
        (31, "b2"),
        (60, "b2"),
        (61, "b3"),
        (90, "b3"),
        (91, "b4"),
    ],
)
def test_buckets(days, bucket):
    due = datetime.date(2026, 3, 1)
    assert metrics.bucket_of(metrics.age_in_days(due, due + datetime.timedelta(days=days))) == bucket


@given(st.lists(st.tuples(st.integers(-400, 4000), st.decimals(-(10**6), 10**6, places=2))))
def test_aging_loses_nothing(items):
    assert metrics.Aging.of(items).total == sum((amount for _days, amount in items), D(0))


@pytest.mark.parametrize(
    ("figure", "value", "expected"),
    [
        ("dso", D(30), "good"),
        ("dso", D(31), "watch"),
        ("dso", D(60), "watch"),
        ("dso", D(61), "alarm"),
        ("collection_rate", D("0.85"), "good"),
        ("collection_rate", D("0.60"), "watch"),
        ("collection_rate", D("0.59"), "alarm"),
        ("bad_debt_ratio", D("0.06"), "alarm"),
        ("reconciling_hours", None, "none"),
    ],
)
def test_grades(figure, value, expected):
    assert metrics.grade(value, metrics.TARGETS[figure]) == expected
