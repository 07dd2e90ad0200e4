"""The score of a payer and its habits."""

import dataclasses
import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.payer_habits import Settled, habits_of
from core.payer_score import PayerFacts, Position, facts_of_day, grade, score

TODAY = datetime.date(2026, 6, 10)
facts = st.builds(
    PayerFacts,
    invoices=st.integers(0, 50),
    share_late=st.decimals(0, 100, places=1),
    mean_days_late=st.decimals(-60, 400, places=1),
    overdue_days=st.integers(0, 1000),
    unanswered=st.integers(0, 20),
    promises=st.just(10),
    kept=st.integers(0, 10),
)


def test_parts_add_up():
    found = score(PayerFacts(8, Decimal(25), Decimal(15), 45, 1, 2, 1))
    assert {part.key: (part.points, part.of) for part in found.parts} == {
        "in_time": (30, 40),
        "lateness": (15, 20),
        "open_debt": (10, 20),
        "answers": (Decimal("7.5"), 10),
        "promises": (5, 10),
    }
    assert (found.total, found.grade) == (68, "watch"), "67.5, half up"


def test_no_promise_is_no_bad_mark():
    perfect = PayerFacts(5)
    assert score(perfect).total == 100
    assert "promises" not in {part.key for part in score(perfect).parts}
    assert score(dataclasses.replace(perfect, promises=2)).total == 90


def test_too_little_history_has_no_score():
    assert score(PayerFacts(2)) is None
    assert [grade(number) for number in (None, 39, 40, 69, 70)] == ["none", "alarm", "watch", "watch", "good"]


@given(facts)
def test_within_bounds_and_never_better_for_worse_facts(some):
    found = score(some)
    if found is None:
        assert some.invoices < 3
        return
    assert 0 <= found.total <= 100
    assert all(0 <= part.points <= part.of for part in found.parts)
    for name, more in (("mean_days_late", 7), ("overdue_days", 9), ("unanswered", 1)):
        worse = dataclasses.replace(some, **{name: getattr(some, name) + more})
        assert score(worse).total <= found.total
    assert score(dataclasses.replace(some, share_late=Decimal(100))).total <= found.total
    assert score(dataclasses.replace(some, kept=0)).total <= found.total


def paid(days, ago, pieces=1):
    return Settled(days, TODAY - datetime.timedelta(days=ago), pieces)


def test_habits():
    # 10 June 2026 is a Wednesday: payments 7, 14 … days before it are too.
    settled = [paid(2, 7), paid(10, 14), paid(3, 21), paid(5, 28, pieces=2), paid(40, 100)]
    found = habits_of(settled, {"code": 3, "nothing": 1}, TODAY)
    assert (found.mean, found.median, found.share_partial) == (12, 5, 20)
    assert (found.weekday, found.quotes) == (2, "code")
    assert (found.recent, found.trend) == (5, "better")


def test_no_habit_without_enough_cases():
    found = habits_of([paid(1, 7), paid(1, 7), paid(1, 7), paid(1, 7)], {"code": 3}, TODAY)
    assert found.weekday is None, "four invoices, one payment"
    assert found.quotes is None
    assert found.trend is None, "nothing to compare with"
    empty = habits_of([], {}, TODAY)
    assert (empty.mean, empty.median, empty.share_partial) == (None, None, None)


def test_worse_and_steady():
    assert habits_of([paid(10, 10), paid(2, 200)], {}, TODAY).trend == "worse"
    assert habits_of([paid(6, 10), paid(2, 200)], {}, TODAY).trend == "steady"


def test_the_ledger_of_a_past_day():
    day = datetime.timedelta(days=1)
    positions = [
        Position(TODAY - 100 * day, TODAY - 70 * day, TODAY - 60 * day),  # ten days late
        Position(TODAY - 50 * day, TODAY - 20 * day, TODAY - 20 * day),
        Position(TODAY - 50 * day, TODAY - 40 * day, TODAY + 3 * day),  # still open on the day
        Position(TODAY - 10 * day, TODAY + 20 * day, None),  # not due
        Position(TODAY + 1 * day, TODAY - 90 * day, None),  # not issued yet
        Position(TODAY - 500 * day, TODAY - 470 * day, TODAY - 366 * day),  # out of the window
    ]
    found = facts_of_day(positions, TODAY)
    assert (found.invoices, found.mean_days_late, found.overdue_days) == (3, 5, 40)
    assert round(found.share_late) == 67
    assert facts_of_day(positions, TODAY - 65 * day).overdue_days == 5
    assert facts_of_day([], TODAY) == PayerFacts()
