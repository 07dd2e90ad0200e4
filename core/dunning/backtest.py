"""What a ladder would have done: the decisions of each past day, on the ledger as it was by value date.

Money counts from the day on which the bank had it, whenever it was booked: a message to somebody
whose money had arrived is a fault. A hand-over ends the letters to its customer until nothing is overdue.
Promises, pauses and what people decided are not replayed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from .decide import decide
from .ladder import Ladder
from .model import Account, Position, Sent
from .reasons import Kind, Reason

#: Days of the window in which ``Limits.messages`` are counted.
WINDOW = 30


@dataclass(frozen=True, slots=True)
class Debt:
    """A position of an invoice and what settled it. ``payments``: (value date, amount)."""

    key: tuple[int, int]
    issue_date: date
    due_date: date
    amount: Decimal
    payments: tuple[tuple[date, Decimal], ...] = ()

    def residual(self, day: date) -> Decimal:
        """What was open in the evening of ``day``."""
        return self.amount - sum((amount for paid, amount in self.payments if paid <= day), Decimal(0))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The debts of a customer in one currency. ``credits``: (value date, amount) of money and credit
    notes that are not applied to any of them."""

    partner: int
    currency: str
    debts: tuple[Debt, ...]
    credits: tuple[tuple[date, Decimal], ...] = ()
    has_email: bool = True

    def owed(self, day: date) -> Decimal:
        """What was open of the debts that there were in the evening of ``day``, credits aside."""
        known = (debt.residual(day) for debt in self.debts if debt.issue_date <= day)
        return sum((residual for residual in known if residual > 0), Decimal(0))

    def is_overdue(self, day: date) -> bool:
        return any(debt.due_date < day and debt.residual(day) > 0 for debt in self.debts)

    def days(self) -> set[date]:
        """The days on which something came or was paid."""
        return (
            {debt.issue_date for debt in self.debts}
            | {day for debt in self.debts for day, _amount in debt.payments}
            | {day for day, _amount in self.credits}
        )

    def credit(self, day: date) -> Decimal:
        return sum((amount for came, amount in self.credits if came <= day), Decimal(0))


@dataclass(frozen=True, slots=True)
class Message:
    """What would have gone out. ``items``: (key of the debt, level, which time, sum asked for)."""

    day: date
    partner: int
    currency: str
    kind: Kind
    level: int
    step: int
    items: tuple[tuple[tuple[int, int], int, int, Decimal], ...]
    approval: bool = False

    @property
    def total(self) -> Decimal:
        return sum((item[3] for item in self.items), Decimal(0))


@dataclass(slots=True)
class Outcome:
    """One customer's year. ``held``: days on which a step was due and held back, by reason;
    ``postponed``: steps that waited for the gap between two messages."""

    partner: int
    currency: str
    messages: list[Message] = field(default_factory=list)
    held: Counter = field(default_factory=Counter)
    postponed: int = 0

    def over(self, limit: int) -> int:
        """How many messages are more than ``limit`` within ``WINDOW`` days; 0 for no limit."""
        if limit <= 0:
            return 0
        days = [message.day for message in self.messages if message.kind is Kind.SEND]
        return sum(
            1
            for number, day in enumerate(days)
            if sum(1 for earlier in days[: number + 1] if (day - earlier).days < WINDOW) > limit
        )


def replay(
    ledgers: Iterable[Ledger], ladders: Mapping[int, Ladder], first: date, last: date, minimum=Decimal(0)
) -> list[Outcome]:
    """The messages from ``first`` to ``last``, both included; the same for the same input.

    :param ladders: of each partner. What was sent before ``first`` is not known: each debt begins anew,
        with the mildest letter that is true.
    :return: in the order of partner and currency, one for each ledger
    """
    ordered = sorted(ledgers, key=lambda ledger: (ledger.partner, ledger.currency))
    outcomes: list[Outcome] = []
    for partner, own in groupby(ordered, key=lambda ledger: ledger.partner):
        outcomes += _replay(tuple(own), ladders[partner], first, last, minimum)
    return outcomes


