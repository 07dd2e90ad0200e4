"""A year with 200 customers of all kinds: who pays, answers, promises, agrees on a plan, is paused, disputes.

The rule runs every day for two workers, one of which may look at yesterday's facts; each may die
before it has kept what it decided. What is kept is kept as in the database: all or nothing, and each
time of each level of a position once.
"""

import itertools
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.dunning import EXCLUDED_REASONS, Account, Kind, Ladder, Position, Sent, Step, decide

FIRST = date(2025, 7, 1)
DAYS = 365
STEPS = (
    Step(-3, 1),
    Step(0, 2),
    Step(3, 3, every=5, times=2),
    Step(7, 4, patience=3),
    Step(14, 5, patience=7),
    Step(21, 6, manual=True),
)
LADDERS = (
    Ladder(STEPS, holidays=frozenset({date(2025, 8, 30), date(2025, 12, 16), date(2026, 1, 1)})),
    Ladder(
        (Step(0, 2), Step(5, 3), Step(14, 4, patience=5), Step(30, 5, patience=10), Step(45, 6, manual=True))
    ),
)
#: Of a payment on a day from the due date on, by kind of customer.
ODDS = {"reliable": 0.3, "occasional": 0.12, "chronic": 0.05, "problem": 0.004}


@dataclass
class Debt:
    key: tuple[int, int]
    issued: date
    due: date
    residual: Decimal
    disputed: Decimal = Decimal(0)
    promised: date | None = None
    broken: date | None = None
    planned: bool = False
    paused: date | None = None
    sent: list[Sent] = field(default_factory=list)
    #: (level, reason) of what was held back or passed over
    noted: set = field(default_factory=set)


@dataclass
class Customer:
    number: int
    kind: str
    debts: list[Debt]
    paused: date | None = None
    reply: bool = False
    contact: date | None = None
    returned: date | None = None

    def account(self, today):
        positions = tuple(
            Position(
                debt.key,
                debt.due,
                debt.residual,
                "KZT",
                tuple(debt.sent),
                issue_date=debt.issued,
                disputed_amount=debt.disputed,
                promised_until=debt.promised,
                promise_broken=debt.broken,
                planned=debt.planned,
                paused_until=debt.paused,
            )
            for debt in self.debts
            if debt.issued <= today and debt.residual > 0
        )
        return Account(
            self.number,
            "KZT",
            positions,
            paused_until=self.paused,
            reply_waiting=self.reply,
            last_contact=self.contact,
            returned_on=self.returned,
        )

    def ladder(self, today):
        # Customers change their segment in the middle of the year, and with it the ladder.
        change = self.kind == "chronic" and today > FIRST + timedelta(180)
        return LADDERS[1 if change or self.kind == "occasional" else 0]


def people(chance):
    kinds = ("reliable", "occasional", "chronic", "problem", "disputing", "promising", "planning")
    customers = []
    for number in range(200):
        debts = []
        for place in range(chance.randint(1, 4)):
            issued = FIRST + timedelta(chance.randint(-30, 320))
            due = issued + timedelta(chance.choice((0, 7, 14, 45)))
            debts.append(Debt((number, place), issued, due, Decimal(chance.randint(50, 900))))
        customers.append(Customer(number, kinds[number % len(kinds)], debts))
    return customers


def live(customer, today, chance):
    """What the customer and we do on a day, before the letters."""
    for debt in customer.debts:
        if debt.residual <= 0 or debt.issued > today:
            continue
        late = (today - debt.due).days
        odds = {"reliable": 0.3, "occasional": 0.12, "chronic": 0.05, "problem": 0.004}.get(
            customer.kind, 0.04
        )
        if late > -2 and chance.random() < odds:
            debt.residual -= min(debt.residual, Decimal(chance.choice((50, 1000))))
        if debt.promised and debt.promised < today:
            debt.promised, debt.broken = None, debt.promised
        if customer.kind == "promising" and late > 0 and not debt.promised and chance.random() < 0.05:
            debt.promised, debt.broken = today + timedelta(chance.randint(1, 9)), None
        if customer.kind == "disputing" and chance.random() < 0.03:
            debt.disputed = chance.choice((Decimal(0), debt.residual / 2, debt.residual))
        if customer.kind == "planning" and late > 3 and chance.random() < 0.04:
            debt.planned = not debt.planned
        if chance.random() < 0.004:
            debt.paused = today + timedelta(chance.randint(1, 20))
    if chance.random() < 0.004:
        customer.paused = today + timedelta(chance.randint(1, 25))
    if customer.contact and chance.random() < 0.01:
        customer.reply = True
    elif customer.reply and chance.random() < 0.3:
        customer.reply = False
    if chance.random() < 0.002:
        customer.returned = today


