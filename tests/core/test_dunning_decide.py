"""Every outcome of a dunning decision, with its reason."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.dunning import Account, Kind, Ladder, Position, Reason, Sent, Step, decide

DUE = date(2026, 6, 10)  # a Wednesday
SHIPPED = Ladder(
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


def position(number=1, due=DUE, residual="100", sent=(), **values):
    return Position(
        (number, 1), due, Decimal(residual), "KZT", tuple(Sent(lv, 1, day) for lv, day in sent), **values
    )


def account(*positions, **values):
    return Account(1, "KZT", positions or (position(),), **values)


def on(day):
    return DUE + timedelta(day)


def outcome(acc, day, ladder=SHIPPED):
    decision = decide(acc, ladder, on(day))
    return decision.kind, decision.reason


@pytest.mark.parametrize(
    ("day", "level"), [(-3, 1), (-2, 1), (0, 2), (1, 2), (3, 3), (5, 3), (7, 3), (30, 3), (400, 3)]
)
def test_the_first_letter_is_the_mildest_that_is_still_true(day, level):
    decision = decide(account(), SHIPPED, on(day))
    assert (decision.kind, decision.step.level) == (Kind.SEND, level)


def test_before_the_first_step_it_waits_for_its_day():
    decision = decide(account(), SHIPPED, on(-10))
    assert (decision.kind, decision.reason, decision.until) == (
        Kind.WAIT,
        Reason.NEXT_STEP_LATER,
        on(-3),
    )


def test_letters_follow_the_ladder_when_run_each_day():
    sent = []
    for day in range(-10, 60):
        decision = decide(
            account(position(sent=sent), last_contact=sent[-1][1] if sent else None), SHIPPED, on(day)
        )
        if decision.kind in (Kind.SEND, Kind.HAND_OVER):
            sent.append((decision.step.level, on(day)))
    assert [(level, (day - DUE).days) for level, day in sent] == [
        (1, -3), (2, 0), (3, 3), (4, 7), (5, 14), (6, 21),
    ]  # fmt: skip


def test_a_position_seen_late_climbs_one_tone_at_a_time_with_a_gap():
    sent = []
    for day in range(30, 60):
        decision = decide(
            account(position(sent=sent), last_contact=sent[-1][1] if sent else None), SHIPPED, on(day)
        )
        if decision.kind in (Kind.SEND, Kind.HAND_OVER):
            sent.append((decision.step.level, on(day)))
    # The escalation names seven days: nobody is handed over before they are over.
    assert [(level, (day - DUE).days) for level, day in sent] == [(3, 30), (4, 33), (5, 36), (6, 43)]


def test_one_message_covers_all_due_positions_in_the_highest_tone():
    decision = decide(
        account(
            position(1, DUE, sent=[(3, on(3))]),
            position(2, on(10)),
            position(3, on(30)),
        ),
        SHIPPED,
        on(7),
    )
    assert decision.kind is Kind.SEND
    assert decision.step.level == 4
    assert [(i.position.key[0], i.step.level) for i in decision.items] == [(1, 4), (2, 1)]
    assert decision.total == Decimal(200)
    assert [(i.position.key[0], i.reason) for i in decision.others] == [(3, Reason.NOT_YET)]


def test_escalation_waits_for_approval():
    decision = decide(account(position(sent=[(4, on(7))])), SHIPPED, on(14))
    assert (decision.kind, decision.step.level, decision.approval) == (Kind.SEND, 5, True)


def test_a_harsh_first_letter_waits_for_approval():
    ladder = Ladder((Step(-3, 1), Step(7, 4)), silent_weekdays=frozenset())
    decision = decide(account(), ladder, on(10))
    assert (decision.step.level, decision.approval) == (4, True)
    strict = Ladder((Step(7, 4),), silent_weekdays=frozenset())
    assert not decide(account(), strict, on(10)).approval


def test_manual_step_hands_over_and_letters_of_the_account_stop():
    escalated = position(sent=[(5, on(14))])
    decision = decide(account(escalated, position(2, on(21))), SHIPPED, on(21))
    assert (decision.kind, decision.reason) == (Kind.HAND_OVER, Reason.MANUAL_STEP)
    assert [i.position.key[0] for i in decision.items] == [1]
    handed = account(position(sent=[(6, on(21))]), position(2, on(22)))
    assert outcome(handed, 22) == (Kind.SILENT, Reason.WITH_PERSON)
    paid = account(position(residual="0", sent=[(6, on(21))]), position(2, on(22)))
    assert outcome(paid, 22) == (Kind.SEND, Reason.STEP_DUE)


@pytest.mark.parametrize(
    ("values", "day", "expected"),
    [
        ({"switched_on": False}, 3, Reason.NOT_SWITCHED_ON),
        ({"paused_until": on(3)}, 3, Reason.PAUSED),
        ({"credit": Decimal(100)}, 3, Reason.NET_CREDITOR),
        ({"credit": Decimal(150)}, 3, Reason.NET_CREDITOR),
        ({"minimum": Decimal("100.01")}, 3, Reason.BELOW_MINIMUM),
        ({"minimum": Decimal(100), "credit": Decimal(1)}, 3, Reason.BELOW_MINIMUM),
        ({"unmatched_cash": True}, 3, Reason.UNMATCHED_CASH),
        ({"statement_missing": True}, 3, Reason.STATEMENT_MISSING),
        ({"statement_missing": True, "unmatched_cash": True}, 3, Reason.UNMATCHED_CASH),
        ({"skipped_on": on(3)}, 3, Reason.SKIPPED_TODAY),
        ({"last_contact": on(3)}, 3, Reason.SENT_TODAY),
        ({"last_contact": on(1)}, 3, Reason.CONTACTED_RECENTLY),
        ({"has_email": False}, 3, Reason.NO_EMAIL),
    ],
)
def test_silence_names_its_reason_and_what_it_holds_back(values, day, expected):
    decision = decide(account(**values), SHIPPED, on(day))
    assert (decision.kind, decision.reason) == (Kind.SILENT, expected)
    assert [i.step.level for i in decision.items] == [3]


@pytest.mark.parametrize(("day", "kind"), [(-3, Kind.SEND), (0, Kind.SEND), (3, Kind.SILENT)])
def test_without_the_bank_statement_nothing_goes_above_neutral(day, kind):
    assert decide(account(statement_missing=True), SHIPPED, on(day)).kind is kind


def test_without_the_bank_statement_nobody_is_handed_over():
    acc = account(position(sent=[(5, on(14))]), statement_missing=True)
    assert outcome(acc, 21) == (Kind.SILENT, Reason.STATEMENT_MISSING)


def test_credit_that_covers_what_is_due_is_enough_for_silence():
    acc = account(position(), position(2, on(60), "900"), credit=Decimal(100))
    assert outcome(acc, 3) == (Kind.SILENT, Reason.COVERED_BY_CREDIT)


@pytest.mark.parametrize(
    ("values", "day", "until"),
    [
        ({"paused_until": on(15)}, 3, on(16)),
        ({"last_contact": on(1)}, 3, on(4)),
        ({"last_contact": on(3)}, 3, on(6)),
    ],
)
def test_silence_that_ends_by_itself_says_when(values, day, until):
    assert decide(account(**values), SHIPPED, on(day)).until == until
    assert decide(account(**values), SHIPPED, until).kind is Kind.SEND


def test_no_message_on_weekends_unless_wanted():
    ladder = replace(SHIPPED, silent_weekdays=frozenset({5, 6}))
    saturday = on(3)
    assert saturday.weekday() == 5
    decision = decide(account(), ladder, saturday)
    assert (decision.reason, decision.until) == (Reason.WEEKEND, on(5))
    assert decide(account(), SHIPPED, saturday).kind is Kind.SEND
    always = replace(SHIPPED, silent_weekdays=frozenset(range(7)))
    assert decide(account(), always, saturday).kind is Kind.SILENT


def test_without_an_address_hand_over_still_happens():
    acc = account(position(sent=[(5, on(14))]), has_email=False)
    assert outcome(acc, 21) == (Kind.HAND_OVER, Reason.MANUAL_STEP)


def test_disputed_and_promised_positions_are_left_out():
    acc = account(
        position(1, disputed=True), position(2, promised_until=on(5)), position(3), position(4, residual="0")
    )
    decision = decide(acc, SHIPPED, on(3))
    assert [i.position.key[0] for i in decision.items] == [3]
    assert {i.position.key[0]: i.reason for i in decision.others} == {
        1: Reason.DISPUTED,
        2: Reason.PROMISED,
        4: Reason.SETTLED,
    }
    assert outcome(account(position(disputed=True)), 3) == (Kind.SILENT, Reason.ALL_EXCLUDED)
    promise = decide(account(position(promised_until=on(5))), SHIPPED, on(3))
    assert (promise.kind, promise.until) == (Kind.WAIT, on(6))


def test_nothing_owed_and_ladder_finished():
    assert outcome(account(position(residual="0")), 3) == (Kind.SILENT, Reason.NOTHING_OWED)
    assert outcome(account(position(residual="-5")), 3) == (Kind.SILENT, Reason.NOTHING_OWED)
    assert outcome(Account(1, "KZT", ()), 3) == (Kind.SILENT, Reason.NOTHING_OWED)
    letters = Ladder((Step(0, 2),), silent_weekdays=frozenset())
    assert outcome(account(position(sent=[(2, DUE)])), 9, letters) == (Kind.SILENT, Reason.LADDER_FINISHED)
    assert outcome(account(), 9, Ladder(())) == (Kind.SILENT, Reason.LADDER_FINISHED)


def test_a_new_due_date_repeats_no_tone():
    moved = account(position(due=on(20), sent=[(1, on(-3)), (2, on(0)), (3, on(3))]))
    decision = decide(moved, SHIPPED, on(18))
    assert (decision.kind, decision.until) == (Kind.WAIT, on(27))


def test_steps_out_of_order_are_put_right():
    ladder = Ladder((Step(10, 3), Step(5, 4), Step(0, 2), Step(1, 2)), silent_weekdays=frozenset())
    assert [(s.offset, s.level) for s in ladder.steps] == [(0, 2), (10, 3), (10, 4)]


def test_what_is_being_charged_is_out_of_the_ladder_until_the_money_should_be_there():
    charged, other = position(payment_until=on(17)), position(2)
    decision = decide(account(charged, other), SHIPPED, on(3))
    assert [item.position.key for item in decision.items] == [(2, 1)]
    alone = decide(account(charged), SHIPPED, on(3))
    assert (alone.kind, alone.until) == (Kind.WAIT, on(18))
    assert (alone.told().kind, alone.told().reason) == (Kind.SILENT, Reason.PAYMENT_UNDER_WAY)
    # The charge came to nothing: the ladder goes on with the mildest letter.
    assert outcome(account(charged), 18) == (Kind.SEND, Reason.STEP_DUE)
