"""What a letter says in figures, apart from any database: its statement, and which PDFs go with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..documents.reconciliation import Row, Statement

#: Movements that the statement in a mail shows; what is older is in its opening balance.
STATEMENT_ROWS = 12


@dataclass(frozen=True, slots=True)
class Extract:
    """A statement that begins on ``start``: the balance of that morning, rows, the balance of today."""

    start: date
    opening: Decimal
    rows: tuple[Row, ...]
    closing: Decimal


def latest(statement: Statement, start: date, limit: int = STATEMENT_ROWS) -> Extract:
    """The last ``limit`` movements of a statement; the ones before are in the opening balance.

    A day is never cut in two: its balance in the morning would be no balance of
    any moment. So there may be fewer rows than ``limit``, and more when one day has more.
    """
    rows = statement.rows
    if len(rows) > limit:
        first = rows[-limit].day
        kept = tuple(row for row in rows if row.day >= first)
        if len(kept) > limit:
            later = tuple(row for row in rows if row.day > first)
            kept, first = (later, first + timedelta(1)) if later else (kept, first)
        cut = rows[: len(rows) - len(kept)]
        opening = statement.opening + sum((row.debit - row.credit for row in cut), Decimal(0))
        return Extract(first, opening, kept, statement.closing)
    return Extract(start, statement.opening, rows, statement.closing)


def choose_pdfs(moves: Sequence[int], limit: int) -> tuple[list[int], int]:
    """The invoices whose PDFs go with a mail, oldest first, and how many are left to their links.

    :param moves: in the order of the letter; an invoice with several due dates may come several times.
    :param limit: PDFs per mail; 0 attaches none.
    """
    once = list(dict.fromkeys(moves))
    return once[: max(limit, 0)], max(len(once) - max(limit, 0), 0)


#: Which contacts are asked in turn, by what the step wants. Every row names all roles: whether a
#: customer can be reached at all does not depend on the step.
CONTACT_ORDER = {
    "invoice": ("invoice", "accounting", "company", "management"),
    "accounting": ("accounting", "invoice", "company", "management"),
    "management": ("management", "accounting", "invoice", "company"),
    "company": ("company", "invoice", "accounting", "management"),
}


def choose_contact(role: str, contacts: Iterable[tuple[str, int]]) -> int | None:
    """The contact that gets the letter of a step that wants ``role``; None when there is none.

    :param contacts: (role, key) of those who have an address, the preferred of each role first.
    """
    by_role: dict[str, int] = {}
    for name, key in contacts:
        by_role.setdefault(name, key)
    return next((by_role[name] for name in CONTACT_ORDER[role] if name in by_role), None)