class Crash(Exception):
    pass


def keep(customer, decision, today, chance, told):
    """What a worker does with a decision: in one transaction, or not at all."""
    taken = {(debt.key, sent.level, sent.occurrence) for debt in customer.debts for sent in debt.sent}
    by_key = {debt.key: debt for debt in customer.debts}
    notes, messages = [], []
    for item in decision.all_items:
        notes += [(by_key[item.position.key], step.level) for step in item.passed]
        if item.step and item.reason in EXCLUDED_REASONS:
            notes.append((by_key[item.position.key], item.step.level))
        if item in decision.items and decision.kind is Kind.SILENT:
            notes.append((by_key[item.position.key], item.step.level))
    if decision.kind in (Kind.SEND, Kind.HAND_OVER):
        for item in decision.items:
            key = item.position.key, item.step.level, item.occurrence
            if key in taken:
                raise Crash  # the unique key of the database
            messages.append((by_key[item.position.key], item))
    if chance.random() < 0.05:
        raise Crash  # killed before the commit
    for debt, level in notes:
        debt.noted.add(level)
    for debt, item in messages:
        debt.sent.append(Sent(item.step.level, item.occurrence, today, item.step.manual))
        told.append((today, customer, debt, item, decision.kind))
    if messages and decision.kind is Kind.SEND:
        customer.contact = today


@pytest.mark.parametrize("seed", [1])
def test_a_year_offends_nobody_and_skips_nothing_in_silence(seed):
    chance = random.Random(seed)
    customers = people(chance)
    told = []
    for number in range(DAYS):
        today = FIRST + timedelta(number)
        for customer in customers:
            live(customer, today, chance)
            rungs = customer.ladder(today)
            stale = decide(customer.account(today), rungs, today)
            for worker in range(3):
                # The first two decide on the same facts at once; the third is the run after a crash.
                decision = stale if worker < 2 else decide(customer.account(today), rungs, today)
                before = len(told)
                try:
                    keep(customer, decision, today, chance, told)
                except Crash:
                    continue
                for _day, _customer, debt, item, kind in told[before:]:
                    assert debt.residual > 0
                    assert item.position.chased > 0
                    assert not customer.paused or customer.paused < today
                    assert not debt.paused or debt.paused < today
                    assert not debt.promised or debt.promised < today
                    assert not debt.planned
                    assert debt.disputed < debt.residual
                    assert not customer.reply
                    assert today.weekday() < 5
                    assert kind is Kind.HAND_OVER or today not in rungs.holidays
    assert len(told) > 1000
    once = [(debt.key, item.step.level, item.occurrence) for _day, _customer, debt, item, _kind in told]
    assert len(once) == len(set(once))
    for customer in customers:
        days = {day for day, whose, _d, _i, kind in told if whose is customer and kind is Kind.SEND}
        assert all((b - a).days >= 3 for a, b in itertools.pairwise(sorted(days)))
        for debt in customer.debts:
            _check_ladder(customer, debt)


def _check_ladder(customer, debt):
    levels = [sent.level for sent in debt.sent]
    assert levels == sorted(levels)
    if not levels:
        return
    # Whatever is milder than the harshest letter and never went has a reason that was kept.
    ladders = (LADDERS[1],) if customer.kind == "occasional" else (LADDERS[0],)
    for step in ladders[0].steps:
        if step.level < max(levels) and step.level not in levels and customer.kind != "chronic":
            assert step.level in debt.noted, (customer.kind, debt.key, step.level, levels)