def _replay(ledgers: tuple[Ledger, ...], ladder: Ladder, first: date, last: date, minimum) -> list[Outcome]:
    """One customer, all currencies side by side: who is with a person gets no letter in any of them.

    A customer who was handed over stays with that person until nothing is overdue any more, as in life.
    """
    outcomes = [Outcome(ledger.partner, ledger.currency) for ledger in ledgers]
    sent: dict[tuple[int, int], list[Sent]] = {}
    waiting: list[set] = [set() for _ledger in ledgers]
    events = sorted(set().union(*(ledger.days() for ledger in ledgers)))
    contact = None
    with_person = False
    day = first
    while day <= last:
        with_person = with_person and any(ledger.is_overdue(day) for ledger in ledgers)
        decisions = _decide(ledgers, ladder, day, sent, contact, minimum, with_person)
        with_person = with_person or any(decision.kind is Kind.HAND_OVER for decision in decisions)
        for number, (ledger, decision) in enumerate(zip(ledgers, decisions, strict=True)):
            outcome = outcomes[number]
            if decision.kind in (Kind.SEND, Kind.HAND_OVER):
                outcome.messages.append(_message(ledger, decision, day))
                for item in decision.items:
                    message = Sent(item.step.level, item.occurrence, day, item.step.manual)
                    sent.setdefault(item.position.key, []).append(message)
                if decision.kind is Kind.SEND:
                    contact = day
                waiting[number] = set()
            elif decision.kind is Kind.SILENT and decision.items:
                outcome.held[decision.reason] += 1
                if decision.reason in (Reason.SENT_TODAY, Reason.CONTACTED_RECENTLY):
                    now = {(item.position.key, item.step.level, item.occurrence) for item in decision.items}
                    outcome.postponed += len(now - waiting[number])
                    waiting[number] |= now
        day = min(_next_day(decision, day, events) for decision in decisions)
    return outcomes


def _decide(ledgers, ladder, day, sent, contact, minimum, with_person):
    """The decisions of a day; where one hands over, nothing is sent in another currency."""

    def answers(with_person):
        accounts = (_account(ledger, day, sent, contact, minimum, with_person) for ledger in ledgers)
        return [decide(account, ladder, day) for account in accounts]

    decisions = answers(with_person)
    if not any(decision.kind is Kind.HAND_OVER for decision in decisions):
        return decisions
    return [
        decision if decision.kind is Kind.HAND_OVER else silent
        for decision, silent in zip(decisions, answers(with_person=True), strict=True)
    ]


def _next_day(decision, day: date, events: list[date]) -> date:
    """The next day on which the decision may be another."""
    tomorrow = day + timedelta(1)
    if decision.items:
        return tomorrow
    event = next((event for event in events if event > day), date.max)
    until = decision.until if decision.until and decision.until > day else date.max
    return max(tomorrow, min(event, until))


def _account(ledger: Ledger, day: date, sent, contact, minimum, with_person) -> Account:
    positions = tuple(
        Position(
            debt.key,
            debt.due_date,
            residual,
            ledger.currency,
            tuple(sent.get(debt.key, ())),
            issue_date=debt.issue_date,
        )
        for debt in ledger.debts
        if debt.issue_date <= day and (residual := debt.residual(day)) > 0
    )
    return Account(
        ledger.partner,
        ledger.currency,
        positions,
        credit=ledger.credit(day),
        last_contact=contact,
        minimum=minimum,
        has_email=ledger.has_email,
        with_person=with_person,
    )


def _message(ledger: Ledger, decision, day: date) -> Message:
    return Message(
        day,
        ledger.partner,
        ledger.currency,
        decision.kind,
        decision.step.level,
        decision.step.key,
        tuple(
            (item.position.key, item.step.level, item.occurrence, item.position.chased)
            for item in decision.items
        ),
        decision.approval,
    )


def count_after_money(ledger: Ledger, messages: Iterable[tuple[date, Iterable[tuple[int, int]]]]) -> int:
    """How many messages asked for something whose money had arrived; looked up apart from the decisions.

    :param messages: (day, keys of the debts) of each
    """
    debts = {debt.key: debt for debt in ledger.debts}
    return sum(
        1
        for day, keys in messages
        if any(key in debts and debts[key].residual(day) <= 0 for key in keys)
        or ledger.credit(day) >= ledger.owed(day)
    )
