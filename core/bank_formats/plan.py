"""What an import would do with a statement: decided before anything is written.

Nothing is imported twice. The same operation in a file of the same format has the same fingerprint: it
is `known`. Another format tells the same operation in other words (1C a document number, camt a reference,
a card statement neither), so between formats only the number counts: of the operations of one day and one
signed amount as many are new as the journal does not hold yet, the rest are possible duplicates, for a
person to decide. Which of several equal amounts are the duplicates is told by what the texts share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .model import Notice, Statement, Transaction, Unread
from .text import fold_account, normalize


@dataclass(frozen=True, slots=True)
class Booked:
    """A line of the journal that the file does not name by its fingerprint.

    `format` is the format of the file that brought it, empty for one that somebody entered by hand.
    """

    id: int
    date: date
    amount: Decimal
    format: str = ""
    document_number: str = ""
    counterparty_account: str = ""
    counterparty_tax_id: str = ""
    bank_reference: str = ""
    end_to_end: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An operation of the file that is perhaps in the journal already, as the line `booked_id`."""

    transaction: Transaction
    booked_id: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """`new` is to be created, in the order of dates; `known` is there already; `duplicates` are there
    perhaps; `locked` lies in a closed period; `unread` cannot be read or booked. Balances are None when
    the file has none, when lines were unread, or when the new lines do not stand at its end:
    `balance_start` is the balance before the first new line."""

    new: tuple[Transaction, ...] = ()
    known: tuple[Transaction, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    locked: tuple[Transaction, ...] = ()
    unread: tuple[Unread, ...] = ()
    balance_start: Decimal | None = None
    balance_end: Decimal | None = None
    notices: tuple[Notice, ...] = ()


def plan_import(
    statement: Statement,
    known: Set[str],
    *,
    lock_date: date | None,
    currency: str,
    digits: int,
    booked: Iterable[Booked] = (),
    accepted: Set[str] = frozenset(),
) -> ImportPlan:
    """Sort the transactions of a statement by what may be done with them.

    `known` are the fingerprints that the journal holds, `booked` its other lines with dates and amounts of
    the statement; `accepted` are fingerprints that are imported although they may be duplicates. Lines on
    or before `lock_date` are locked; `currency` (ISO code) and `digits` are those of the journal.
    """
    there: list[Transaction] = []
    fresh: list[Transaction] = []
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
        else:
            fresh.append(transaction)
    pairs = pair_duplicates(fresh, booked, statement.format)
    duplicates = [
        Duplicate(line, pairs[place])
        for place, line in enumerate(fresh)
        if place in pairs and line.fingerprint not in accepted
    ]
    left = {duplicate.transaction.fingerprint for duplicate in duplicates}
    fresh = [line for line in fresh if line.fingerprint not in left]
    locked = [line for line in fresh if lock_date and line.date <= lock_date]
    new = [line for line in fresh if not (lock_date and line.date <= lock_date)]
    kept = [*there, *locked, *(duplicate.transaction for duplicate in duplicates)]
    start, end, notices = _balances(statement, new, kept, unread)
    return ImportPlan(
        tuple(new), tuple(there), tuple(duplicates), tuple(locked), tuple(unread), start, end, notices
    )


def _balances(statement, new, kept, unread) -> tuple[Decimal | None, Decimal | None, tuple[Notice, ...]]:
    """Balance before and after the new lines, or why the file's balances are not theirs."""
    if not new or statement.opening is None or statement.closing is None:
        return None, None, ()
    if unread:
        # The closing balance counts what could not be read: the lines would not add up to it.
        return None, None, (Notice("no_balances_unread"),)
    if kept and max(line.date for line in kept) > new[0].date:
        # The new lines lie between others: no balance of the file is theirs.
        return None, None, (Notice("no_balances"),)
    return statement.opening + sum((line.amount for line in kept), Decimal(0)), statement.closing, ()


# --- the same operation in other words ---------------------------------------
def _facts(line: Transaction | Booked) -> dict[str, str]:
    return {
        "number": normalize(line.document_number),
        "account": fold_account(line.counterparty_account),
        "tax_id": normalize(line.counterparty_tax_id),
        "reference": normalize(line.bank_reference),
        "end_to_end": normalize(line.end_to_end),
        "purpose": normalize(line.purpose),
    }


def _all_of(*names: str) -> Callable[[dict[str, str]], tuple[str, ...] | None]:
    """The facts of these names, None unless all of them are known."""

    def key(facts):
        values = tuple(facts[name] for name in names)
        return values if all(values) else None

    return key


# What two tellings of an operation may share, the strongest first; the last one is day and amount alone.
_LIKENESS = (
    _all_of("reference"),
    _all_of("number", "account"),
    _all_of("number", "tax_id"),
    _all_of("end_to_end"),
    _all_of("tax_id", "purpose"),
    _all_of("account", "purpose"),
    _all_of("purpose"),
    _all_of("number"),
    _all_of("account"),
    _all_of("tax_id"),
    lambda facts: (),
)


def _identity(facts: dict[str, str]) -> tuple[str, ...]:
    return facts["number"], facts["account"], facts["tax_id"], facts["reference"], facts["end_to_end"]


def pair_duplicates(
    fresh: list[Transaction], booked: Iterable[Booked], file_format: str = ""
) -> dict[int, int]:
    """Which of the operations may be in the journal already: place in `fresh` -> id of the line there.

    Each line of `booked` answers for one operation of its day and amount, whatever format it came in. One of
    the same format does so only when the two differ in the purpose alone: other numbers are other operations.
    The work grows with the number of lines, not with its square.
    """
    places: dict[tuple, list[int]] = defaultdict(list)
    for place, line in enumerate(fresh):
        places[line.date, line.amount].append(place)
    pools: dict[tuple, list[Booked]] = defaultdict(list)
    for line in booked:
        if (line.date, line.amount) in places:
            pools[line.date, line.amount].append(line)
    pairs: dict[int, int] = {}
    for slot, pool in pools.items():
        same = [line for line in pool if file_format and line.format == file_format]
        other = [line for line in pool if not (file_format and line.format == file_format)]
        _pair(fresh, places[slot], same, (_identity,), pairs)
        _pair(fresh, places[slot], other, _LIKENESS, pairs)
    return pairs


def _pair(fresh, places, pool, keys, pairs) -> None:
    """Add to `pairs`, one line of the pool for one place, by the first key that they share."""
    told = [(place, _facts(fresh[place])) for place in places] if pool else []
    waiting = [(line.id, _facts(line)) for line in pool]
    for key in keys:
        if not waiting:
            return
        by_key: dict[tuple, list[int]] = defaultdict(list)
        for line_id, facts in reversed(waiting):
            if (value := key(facts)) is not None:
                by_key[value].append(line_id)
        taken = set()
        for place, facts in told:
            if place not in pairs and by_key.get(value := key(facts)) and value is not None:
                pairs[place] = by_key[value].pop()
                taken.add(pairs[place])
        waiting = [(line_id, facts) for line_id, facts in waiting if line_id not in taken]


def opening_gap(plan: ImportPlan, expected: Decimal | None) -> Notice | None:
    """A remark when the journal's last balance (`expected`) is not the one that the new lines begin with."""
    if plan.balance_start is None or expected is None or plan.balance_start == expected:
        return None
    return Notice("opening_gap", 0, {"stated": f"{plan.balance_start:.2f}", "computed": f"{expected:.2f}"})
