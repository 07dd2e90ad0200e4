"""What the coming days would bring, as far as today's facts tell: nobody pays or decides meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from .decide import decide
from .model import Account, Decision, Kind, Ladder, Sent


def forecast(account: Account, ladder: Ladder, first: date, days: int) -> list[tuple[date, Decision]]:
    """Return (day, decision) for each of ``days`` days from ``first`` on which there is something to tell.

    Told are: a message that would go out, a hand-over, and what is due and held
    back, the latter on the first day of its reason only. A message that needs
    approval is told once and stays unsent: nobody can know when somebody approves.
    """
    told: list[tuple[date, Decision]] = []
    held = None
    for day in (first + timedelta(number) for number in range(days)):
        decision = decide(account, ladder, day).told()
        if decision is None:
            held = None
            continue
        goes_out = decision.kind in (Kind.SEND, Kind.HAND_OVER) and not decision.approval
        if goes_out:
            told.append((day, decision))
            held = None
            account = _after(account, decision, day)
            continue
        same = (decision.kind, decision.reason, frozenset(_keys(decision)))
        if same != held:
            told.append((day, decision))
        held = same
    return told


def _keys(decision: Decision):
    return ((item.position.key, item.step.level, item.occurrence) for item in decision.items)


def _after(account: Account, decision: Decision, day: date) -> Account:
    """The account as it would be the day after the message of ``day`` went out."""
    sent = {
        item.position.key: Sent(item.step.level, item.occurrence, day, item.step.manual)
        for item in decision.items
    }
    positions = tuple(
        replace(position, sent=(*position.sent, sent[position.key])) if position.key in sent else position
        for position in account.positions
    )
    contact = day if decision.kind is Kind.SEND else account.last_contact
    return replace(account, positions=positions, last_contact=contact)
