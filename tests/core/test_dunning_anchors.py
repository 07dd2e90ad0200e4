"""The days of the steps: anchors, repeats, broken promises and plans; pauses and causes of one invoice."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.dunning import Account, Anchor, Cause, Kind, Ladder, Obstacle, Position, Reason, Sent, Step, decide
from core.dunning.causes import spread

DUE = date(2026, 6, 10)
ISSUED = date(2026, 5, 11)


def on(day):
    return DUE + timedelta(day)


def ladder(*steps, **values):
    return Ladder(steps, **{"silent_weekdays": frozenset(), **values})


def position(number=1, sent=(), residual=100, **values):
    return Position(
        (number, 1), DUE, Decimal(residual), "KZT", tuple(Sent(*message) for message in sent),
        issue_date=ISSUED, **values,
    )  # fmt: skip


def account(*positions, **values):
    return Account(1, "KZT", positions or (position(),), **values)


def item(acc, rungs, day):
    return decide(acc, rungs, on(day)).all_items[0]


STANDARD = ladder(
    Step(-3, 1), Step(0, 2), Step(3, 3), Step(7, 4), Step(14, 5, patience=7), Step(21, 6, manual=True)
)


# --- anchors ---------------------------------------------------------------------
def test_a_step_counts_from_the_issue_of_the_invoice():
    rungs = ladder(Step(10, 1, anchor=Anchor.ISSUE), Step(3, 3))
    decision = decide(account(), rungs, ISSUED + timedelta(9))
    assert (decision.kind, decision.until) == (Kind.WAIT, ISSUED + timedelta(10))
    assert decide(account(), rungs, ISSUED + timedelta(10)).step.level == 1
    # After the due date the notice is not true any more.
    assert decide(account(), rungs, on(1)).until == on(3)


@pytest.mark.parametrize(
    ("number", "offset", "expected"),
    [
        (15, 0, date(2026, 6, 15)),
        (10, 0, date(2026, 6, 10)),
        (5, 0, date(2026, 7, 5)),
        (31, 0, date(2026, 6, 30)),
        (31, 21, date(2026, 7, 31)),
    ],
)
def test_a_step_falls_on_a_fixed_day_of_the_month(number, offset, expected):
    step = Step(offset, 3, anchor=Anchor.MONTH_DAY, month_day=number)
    assert step.day(DUE) == expected
    decision = decide(account(), ladder(step), expected - timedelta(1))
    assert (decision.kind, decision.until) == (Kind.WAIT, expected)
    assert decide(account(), ladder(step), expected).kind is Kind.SEND


def test_with_mixed_anchors_no_tone_comes_before_a_softer_one():
    rungs = ladder(Step(25, 3, anchor=Anchor.MONTH_DAY, month_day=1), Step(7, 4))
    days = {step.level: day for step, day in rungs.days(DUE, ISSUED)}
    assert days == {3: date(2026, 8, 1), 4: date(2026, 8, 1)}
    assert decide(account(), rungs, on(20)).kind is Kind.WAIT


# --- repeats ---------------------------------------------------------------------
def test_a_step_repeats_with_a_limit_and_counts_its_occurrences():
    rungs = ladder(Step(3, 3, every=7, times=3))
    sent, days = [], []
    for day in range(60):
        decision = decide(account(position(sent=sent)), rungs, on(day))
        if decision.kind is Kind.SEND:
            (only,) = decision.items
            sent.append((only.step.level, only.occurrence, on(day)))
            days.append((day, only.occurrence, only.reason))
    assert days == [(3, 1, Reason.DUE), (10, 2, Reason.REPEATED), (17, 3, Reason.REPEATED)]
    assert decide(account(position(sent=sent)), rungs, on(80)).reason is Reason.LADDER_FINISHED


def test_a_harsher_step_takes_the_place_of_the_repeat():
    rungs = ladder(Step(3, 3, every=4, times=5), Step(10, 4))
    sent = [(3, 1, on(3)), (3, 2, on(7))]
    waiting = decide(account(position(sent=sent)), rungs, on(8))
    assert waiting.until == on(10)
    assert item(account(position(sent=sent)), rungs, 11).step.level == 4
    # After it the softer letter never comes back.
    later = item(account(position(sent=[*sent, (4, 1, on(10))])), rungs, 40)
    assert later.reason is Reason.DONE


def test_another_ladder_goes_on_counting():
    other = ladder(Step(0, 3, every=5, times=2))
    assert item(account(position(sent=[(3, 1, on(3))])), other, 9).occurrence == 2
    assert item(account(position(sent=[(3, 1, on(3)), (3, 2, on(9))])), other, 30).reason is Reason.DONE


def test_what_a_letter_promised_holds_back_its_repeat_too():
    rungs = ladder(Step(3, 3, every=2, times=2, patience=10))
    assert item(account(position(sent=[(3, 1, on(3))])), rungs, 6).date == on(13)


# --- promises and plans -------------------------------------------------------------
def test_a_broken_promise_resumes_one_step_up_and_says_so():
    promised = position(sent=[(3, 1, on(3))], promised_until=on(5))
    assert item(account(promised), STANDARD, 5).reason is Reason.PROMISED
    broken = position(sent=[(3, 1, on(3))], promise_broken=on(5))
    decision = decide(account(broken), STANDARD, on(6))
    assert (decision.kind, decision.step.level, decision.items[0].reason) == (
        Kind.SEND, 4, Reason.PROMISE_BROKEN,
    )  # fmt: skip
    # Without the promise that step would have come on its own day.
    assert item(account(position(sent=[(3, 1, on(3))])), STANDARD, 6).reason is Reason.NOT_YET


def test_a_broken_promise_counts_once():
    answered = position(sent=[(3, 1, on(3)), (4, 1, on(6))], promise_broken=on(5))
    assert item(account(answered), STANDARD, 7).date == on(14)


def test_a_broken_promise_of_one_who_never_got_a_letter_begins_with_the_mildest():
    fresh = item(account(position(promise_broken=on(5))), STANDARD, 6)
    assert (fresh.reason, fresh.step.level) == (Reason.DUE, 3)


def test_a_broken_promise_neither_breaks_the_time_to_answer_nor_comes_before_the_term():
    escalated = position(sent=[(5, 1, on(14))], promise_broken=on(15))
    assert item(account(escalated), STANDARD, 16).date == on(21)
    early = position(sent=[(1, 1, on(-3))], promise_broken=on(-2))
    assert item(account(early), STANDARD, -1).reason is Reason.NOT_YET


def test_a_promise_of_the_account_covers_all_its_positions():
    acc = account(position(1), position(2), promised_until=on(9))
    decision = decide(acc, STANDARD, on(4))
    assert [i.reason for i in decision.all_items] == [Reason.PROMISED] * 2
    sent = [(3, 1, on(3))]
    acc = account(position(1, sent=sent), promise_broken=on(5))
    assert item(acc, STANDARD, 6).reason is Reason.PROMISE_BROKEN


def test_a_plan_takes_its_invoices_out_and_a_broken_one_gives_them_back():
    sent = [(3, 1, on(3))]
    acc = account(position(1, sent=sent, planned=True), position(2))
    decision = decide(acc, STANDARD, on(4))
    assert [i.position.key[0] for i in decision.items] == [2]
    assert decision.others[0].reason is Reason.PLANNED
    alone = decide(account(position(1, sent=sent, planned=True)), STANDARD, on(8))
    assert (alone.kind, alone.reason) == (Kind.SILENT, Reason.PLANNED)
    back = item(account(position(1, sent=sent, plan_broken=on(5))), STANDARD, 6)
    assert (back.reason, back.step.level) == (Reason.PLAN_BROKEN, 4)


def test_a_single_invoice_can_be_paused():
    acc = account(position(1, paused_until=on(9)), position(2))
    decision = decide(acc, STANDARD, on(4))
    assert [i.position.key[0] for i in decision.items] == [2]
    assert (decision.others[0].reason, decision.others[0].date) == (Reason.PAUSED, on(10))
    assert decide(account(position(paused_until=on(9))), STANDARD, on(10)).kind is Kind.SEND


# --- causes --------------------------------------------------------------------------
def test_only_the_undisputed_rest_is_asked_for():
    part = position(disputed_amount=Decimal(30))
    decision = decide(account(part), STANDARD, on(3))
    assert (decision.kind, decision.total) == (Kind.SEND, 70)
    whole = position(disputed_amount=Decimal(100))
    assert item(account(whole), STANDARD, 3).reason is Reason.DISPUTED
    undelivered = position(obstacles=(Obstacle(Cause.NOT_DELIVERED, Decimal(30)),))
    decision = decide(account(undelivered), STANDARD, on(3))
    assert (decision.total, decision.items[0].causes) == (70, (Cause.NOT_DELIVERED,))


@pytest.mark.parametrize(
    "cause", [Cause.DOCUMENT_MISSING, Cause.WRONG_REQUISITES, Cause.INVOICE_NOT_RECEIVED]
)
def test_what_is_for_us_to_put_right_brings_no_harsher_letter(cause):
    ours = position(obstacles=(Obstacle(cause),))
    assert decide(account(ours), STANDARD, on(0)).step.level == 2
    decision = decide(account(ours), STANDARD, on(3))
    assert (decision.kind, decision.reason) == (Kind.SILENT, Reason.OUR_TURN)
    told = decision.told()
    assert (told.reason, told.step.level, told.items[0].causes) == (Reason.OUR_TURN, 3, (cause,))
    # Nor does it hold back the other invoices.
    assert decide(account(ours, position(2)), STANDARD, on(3)).kind is Kind.SEND


def test_a_disputed_sum_lies_in_the_instalment_that_is_due_first():
    assert spread(Decimal(50), [Decimal(30), Decimal(70)]) == [30, 20]
    assert spread(Decimal(500), [Decimal(30), Decimal(70)]) == [30, 70]
    assert spread(Decimal(0), [Decimal(30)]) == [0]
    assert spread(Decimal(5), [Decimal(-3), Decimal(4)]) == [0, 4]


# --- the account ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"reply_waiting": True}, Reason.REPLY_WAITING),
        ({"with_person": True}, Reason.WITH_PERSON),
        ({"wrote_until": on(3)}, Reason.CUSTOMER_WROTE),
        ({"payable": Decimal(100)}, Reason.NETTING),
        ({"payable": Decimal(60), "credit": Decimal(40)}, Reason.NETTING),
        ({"payable": Decimal(99), "minimum": Decimal(2)}, Reason.BELOW_MINIMUM),
    ],
)
def test_silence_names_its_reason(values, expected):
    decision = decide(account(**values), STANDARD, on(3))
    assert (decision.kind, decision.reason) == (Kind.SILENT, expected)
    assert decision.items


def test_our_smaller_debt_is_no_reason_for_silence():
    assert decide(account(payable=Decimal(99)), STANDARD, on(3)).kind is Kind.SEND


def test_no_message_on_holidays_and_the_next_working_day_is_named():
    rungs = replace(STANDARD, holidays=frozenset({on(3), on(4), on(5)}))
    decision = decide(account(), rungs, on(3))
    assert (decision.reason, decision.until) == (Reason.HOLIDAY, on(6))
    weekend = replace(rungs, silent_weekdays=frozenset({on(6).weekday()}))
    assert decide(account(), weekend, on(3)).until == on(7)


def test_a_hand_over_that_came_back_lets_other_invoices_be_chased():
    handed = position(1, sent=[(6, 1, on(21), True)])
    assert decide(account(handed, position(2)), STANDARD, on(30)).reason is Reason.WITH_PERSON
    # Also under a ladder that has no such step.
    letters = ladder(Step(3, 3))
    assert decide(account(handed, position(2)), letters, on(30)).reason is Reason.WITH_PERSON
    back = decide(account(handed, position(2), returned_on=on(25)), STANDARD, on(30))
    assert [i.position.key[0] for i in back.items] == [2]


def test_softer_steps_that_never_went_are_named():
    late = item(account(), STANDARD, 5)
    assert [step.level for step in late.passed] == [1, 2]
    assert item(account(position(sent=[(2, 1, on(0))])), STANDARD, 5).passed == ()


def test_what_is_due_and_excluded_is_told_as_held_back():
    decision = decide(account(position(promised_until=on(9))), STANDARD, on(4))
    told = decision.told()
    assert (decision.kind, told.kind, told.reason, told.until) == (
        Kind.WAIT, Kind.SILENT, Reason.PROMISED, on(10),
    )  # fmt: skip
    assert decide(account(), STANDARD, on(-10)).told() is None
    paused = decide(account(position(promised_until=on(9)), paused_until=on(20)), STANDARD, on(4))
    assert paused.told().reason is Reason.PAUSED
