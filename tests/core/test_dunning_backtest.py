"""The replay of a ladder over the past, by value date."""

import itertools
import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.dunning import Kind, Ladder, Reason, Step
from core.dunning.backtest import Debt, Ledger, count_after_money, replay

FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)
LADDER = Ladder(
    (
        Step(-3, 1),
        Step(0, 2),
        Step(3, 3),
        Step(7, 4, patience=3),
        Step(14, 5, patience=7, approval=True),
        Step(21, 6, manual=True),
    )
)
GAPLESS = Ladder(LADDER.steps, contact_gap=1, silent_weekdays=frozenset())


def day(number):
    return FIRST + timedelta(number)


def debt(number=1, issued=10, terms=14, amount=100, payments=()):
    return Debt(
        (number, 1),
        day(issued),
        day(issued + terms),
        Decimal(amount),
        tuple((day(when), Decimal(sum_)) for when, sum_ in payments),
    )


def run(*debts, ladder=GAPLESS, credits=()):
    ledger = Ledger(7, "KZT", debts, tuple((day(when), Decimal(sum_)) for when, sum_ in credits))
    (outcome,) = replay([ledger], {7: ladder}, FIRST, LAST)
    return outcome


def told(outcome):
    return [((message.day - FIRST).days, message.level) for message in outcome.messages]


def test_an_unpaid_invoice_goes_through_the_whole_ladder():
    assert told(run(debt())) == [(21, 1), (24, 2), (27, 3), (31, 4), (38, 5), (45, 6)]


def test_nothing_goes_after_the_money_has_arrived_whenever_it_was_booked():
    assert told(run(debt(payments=[(27, 100)]))) == [(21, 1), (24, 2)]
    assert told(run(debt(payments=[(28, 100)]))) == [(21, 1), (24, 2), (27, 3)]


def test_a_part_payment_neither_skips_nor_repeats():
    assert told(run(debt(payments=[(28, 40)])))[:4] == [(21, 1), (24, 2), (27, 3), (31, 4)]
    assert run(debt(payments=[(28, 40)])).messages[3].total == 60


def test_money_that_was_never_applied_counts_as_credit():
    assert told(run(debt(), credits=[(23, 100)])) == [(21, 1)]


def test_one_message_covers_several_invoices_and_the_gap_postpones():
    gap = Ladder(GAPLESS.steps, contact_gap=5, silent_weekdays=frozenset())
    outcome = run(debt(1), debt(2, issued=12), ladder=gap)
    days = [message.day for message in outcome.messages if message.kind is Kind.SEND]
    assert all((later - sooner).days >= 5 for sooner, later in itertools.pairwise(days))
    assert outcome.postponed
    assert outcome.held[Reason.CONTACTED_RECENTLY]


def test_messages_over_a_limit_are_counted():
    outcome = run(debt())
    assert [outcome.over(limit) for limit in (0, 5, 4, 1)] == [0, 0, 1, 4]


def test_the_fault_is_found_where_there_is_one():
    ledger = Ledger(7, "KZT", (debt(payments=[(20, 100)]),))
    assert count_after_money(ledger, [(day(19), [(1, 1)]), (day(20), [(1, 1)])]) == 1


def world(seed, customers=40):
    chance = random.Random(seed)
    ledgers = []
    for partner in range(customers):
        debts = []
        for number in range(chance.randint(0, 6)):
            issued, terms = chance.randint(-60, 340), chance.choice([0, 7, 14, 45])
            amount = chance.randint(1, 500)
            payments = [
                (issued + chance.randint(0, 90), chance.randint(1, amount))
                for _part in range(chance.randint(0, 3))
            ]
            debts.append(debt(partner * 100 + number, issued, terms, amount, payments))
        came = [(day(chance.randint(0, 300)), Decimal(50))] if chance.random() < 0.3 else []
        ledgers.append(Ledger(partner, "KZT", tuple(debts), tuple(came)))
    return ledgers


