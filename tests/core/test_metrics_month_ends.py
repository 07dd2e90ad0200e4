"""Payers whose payment run is at the end of the month."""

import datetime
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from core import metrics
from core.metrics import DelayModel, MonthEnds, Observed, OpenItem
from core.metrics.month_ends import at_month_ends

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 6, 2)
dates = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))


@given(dates)
def test_near_is_two_days_before_or_after_the_last(day):
    ends = [day + ahead * DAY for ahead in range(-2, 3) if (day + (ahead + 1) * DAY).day == 1]
    assert metrics.is_near_month_end(day) == bool(ends)


def test_three_of_four_payments_make_a_habit():
    rows = [("a", True, 3.0, 300.0), ("a", False, 1.0, 100.0), ("b", True, 3.0, 900.0)]
    rows += [("c", True, 2.0, 50.0), ("c", False, 2.0, 150.0), ("d", False, 9.0, 100.0)]
    found = metrics.month_end_payers(rows)
    assert found.payers == {"a"}, "b paid too seldom, c half of the time, d never"
    assert found.share == 400 / 1600
    assert metrics.month_end_payers([]) == MonthEnds()


@given(st.lists(st.floats(0, 1), max_size=95), dates)
def test_nothing_comes_before_today_or_on_another_day(chances, today):
    moved = at_month_ends(chances, today)
    assert len(moved) == len(chances) and sum(moved) <= sum(chances) + 1e-9
    for ahead, chance in enumerate(moved):
        day = today + ahead * DAY
        before = [day - back * DAY for back in range(3 if day.weekday() == 0 else 1)]
        assert not chance or (day.weekday() < 5 and any((each + DAY).day == 1 for each in before))


def test_the_nearest_end_or_the_next_if_it_is_over():
    chances = [0.0] * 60
    chances[3] = 0.2  # 5 June: the end of May is over
    chances[25] = 0.3
    chances[38] = 0.4  # 9 July: nearer to 30 June
    moved = at_month_ends(chances, TODAY)
    assert round(moved[28], 9) == 0.9 and round(sum(moved), 9) == 0.9
    # 31 May 2026 is a Sunday: its payments come on 1 June.
    moved = at_month_ends(chances, TODAY - DAY)
    assert (moved[0], round(moved[29], 9)) == (0.2, 0.7)


def test_what_a_monthly_payer_owes_comes_at_the_end_of_the_month():
    observed = [Observed(payer, "s", -30, late, True) for payer in ("monthly", "other") for late in range(20)]
    items = [OpenItem(payer, payer, "s", TODAY, D(100)) for payer in ("monthly", "other")]
    model = DelayModel(observed)
    usual = metrics.forecast_receipts(items, model, TODAY, weeks=6)
    found = metrics.forecast_receipts(items, model, TODAY, weeks=6, month_ends=MonthEnds({"monthly"}, 0.5))

    def weeks(forecast, payer):
        return {item.week for item in forecast.items if item.key == payer}

    last_week = datetime.date(2026, 6, 29)  # 30 June is a Tuesday
    assert weeks(found, "monthly") == {last_week}
    assert weeks(found, "other") == weeks(usual, "other") != {last_week}


def test_promises_and_due_dates_stay_where_they_are():
    promised = OpenItem("a", "monthly", "s", TODAY, D(100), promised=TODAY + 8 * DAY, kept=1.0)
    month_ends = MonthEnds({"monthly"}, 1.0)
    for item, model in (
        (promised, DelayModel([Observed("monthly", "s", -30, 5, True)] * 30)),
        (OpenItem("a", "monthly", "s", TODAY + 8 * DAY, D(100)), DelayModel([])),
    ):
        found = metrics.forecast_receipts([item], model, TODAY, weeks=6, month_ends=month_ends)
        assert found.weeks[1].mean == 100


def test_the_money_of_invoices_to_come_follows_the_share():
    paid = DelayModel([Observed(0, 0, 0, late, True) for late in range(5, 40)]).table(0)
    pace = metrics.Pace((D(700),) * 13, 1000.0, paid)
    model = DelayModel([])
    usual, half, all_ = (
        metrics.forecast_receipts([], model, TODAY, pace, weeks=9, month_ends=MonthEnds(frozenset(), share))
        for share in (0.0, 0.5, 1.0)
    )
    for one, other, third in zip(usual.weeks, half.weeks, all_.weeks, strict=True):
        assert abs(other.mean - (one.mean + third.mean) / 2) <= D("0.02")
    # 30 June and 31 July are in the fifth and in the ninth week.
    assert [bool(week.mean) for week in all_.weeks] == [False] * 4 + [True] + [False] * 3 + [True]


def test_the_end_of_the_horizon_hides_nothing_that_belongs_before_it():
    """A payment that the table puts into July belongs to 30 June, also when July is not looked at."""
    model = DelayModel(
        [Observed("monthly", "s", -30, late, True) for late in range(29, 41) for _ in range(9)]
    )
    item = OpenItem("a", "monthly", "s", TODAY, D(100))
    month_ends = MonthEnds({"monthly"}, 1.0)
    long, short = (
        metrics.forecast_receipts([item], model, TODAY, weeks=weeks, month_ends=month_ends).weeks[4].mean
        for weeks in (8, 5)
    )
    assert short == long > 95
