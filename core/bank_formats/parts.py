"""A file that comes in parts: pages of a statement, days, messages. Parts of one account are chained.

Used by the formats whose files hold several messages (camt, MT940). The balances decide what belongs
together: a part that begins with the balance at which another ended goes on with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .checks import balance_warnings, with_fingerprints
from .model import Notice, Statement, Transaction, Unread
from .text import fold_account, iban_is_valid


@dataclass(slots=True)
class Part:
    """What one message says about one account. `credited` and `debited` are turnovers that it states,
    `ident` the bank's name of the message, `zero` counts operations of 0.00, which are skipped."""

    account: str = ""
    currency: str = ""
    ident: str = ""
    line: int = 0
    date_from: date | None = None
    date_to: date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    credited: Decimal | None = None
    debited: Decimal | None = None
    transactions: list[Transaction] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    zero: int = 0


def to_statements(code: str, parts: Iterable[Part]) -> list[Statement]:
    """One `Statement` per account and unbroken chain of balances, in the file's order.

    A message that stands in the file twice is taken once, with a notice. Where the balances do not
    follow each other, a new statement begins and a notice says so: its lines are all there, and each
    statement ties out for itself. Fingerprints count equal operations over the whole account.
    """
    accounts: dict[tuple[str, str], list[Part]] = {}
    currencies: dict[str, str] = {}
    for part in parts:
        key = fold_account(part.account)
        part.currency = part.currency or currencies.get(key, "")
        currencies.setdefault(key, part.currency)
        accounts.setdefault((key, part.currency), []).append(part)
    found = []
    for group in accounts.values():
        chains = _chains(_in_order(_without_repeats(group)))
        everything = [transaction for chain in chains for part in chain for transaction in part.transactions]
        marked = iter(with_fingerprints(group[0].account, everything))
        found += [_statement(code, chain, marked, first=not index) for index, chain in enumerate(chains)]
    return found


def _without_repeats(parts: list[Part]) -> list[Part]:
    if len(parts) == 1:
        return parts
    kept: list[Part] = []
    seen: dict[tuple, Part] = {}
    for part in parts:
        bare = tuple(replace(transaction, line=0) for transaction in part.transactions)
        key = (part.ident, part.date_from, part.opening, part.closing, bare)
        if part.ident and bare and key in seen:
            seen[key].notices.append(Notice("message_repeated", part.line, {"ident": part.ident}))
        else:
            seen[key] = part
            kept.append(part)
    return kept


def _gaps(parts: list[Part]) -> list[int]:
    """Indices of parts that do not begin where the one before them ended."""
    return [
        index
        for index in range(1, len(parts))
        if parts[index - 1].closing is not None
        and parts[index].opening is not None
        and parts[index - 1].closing != parts[index].opening
    ]


def _in_order(parts: list[Part]) -> list[Part]:
    """The file's order, or the one in which more balances follow each other: some banks begin with today."""
    best = parts
    by_day = sorted(parts, key=lambda part: part.date_from or date.min)
    for order in (by_day, parts[::-1]):
        if len(_gaps(order)) < len(_gaps(best)):
            best = order
    return best


def _chains(parts: list[Part]) -> list[list[Part]]:
    gaps = set(_gaps(parts))
    chains: list[list[Part]] = []
    for index, part in enumerate(parts):
        if index in gaps:
            before = parts[index - 1]
            params = {"stated": f"{part.opening:.2f}", "computed": f"{before.closing:.2f}"}
            part.notices.append(Notice("balance_gap", part.line, params))
        if not chains or index in gaps:
            chains.append([])
        chains[-1].append(part)
    return chains


def _statement(code: str, chain: list[Part], marked, first: bool) -> Statement:
    transactions = tuple(next(marked) for part in chain for _transaction in part.transactions)
    notices = [notice for part in chain for notice in part.notices]
    account = fold_account(chain[0].account)
    days = [transaction.date for transaction in transactions]
    start = min([part.date_from for part in chain if part.date_from] or days, default=None)
    end = max([part.date_to for part in chain if part.date_to] or days, default=None)
    if start and end and start > end:
        # The dates of the balances cannot be: those of the operations tell.
        start, end = min(days, default=None), max(days, default=None)
    statement = Statement(
        format=code,
        account=account,
        currency=chain[0].currency,
        date_from=start,
        date_to=end,
        opening=chain[0].opening,
        closing=chain[-1].closing,
        transactions=transactions,
        unread=tuple(unread for part in chain for unread in part.unread),
    )
    if first and account.startswith("KZ") and not iban_is_valid(account):
        notices.append(Notice("account_check_digits", 0, {"account": account}))
    if zero := sum(part.zero for part in chain):
        notices.append(Notice("zero_lines", 0, {"count": str(zero)}))
    differences = balance_warnings(
        statement, _total(part.credited for part in chain), _total(part.debited for part in chain)
    )
    incomplete = bool(statement.unread or differences)
    return replace(statement, warnings=tuple(notices + differences), incomplete=incomplete)


def _total(stated: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, None unless every part states it."""
    total = Decimal(0)
    for value in stated:
        if value is None:
            return None
        total += value
    return total
