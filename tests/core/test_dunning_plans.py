"""Payment plans: amounts add up, dates keep their day, progress follows the money."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dunning.plans import Instalment, InstalmentState, PlanState, days, follow, split
from core.dunning.promises import Settled

DAY = date(2026, 1, 31)
amounts = st.decimals(min_value="0.01", max_value="5000", places=2)


def on(day):
    return DAY + timedelta(day)


PLAN = (Instalment(on(0), Decimal(100)), Instalment(on(30), Decimal(100)), Instalment(on(60), Decimal(50)))


def paid(day, amount, is_money=True):
    return Settled(on(day), Decimal(amount), is_money)


def test_months_keep_the_day_where_there_is_one():
    assert days(DAY, 3) == (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))
    assert days(date(2026, 11, 30), 3, 2) == (date(2026, 11, 30), date(2027, 1, 30), date(2027, 3, 30))
    assert days(DAY, 2, 2, "week") == (DAY, on(14))
    assert days(DAY, 2, 10, "day") == (DAY, on(10))


def test_the_rest_is_on_the_last_instalment():
    assert split(Decimal(100), 3) == (Decimal("33.33"), Decimal("33.33"), Decimal("33.34"))
    assert split(Decimal(1000), 3, 0) == (333, 333, 334)
    for total, count in ((Decimal("0.02"), 3), (Decimal(5), 0)):
        with pytest.raises(ValueError):
            split(total, count)


@given(st.decimals(min_value="1", max_value="900000", places=2), st.integers(1, 60))
def test_the_parts_make_the_whole(total, count):
    parts = split(total, count)
    assert (sum(parts), len(parts)) == (total, count)
    assert all(part > 0 for part in parts)
    assert max(parts) - min(parts) < Decimal("0.01") * count


def test_money_fills_the_oldest_instalment_first_and_may_come_early():
    state, lines = follow(PLAN, [paid(-5, "130")], on(10))
    assert state is PlanState.ACTIVE
    assert [line.paid for line in lines] == [100, 30, 0]
    assert (lines[0].state, lines[0].paid_on) == (InstalmentState.PAID, on(-5))


def test_an_instalment_that_is_not_there_after_the_grace_breaks_the_plan():
    assert follow(PLAN, [], on(2))[0] is PlanState.ACTIVE
    state, lines = follow(PLAN, [paid(0, "99")], on(3))
    assert (state, lines[0].state) == (PlanState.BROKEN, InstalmentState.LATE)
    assert follow(PLAN, [paid(3, "100")], on(5))[0] is PlanState.BROKEN  # paid, and too late
    assert follow(PLAN, [paid(2, "100")], on(5))[0] is PlanState.ACTIVE
    assert follow(PLAN, [], on(3), is_unseen=True)[0] is PlanState.ACTIVE


def test_a_person_may_let_a_late_instalment_pass():
    assert follow(PLAN, [paid(9, "100")], on(10), forgiven_until=on(0))[0] is PlanState.ACTIVE
    assert follow(PLAN, [], on(40), forgiven_until=on(0))[0] is PlanState.BROKEN  # the second one is late too


def test_paid_in_full_it_is_done_also_by_a_credit_note_or_late():
    assert follow(PLAN, [paid(0, "100"), paid(1, "150", False)], on(90))[0] is PlanState.DONE
    assert follow(PLAN, [paid(80, "250")], on(90))[0] is PlanState.DONE


def test_what_was_settled_before_counts_for_nothing():
    state, lines = follow(PLAN, [paid(-50, "80"), paid(0, "100")], on(5), baseline=Decimal(80))
    assert state is PlanState.ACTIVE
    assert [line.paid for line in lines] == [100, 0, 0]


@given(
    st.lists(st.tuples(st.integers(-20, 80), amounts), max_size=6),
    st.integers(-10, 100),
    st.permutations(range(3)),
)
def test_order_is_irrelevant_and_paid_parts_add_up(pieces, day, order):
    settled = [paid(number, amount) for number, amount in pieces]
    state, lines = follow(PLAN, settled, on(day))
    again, mixed = follow([PLAN[place] for place in order], settled[::-1], on(day))
    assert state is again
    assert [lines[place] for place in order] == list(mixed)
    total = sum((piece.amount for piece in settled), Decimal(0))
    assert sum(line.paid for line in lines) == min(total, Decimal(250))
