"""QIF: records of tagged lines. No library in use reads it, and it is too simple to need one.

The format has no account numbers, no currency, no ids and no closing balance: the journal is chosen by
the user, and a file of several accounts is refused, because nothing would tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ..model import Notice, Skip, Statement, StatementFormatError, Transaction, Unread
from ..parts import Part, to_statements
from ..profile import Profile
from ..source import Format, Source
from ..table.habits import date_order
from ..text import AmbiguousAmount, decimal_mark, fold_account, parse_amount, parse_date, squash

_ACCOUNTS = ("bank", "cash", "ccard", "oth a", "oth l")
_DAY = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})([/.'-])([0-9]{4}|[0-9]{2})")
_NUMBER = re.compile(r"(?=.*[0-9]{8})[A-Z0-9]{10,34}")


@dataclass(slots=True)
class Record:
    """One record: the first value of each letter, memos of its splits, the account that it stands under."""

    line: int
    account: str
    values: dict[str, str] = field(default_factory=dict)
    memos: list[str] = field(default_factory=list)
    is_cut: bool = False

    def shown(self) -> str:
        return " | ".join(f"{letter}{value}" for letter, value in self.values.items())[:160]


def detect(source: Source) -> bool:
    head = source.text[:4096].replace("\r", "\n")
    return bool(re.search(r"^!(?:Type:|Account|Option:|Clear:)", head, re.M | re.I))


def parse(source: Source) -> list[Statement]:
    """One statement per account. See `core.bank_formats.parse_statement` for errors."""
    filename, profile = source.filename, source.profile or Profile()
    records, notices, investments = _read(source.lines())
    if not records:
        if investments:
            raise StatementFormatError(
                "investment_account",
                filename=filename,
                line=investments[0].line,
                account=investments[0].account,
            )
        raise StatementFormatError("nothing_in_file", filename=filename, line=1)
    accounts = list(dict.fromkeys(record.account for record in records))
    numbers = {name: _account(name) for name in accounts}
    if len(accounts) > 1 and not all(numbers.values()):
        names = ", ".join(name or "?" for name in accounts)[:200]
        raise StatementFormatError(
            "several_accounts", filename=filename, line=records[0].line, accounts=names
        )
    days = [(record.line, _plain_day(record.values.get("D", ""))) for record in records]
    order = profile.date_order or date_order(days, filename)
    decimal = profile.decimal or decimal_mark(_amount_text(record) for record in records)
    parts = {name: Part(account=numbers[name]) for name in accounts}
    for record in records:
        _add(record, parts[record.account], order, decimal, filename)
    found = list(parts.values())
    found[0].notices += notices
    found[0].notices += [
        Notice("investment_ignored", record.line, {"account": record.account}) for record in investments[:1]
    ]
    return to_statements("qif", found)


def _read(lines: list[str]) -> tuple[list[Record], list[Notice], list[Record]]:
    """Records of accounts of money, remarks, records of investments."""
    records: list[Record] = []
    notices: list[Notice] = []
    investments: list[Record] = []
    kind = account = ""
    for record, head in _records(lines):
        if head:
            kind = head
            continue
        if kind == "account":
            account = record.values.get("N", "") or account
            continue
        record.account = account
        if kind in _ACCOUNTS:
            if "D" in record.values or _amount_text(record):
                records.append(record)
            elif record.values:
                notices.append(Notice("line_ignored", record.line, {"text": record.shown()[:80]}))
        elif kind == "invst" and record.values:
            investments.append(record)
    return records, notices, investments


def _records(lines: list[str]) -> Iterator[tuple[Record, str]]:
    """Records in order; for a head line (``!Type:…``, ``!Account``) its kind instead of values."""
    record = Record(1, "")
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if text.startswith("!"):
            if record.values:
                yield record, ""
            record = Record(number + 1, "")
            word = text[1:].strip().casefold()
            if word.startswith("type:"):
                yield record, squash(word[5:]) or "?"
            elif word.startswith("account"):
                yield record, "account"
        elif text[0] == "^":
            yield record, ""
            record = Record(number + 1, "")
        elif text[0] == "E":
            record.memos.append(text[1:].strip())
        else:
            if not record.values:
                record.line = number
            record.values.setdefault(text[0].upper(), text[1:].strip())
    if record.values:
        # Its end mark is missing: what stands in it may be half of it.
        record.is_cut = True
        yield record, ""


def _add(record: Record, part: Part, order: str, decimal: str, filename: str) -> None:
    try:
        amount = _amount(record, decimal, filename)
        if _is_opening(record):
            part.opening = amount
            return
        transaction = _transaction(record, amount, order)
    except Skip as skip:
        part.unread.append(Unread(record.line, skip.code, skip.params, record.shown()))
        return
    if amount:
        part.transactions.append(transaction)
    else:
        part.zero += 1


def _transaction(record: Record, amount: Decimal, order: str) -> Transaction:
    values = record.values
    try:
        day = parse_date(_plain_day(values.get("D", "")), order)
    except ValueError:
        raise Skip("date_unreadable", text=values.get("D", "")[:40]) from None
    return Transaction(
        date=day,
        amount=amount,
        line=record.line,
        counterparty_name=squash(values.get("P", "")),
        purpose=squash(values.get("M", "") or " ".join(record.memos))[:4000],
        document_number=squash(values.get("N", "")),
        raw=tuple(values.items()),
    )


def _is_opening(record: Record) -> bool:
    """The record with which a program begins an account: a balance, no operation."""
    values = record.values
    return values.get("P", "").casefold() == "opening balance" and values.get("L", "").startswith("[")


def _amount_text(record: Record) -> str:
    return record.values.get("T", "") or record.values.get("U", "")


def _amount(record: Record, decimal: str, filename: str) -> Decimal:
    if record.is_cut:
        raise Skip("operation_cut_off")
    text = _amount_text(record)
    if not text:
        raise Skip("amount_missing")
    try:
        return parse_amount(text, decimal)
    except AmbiguousAmount:
        raise StatementFormatError(
            "amount_ambiguous", filename=filename, line=record.line, amount=text[:40]
        ) from None
    except ValueError:
        raise Skip("amount_unreadable", amount=text[:40]) from None


def _plain_day(text: str) -> str:
    """``9/ 9'26`` → ``9/9/2026``. An apostrophe is of this century; without it, 70 to 99 are of the last."""
    compact = text.replace(" ", "")
    if not (match := _DAY.fullmatch(compact)):
        return compact
    first, mark, second, before, year = match.groups()
    if len(year) == 2:
        year = f"19{year}" if before != "'" and int(year) >= 70 else f"20{year}"
    return f"{first}{mark}{second}{mark}{year}"


def _account(name: str) -> str:
    """The name when it is a number of an account, else ""."""
    folded = fold_account(name)
    return folded if _NUMBER.fullmatch(folded) else ""


FORMAT = Format("qif", "QIF", 80, detect, parse)
