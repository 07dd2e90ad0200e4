"""Late charges: each day's unpaid part times the rate, with grace and cap."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dunning.interest import InterestTerms, accrued

DUE = date(2026, 6, 10)
TENTH = InterestTerms(Decimal("0.1"))


def on(day):
    return DUE + timedelta(day)


@pytest.mark.parametrize(
    ("day", "terms", "expected"),
    [
        (0, TENTH, "0"),
        (1, TENTH, "100.00"),
        (10, TENTH, "1000.00"),
        (10, InterestTerms(Decimal("0.1"), grace=5), "500.00"),
        (5, InterestTerms(Decimal("0.1"), grace=5), "0"),
        (200, InterestTerms(Decimal("0.1"), cap=Decimal(10)), "10000.00"),
        (200, TENTH, "20000.00"),
        (10, InterestTerms(Decimal(0)), "0"),
    ],
)
def test_each_day_after_the_grace_costs_the_rate_up_to_the_cap(day, terms, expected):
    assert accrued(Decimal(100000), DUE, (), on(day), terms) == Decimal(expected)


def test_a_part_payment_costs_less_from_its_value_date_on():
    paid = [(on(6), Decimal(40000))]
    # Five days on 100,000, five on 60,000.
    assert accrued(Decimal(100000), DUE, paid, on(10), TENTH) == Decimal("800.00")


def test_what_has_accrued_stays_after_the_principal_is_paid():
    paid = [(on(4), Decimal(100000))]
    assert accrued(Decimal(100000), DUE, paid, on(300), TENTH) == Decimal("300.00")


def test_paid_within_the_grace_costs_nothing():
    terms = InterestTerms(Decimal("0.1"), grace=3)
    assert accrued(Decimal(100000), DUE, [(on(4), Decimal(100000))], on(30), terms) == 0
    assert accrued(Decimal(100000), DUE, [(on(5), Decimal(100000))], on(30), terms) == Decimal("100.00")


def test_it_is_rounded_once_half_up():
    assert accrued(Decimal("0.50"), DUE, (), on(1), InterestTerms(Decimal(1))) == Decimal("0.01")
    assert accrued(Decimal(1000), DUE, (), on(1), InterestTerms(Decimal("0.15")), places=0) == Decimal(2)


amounts = st.integers(1, 10**6).map(lambda n: Decimal(n) / 100)
payments = st.lists(st.tuples(st.integers(-20, 120).map(on), amounts), max_size=4)


@given(amounts, payments, st.integers(-10, 200).map(on), st.integers(0, 20), st.integers(0, 30))
def test_it_equals_the_sum_of_the_days(amount, paid, until, grace, cap):
    terms = InterestTerms(Decimal("0.07"), Decimal(cap) if cap else None, grace)
    daily = Decimal(0)
    day = on(grace + 1)
    while day <= until:
        daily += max(amount - sum(a for d, a in paid if d <= day), Decimal(0))
        day += timedelta(1)
    expected = daily * terms.rate / 100
    if cap:
        expected = min(expected, amount * cap / 100)
    assert abs(accrued(amount, DUE, paid, until, terms, places=6) - expected) <= Decimal("0.0000005")


@given(amounts, payments, st.integers(0, 100))
def test_it_never_falls_with_time(amount, paid, day):
    assert accrued(amount, DUE, paid, on(day), TENTH) <= accrued(amount, DUE, paid, on(day + 1), TENTH)
