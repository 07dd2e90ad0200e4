"""What an import would do with a statement: decided before anything is written."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .model import Notice, Statement, Transaction, Unread


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """`new` is to be created, in the order of dates; `known` is there already; `locked` lies
    in a closed period; `unread` cannot be read or booked. Balances are None when the file has
    none or when the new lines do not stand at its end: `balance_start` is the balance before
    the first new line."""

    new: tuple[Transaction, ...] = ()
    known: tuple[Transaction, ...] = ()
    locked: tuple[Transaction, ...] = ()
    unread: tuple[Unread, ...] = ()
    balance_start: Decimal | None = None
    balance_end: Decimal | None = None
    notices: tuple[Notice, ...] = ()


def plan_import(
    statement: Statement, known: Set[str], *, lock_date: date | None, currency: str, digits: int
) -> ImportPlan:
    """Sort the transactions of a statement by what may be done with them.

    `known` are the fingerprints that the journal holds; lines on or before `lock_date` are
    locked; `currency` (ISO code) and `digits` are those of the journal.
    """
    new: list[Transaction] = []
    there: list[Transaction] = []
    locked: list[Transaction] = []
    unread = list(statement.unread)
    for transaction in sorted(statement.transactions, key=lambda t: t.date):
        if transaction.fingerprint in known:
            there.append(transaction)
        elif transaction.currency and transaction.currency != currency:
            params = {"currency": transaction.currency, "journal": currency}
            unread.append(Unread(transaction.line, "other_currency", params, transaction.purpose[:160]))
        elif transaction.amount != round(transaction.amount, digits):
            params = {"amount": str(transaction.amount)}
            unread.append(Unread(transaction.line, "amount_too_fine", params, transaction.purpose[:160]))
        elif lock_date and transaction.date <= lock_date:
            locked.append(transaction)
        else:
            new.append(transaction)
    start, end, notices = None, None, []
    if new and statement.opening is not None and statement.closing is not None:
        before = [transaction.date for transaction in (*there, *locked)]
        if before and max(before) > new[0].date:
            # The new lines lie between others: no balance of the file is theirs.
            notices.append(Notice("no_balances"))
        else:
            start = statement.opening + sum((t.amount for t in (*there, *locked)), Decimal(0))
            end = statement.closing
    return ImportPlan(tuple(new), tuple(there), tuple(locked), tuple(unread), start, end, tuple(notices))