@given(st.integers(0, 10**6))
def test_any_history_gives_no_message_after_the_money_and_is_replayed_the_same(seed):
    ledgers = world(seed, 5)
    ladders = dict.fromkeys(range(5), LADDER)
    outcomes = replay(ledgers, ladders, FIRST, LAST)
    assert outcomes == replay(list(reversed(ledgers)), ladders, FIRST, LAST)
    for outcome, ledger in zip(outcomes, ledgers, strict=True):
        sent = [(message.day, [item[0] for item in message.items]) for message in outcome.messages]
        assert count_after_money(ledger, sent) == 0
        once = [(item[0], item[1], item[2]) for message in outcome.messages for item in message.items]
        assert len(once) == len(set(once))


def test_a_handed_over_customer_stays_with_the_person_until_nothing_is_overdue():
    # The second invoice is overdue when the first, which was handed over on day 45, is paid.
    first, second = debt(1, payments=[(60, 100)]), debt(2, issued=42, payments=[(80, 100)])
    outcome = run(first, second, debt(3, issued=90))
    assert [(number, level) for number, level in told(outcome) if number < 90][-1] == (45, 6)
    assert [number for number, _level in told(outcome) if number > 45] == [101, 104, 107, 111, 118, 125]


def test_a_running_debt_is_handed_over_once():
    debts = [debt(number, issued=10 + 7 * number) for number in range(40)]
    handed = [message for message in run(*debts).messages if message.kind is Kind.HAND_OVER]
    assert [(message.day - FIRST).days for message in handed] == [45]


def test_a_hand_over_ends_the_letters_in_every_currency():
    ledgers = [
        Ledger(7, "KZT", (debt(1),)),
        Ledger(7, "USD", (debt(2, issued=17), debt(3, issued=40))),
    ]
    tenge, dollars = replay(ledgers, {7: GAPLESS}, FIRST, LAST)
    assert told(tenge)[-1] == (45, 6)
    assert [number for number, _level in told(dollars)] == [28, 31, 34, 38]


LADDERS = [
    LADDER,
    GAPLESS,
    Ladder((Step(-5, 1), Step(2, 3, every=7, times=3), Step(30, 6, manual=True)), contact_gap=2),
    Ladder((Step(0, 2, every=5, times=4), Step(10, 4, every=3, times=2)), contact_gap=1),
]


@given(st.integers(0, 10**6), st.sampled_from(LADDERS), st.booleans())
def test_each_letter_once_and_nothing_after_a_hand_over(seed, ladder, two_currencies):
    ledgers = world(seed, 4)
    if two_currencies:
        ledgers = [
            Ledger(i // 2, "KZT" if i % 2 else "USD", x.debts, x.credits) for i, x in enumerate(ledgers)
        ]
    times = {step.level: max(step.times, 1) if step.every else 1 for step in ladder.steps}
    by_partner = {}
    for outcome in replay(ledgers, dict.fromkeys(range(4), ladder), FIRST, LAST):
        by_partner.setdefault(outcome.partner, []).extend(outcome.messages)
    for partner, messages in by_partner.items():
        own = [ledger for ledger in ledgers if ledger.partner == partner]
        counted = Counter((key, level) for m in messages for key, level, _which, _sum in m.items)
        assert all(count <= times[level] for (_key, level), count in counted.items())
        for handed in (m.day for m in messages if m.kind is Kind.HAND_OVER):
            free = handed
            while any(d.due_date < free and d.residual(free) > 0 for ledger in own for d in ledger.debts):
                free += timedelta(1)
                if free > LAST:
                    break
            later = [m for m in messages if handed < m.day < free]
            same_day = [m for m in messages if m.day == handed and m.kind is Kind.SEND]
            assert not later and not same_day


def test_days_that_change_nothing_are_skipped_without_changing_anything(monkeypatch):
    from core.dunning import backtest

    ledgers = world(3)
    ladders = dict.fromkeys(range(40), LADDER)
    quick = replay(ledgers, ladders, FIRST, LAST)
    monkeypatch.setattr(backtest, "_next_day", lambda decision, today, events: today + timedelta(1))
    slow = replay(ledgers, ladders, FIRST, LAST)
    assert [outcome.messages for outcome in quick] == [outcome.messages for outcome in slow]
