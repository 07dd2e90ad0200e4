"""The steps of a change of the DSO: each cause moves its own step, and all add up to the last hundredth."""

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import metrics
from core.metrics import Owed

BASE = {"a": Owed(D(9000), current=D(2000), late=D(1000)), "b": Owed(D(9000), current=D(3000))}


def change(**values):
    """The steps when customer a changes."""
    names = ("sales", "current", "late", "disputed", "unapplied", "written_off")
    old = {name: getattr(BASE["a"], name) for name in names}
    after = BASE | {"a": Owed(**(old | {name: D(value) for name, value in values.items()}))}
    result = metrics.explain_change(BASE, after, 90)
    assert result.before == metrics.dso(D(6000), D(18000), 90)
    return {name: step for name, step in result.steps.items() if step}


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ({}, {}),
        ({"late": 1400}, {"lateness": D(2)}),
        ({"current": 2400}, {"terms": D(2)}),
        ({"late": 600, "disputed": 400}, {"lateness": D(-2), "disputes": D(2)}),
        ({"unapplied": 400}, {"lateness": D(-2), "unapplied": D(2)}),
        ({"unapplied": 4000}, {"lateness": D(-5), "unapplied": D(5)}),
        ({"late": 600, "written_off": 400}, {"write_off": D(-2)}),
    ],
)
def test_each_cause_moves_its_own_step(values, steps):
    assert change(**values) == steps


def test_more_sales_to_the_slow_customer_is_mix():
    before = {"slow": Owed(D(9000), late=D(6000)), "fast": Owed(D(9000), current=D(1000))}
    after = {"slow": Owed(D(13500), late=D(9000)), "fast": Owed(D(4500), current=D(500))}
    result = metrics.explain_change(before, after, 90)
    assert result.steps["mix"] == result.after - result.before > 0
    assert {step for name, step in result.steps.items() if name != "mix"} == {D(0)}


def test_a_new_customer_is_mix_and_old_debts_without_sales_are_not():
    new = metrics.explain_change(BASE, BASE | {"c": Owed(D(2000), current=D(2000))}, 90)
    assert new.steps["mix"] != 0
    gone = {"a": Owed(D(9000)), "b": Owed(D(9000)), "c": Owed(D(0), late=D(1800))}
    stays = metrics.explain_change(gone, gone | {"c": Owed(D(0), late=D(3600))}, 90)
    assert stays.steps == dict.fromkeys(metrics.STEPS, D(0)) | {"lateness": D(9)}


def test_without_sales_there_is_no_change_to_explain():
    assert metrics.explain_change({}, BASE, 90) is None
    assert metrics.explain_change(BASE, {"a": Owed(D(-5), late=D(3))}, 90) is None


AMOUNT = st.decimals(0, 10**8, places=2)
OWED = st.builds(
    Owed,
    sales=st.decimals(-(10**4), 10**8, places=2),
    current=st.decimals(-(10**5), 10**8, places=2),
    late=st.decimals(-(10**5), 10**8, places=2),
    disputed=AMOUNT,
    unapplied=AMOUNT,
)
LEDGER = st.dictionaries(st.integers(1, 8), OWED, max_size=6)


@given(
    LEDGER,
    LEDGER,
    st.dictionaries(st.integers(1, 8), AMOUNT, max_size=4),
    st.integers(1, 365),
    st.none() | st.integers(1, 365),
)
def test_the_steps_add_up_exactly(before, after, written_off, days, days_before):
    after = {key: replace(owed, written_off=written_off.get(key, D(0))) for key, owed in after.items()}
    result = metrics.explain_change(before, after, days, days_before)
    for each in (before, after):
        if sum(owed.sales for owed in each.values()) <= 0:
            assert result is None
            return
    assert tuple(result.steps) == metrics.STEPS
    assert result.before + sum(result.steps.values()) == result.after
    total, sales = (sum(getattr(owed, name) for owed in after.values()) for name in ("total", "sales"))
    assert abs(result.after - metrics.dso(total, sales, days)) <= D("0.006")


@given(LEDGER, st.integers(1, 365))
def test_no_change_has_no_steps(ledger, days):
    result = metrics.explain_change(ledger, ledger, days)
    assert result is None or not any(result.steps.values())
