"""The arithmetic of an act of reconciliation (акт сверки): opening balance, movements, closing balance."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry on the customer's account: ``amount`` above 0 raises his debt (debit), below 0 lowers it."""

    day: date
    name: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    day: date
    name: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """One currency's account; balances above 0 are owed by the customer, below 0 by us."""

    currency: str
    opening: Decimal
    rows: tuple[Row, ...]
    debit: Decimal
    credit: Decimal
    closing: Decimal


def side(balance: Decimal) -> tuple[Decimal, Decimal]:
    """A balance as (debit, credit); one of them is 0."""
    return (balance, ZERO) if balance >= 0 else (ZERO, -balance)


def statements(openings: dict[str, Decimal], movements: list[Movement]) -> list[Statement]:
    """One statement per currency that has a balance or a movement; currencies are never added together.

    :param openings: {currency: balance before the period}; a missing currency opens with 0.
    :param movements: those of the period in their order; zero amounts are left out.
    """
    rows: dict[str, list[Row]] = {}
    for movement in movements:
        if movement.amount:
            debit, credit = side(movement.amount)
            rows.setdefault(movement.currency, []).append(Row(movement.day, movement.name, debit, credit))
    found = []
    for currency in sorted({*rows, *(name for name, balance in openings.items() if balance)}):
        own = tuple(rows.get(currency, ()))
        debit = sum((row.debit for row in own), ZERO)
        credit = sum((row.credit for row in own), ZERO)
        opening = openings.get(currency, ZERO)
        found.append(Statement(currency, opening, own, debit, credit, opening + debit - credit))
    return found
