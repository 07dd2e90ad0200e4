"""What every format does at the end: recognise equal operations, tie out balances."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from .model import Notice, Statement, Transaction
from .text import fold_account, normalize


def with_fingerprints(account: str, transactions: list[Transaction]) -> tuple[Transaction, ...]:
    """The transactions with their ordinal and fingerprint.

    The key is own account, date, signed amount, document number, counterparty account,
    the bank's own reference and the purpose, plus the ordinal among equal ones: two equal
    payments on a day are common (fees), and the number of a payment order is not unique.
    """
    seen: Counter[str] = Counter()
    result = []
    for transaction in transactions:
        key = "\x1f".join(
            (
                fold_account(account),
                transaction.date.isoformat(),
                f"{transaction.amount:.4f}",
                normalize(transaction.document_number),
                fold_account(transaction.counterparty_account),
                normalize(transaction.bank_reference),
                normalize(transaction.purpose),
            )
        )
        seen[key] += 1
        digest = hashlib.sha256(f"{key}\x1f{seen[key]}".encode("utf-8", "replace")).hexdigest()[:40]
        result.append(replace(transaction, ordinal=seen[key], fingerprint=digest))
    return tuple(result)


def balance_warnings(
    statement: Statement, credited: Decimal | None = None, debited: Decimal | None = None
) -> list[Notice]:
    """Differences between what the file states and what its operations add up to.

    `credited` and `debited` are the turnovers that the file states, if any. A difference
    never stops an import: banks write sections of one day over documents of a month.
    """
    found = []
    if statement.opening is not None and statement.closing is not None:
        expected = statement.opening + statement.credited - statement.debited
        if expected != statement.closing:
            params = {"computed": f"{expected:.2f}", "stated": f"{statement.closing:.2f}"}
            found.append(Notice("closing_balance_differs", 0, params))
    for code, stated, read in (
        ("credits_differ", credited, statement.credited),
        ("debits_differ", debited, statement.debited),
    ):
        if stated is not None and stated != read:
            found.append(Notice(code, 0, {"stated": f"{stated:.2f}", "computed": f"{read:.2f}"}))
    return found
