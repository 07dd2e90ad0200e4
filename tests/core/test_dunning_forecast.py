"""The preview of the coming days: the same decisions, carried from day to day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.dunning import Account, Kind, Ladder, Position, Reason, Step, decide
from core.dunning.forecast import forecast

DUE = date(2026, 6, 10)  # a Wednesday
LADDER = Ladder(
    (
        Step(-3, 1, "soft"),
        Step(0, 2, "neutral"),
        Step(3, 3, "business"),
        Step(7, 4, "official"),
        Step(14, 5, "escalation", approval=True, patience=7),
        Step(21, 6, "manual", manual=True),
    ),
    silent_weekdays=frozenset(),
)


def account(due=DUE, **values):
    return Account(1, "KZT", (Position((1, 1), due, Decimal(100), "KZT"),), **values)


def told(acc, first, days, ladder=LADDER):
    return [
        ((day - DUE).days, decision.kind, decision.step.level)
        for day, decision in forecast(acc, ladder, first, days)
    ]


def test_each_step_is_told_on_its_day_once():
    assert told(account(), DUE - timedelta(5), 14) == [
        (-3, Kind.SEND, 1),
        (0, Kind.SEND, 2),
        (3, Kind.SEND, 3),
        (7, Kind.SEND, 4),
    ]


def test_what_waits_for_approval_is_told_once_and_stops_what_is_harsher():
    days = told(account(), DUE - timedelta(3), 60)
    assert days[-1] == (14, Kind.SEND, 5)
    assert len(days) == 5


def test_a_pause_is_told_once_with_its_reason_and_then_the_letter():
    acc = account(paused_until=DUE + timedelta(2))
    days = forecast(acc, LADDER, DUE, 7)
    assert [((day - DUE).days, decision.reason) for day, decision in days] == [
        (0, Reason.PAUSED),
        (3, Reason.STEP_DUE),
    ]
    assert days[0][1].until == DUE + timedelta(3)


def test_what_is_promised_is_told_once_with_the_day_of_the_promise():
    position = replace(account().positions[0], promised_until=DUE + timedelta(5))
    days = forecast(replace(account(), positions=(position,)), LADDER, DUE + timedelta(3), 3)
    assert [(day, decision.kind, decision.reason) for day, decision in days] == [
        (DUE + timedelta(3), Kind.SILENT, Reason.PROMISED)
    ]


def test_the_gap_between_messages_moves_the_second_invoice():
    positions = tuple(Position((n, 1), DUE + timedelta(n), Decimal(100), "KZT") for n in (0, 1))
    ladder = Ladder((Step(0, 2),), contact_gap=3, silent_weekdays=frozenset())
    days = forecast(replace(account(), positions=positions), ladder, DUE, 7)
    assert [((day - DUE).days, decision.reason) for day, decision in days] == [
        (0, Reason.STEP_DUE),
        (1, Reason.CONTACTED_RECENTLY),
        (3, Reason.STEP_DUE),
    ]
    assert days[2][1].items[0].position.key == (1, 1)


@given(st.integers(-10, 40), st.integers(0, 30), st.integers(1, 10))
def test_the_first_day_is_what_decide_says_and_no_level_comes_twice(start, length, paused):
    acc = account(paused_until=DUE + timedelta(paused))
    first = DUE + timedelta(start)
    days = forecast(acc, LADDER, first, length)
    decision = decide(acc, LADDER, first).told()
    if length and decision:
        assert days[0] == (first, decision)
    levels = [d.step.level for _day, d in days if d.kind is not Kind.SILENT]
    assert levels == sorted(set(levels))
    assert [day for day, _decision in days] == sorted({day for day, _decision in days})
