"""The forecast of receipts: which basis holds, sums that agree, and the scenario."""

import datetime
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import metrics
from core.metrics import DelayModel, Observed, OpenItem

MONDAY = datetime.date(2026, 3, 2)
DAY = datetime.timedelta(days=1)
NOTHING = DelayModel([])
HABIT = DelayModel(
    [Observed("late", "s", -30, 10, True)] * 200 + [Observed("prompt", "t", -30, 0, True)] * 200
)


def item(due_in=4, amount="100", payer="late", segment="s", key=1, **values):
    return OpenItem(key, payer, segment, MONDAY + due_in * DAY, D(amount), **values)


def forecast(*items, model=HABIT, today=MONDAY, **options):
    return metrics.forecast_receipts(items, model, today, **options)


def by_day(result):
    return {day.start: float(day.mean) for day in result.days if day.mean > D("0.5")}


def test_habit_of_the_payer():
    result = forecast(item(due_in=4))
    assert by_day(result) == {MONDAY + 14 * DAY: pytest.approx(100, abs=3)}
    assert set(result.weeks[2].by_basis) == {"payer"}


def test_segment_of_an_unknown_payer():
    result = forecast(item(due_in=4, payer="new", segment="t"))
    assert by_day(result)[MONDAY + 4 * DAY] > 90
    assert "segment" in result.weeks[0].by_basis


def test_without_history_the_due_date():
    result = forecast(item(due_in=4), model=NOTHING)
    assert by_day(result) == {MONDAY + 4 * DAY: 100.0}
    assert result.weeks[0].by_basis == {"due": D(100)}
    overdue = forecast(item(due_in=-50), model=NOTHING)
    assert float(sum(week.mean for week in overdue.weeks[:5])) == pytest.approx(100, abs=0.1)
    assert overdue.weeks[6].mean == 0


def test_a_promise_goes_before_a_plan_and_a_plan_before_habit():
    day = MONDAY + 22 * DAY
    promised = forecast(item(promised=day, planned=MONDAY + 40 * DAY, kept=0.9))
    assert by_day(promised)[day] == pytest.approx(90, abs=0.5)
    assert set(promised.weeks[3].by_basis) == {"promise"}
    planned = forecast(item(planned=MONDAY + 40 * DAY))
    assert by_day(planned)[MONDAY + 50 * DAY] > 90
    past = forecast(item(promised=MONDAY - DAY))
    assert set(past.weeks[2].by_basis) == {"payer"}


def test_what_a_broken_promise_leaves_comes_by_habit():
    result = forecast(item(due_in=0, promised=MONDAY + DAY, kept=0.6))
    assert by_day(result)[MONDAY + DAY] == pytest.approx(60)
    assert float(result.weeks[1].mean) == pytest.approx(40, abs=3)


def test_banks_rest_at_weekends():
    result = forecast(item(due_in=5, payer="prompt", segment="t"))  # due on a Saturday
    assert by_day(result) == {MONDAY + 7 * DAY: pytest.approx(100, abs=5)}
    assert all(day.mean == 0 for day in result.days if day.start.weekday() > 4)
    # On Monday morning, unpaid: that he did not pay on Sunday says nothing.
    monday = forecast(item(due_in=-1, payer="prompt", segment="t"))
    assert by_day(monday)[MONDAY] > 90


def test_payers_who_pay_later():
    usual = [item(key=1), item(key=2, payer="prompt", segment="t")]
    later = metrics.paid_later(usual, {"late"}, 28)
    before, after = forecast(*usual), forecast(*later)
    assert float(after.weeks[6].mean) == pytest.approx(float(before.weeks[2].mean), abs=1)
    assert after.weeks[0].mean == before.weeks[0].mean
    # Also what is overdue comes a month later than it would, not sooner.
    old = [item(due_in=-20)]
    early = [sum(week.mean for week in forecast(*items).weeks[:4]) for items in
             (old, metrics.paid_later(old, {"late"}, 28))]  # fmt: skip
    assert early[1] < early[0]


def test_credits_are_taken_off_the_oldest_items():
    items = [item(5, "100", key=1), item(1, "60", key=2), item(3, "50", payer="prompt", key=3)]
    net = metrics.net_of_credits(items, {"late": D(80)})
    assert {each.key: each.amount for each in net} == {1: D(80), 3: D(50)}
    assert metrics.net_of_credits(items, {}) == sorted(items, key=lambda each: each.due)


def test_pace_of_what_is_not_invoiced_yet():
    paid = DelayModel([Observed(0, 0, 0, 10, True, 1000.0)]).table(0)
    pace = metrics.Pace((D(700), D(700), D(700)), 700.0 * 100, paid)
    result = forecast(pace=pace)
    assert result.weeks[0].mean < 50
    assert all(float(week.mean) == pytest.approx(700, abs=20) for week in result.weeks[3:-1])
    assert result.weeks[5].p10 < result.weeks[5].mean < result.weeks[5].p90
    assert not result.items


def test_widening_widens():
    items = [item(due_in=number, amount="40", payer=number % 7, key=number) for number in range(60)]
    narrow, wide = forecast(*items), forecast(*items, widening=4.0)
    assert wide.weeks[3].p90 > narrow.weeks[3].p90 and wide.weeks[3].p10 < narrow.weeks[3].p10
    assert wide.weeks[3].mean == narrow.weeks[3].mean


ITEMS = st.lists(
    st.builds(
        item,
        due_in=st.integers(-400, 200),
        amount=st.decimals("0.01", 10**7, places=2).map(str),
        payer=st.sampled_from(["late", "prompt", "new"]),
        segment=st.sampled_from("stu"),
        key=st.integers(1, 50),
        promised=st.none() | st.integers(-20, 120).map(lambda days: MONDAY + days * DAY),
        planned=st.none() | st.integers(-20, 120).map(lambda days: MONDAY + days * DAY),
        late=st.integers(0, 100),
    ),
    max_size=12,
)


@given(ITEMS, st.integers(0, 6), st.sampled_from([HABIT, NOTHING]))
def test_days_weeks_and_items_agree(items, weekday, model):
    result = forecast(*items, model=model, today=MONDAY + weekday * DAY)
    cents = D("0.01") * (len(items) * 13 + 91)
    assert len(result.days) == 91 - weekday and len(result.weeks) == 13
    for week in result.weeks:
        of_days = sum(day.mean for day in result.days if week.start <= day.start < week.start + 7 * DAY)
        of_items = sum(each.amount for each in result.items if each.week == week.start)
        assert abs(of_days - week.mean) <= cents
        assert abs(of_items - week.mean) <= cents
        assert 0 <= week.p10 <= week.p50 <= week.p90
        assert sum(week.by_basis.values(), D(0)) == week.mean
    assert sum(week.mean for week in result.weeks) <= sum(each.amount for each in items) + cents


@given(ITEMS)
def test_the_same_facts_give_the_same_forecast_in_any_order(items):
    one, other = forecast(*items), forecast(*reversed(items))
    for week, same in zip(one.weeks, other.weeks, strict=True):
        assert abs(week.mean - same.mean) <= D("0.01") * 6
        assert float(week.p90) == pytest.approx(float(same.p90), rel=1e-6, abs=0.05)
