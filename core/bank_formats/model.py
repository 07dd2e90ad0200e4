"""What a bank statement is, whatever file it came in.

Amounts are `Decimal` in units of the statement's currency, positive for money that came
in, negative for money that went out. Dates are `datetime.date`. Texts are stripped and
empty when the bank gave none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


class StatementFormatError(ValueError):
    """The file cannot be read as a statement: nothing of it may be imported.

    `code` and `params` let the shell say it in the user's language; `filename`, `line`
    (1-based, 0 when no line is to blame) and `field` say where.
    """

    def __init__(self, code: str, *, filename: str = "", line: int = 0, field: str = "", **params):
        super().__init__(code)
        self.code, self.filename, self.line, self.field, self.params = code, filename, line, field, params

    def __str__(self) -> str:
        place = [self.filename] if self.filename else []
        if self.line:
            place.append(f"line {self.line}")
        if self.field:
            place.append(self.field)
        details = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{', '.join(place) or 'bank file'}: {self.code}{f' ({details})' if details else ''}"


class Skip(Exception):
    """Within a reader: the operation is listed as unread instead of imported, `code` says why."""

    def __init__(self, code: str, **params: str):
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know, as a code with parameters, and the line it is about."""

    code: str
    line: int = 0
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """An operation that is not imported because its amount, date or direction is not known."""

    line: int
    code: str
    params: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One operation on the account.

    counterparty_* is the other side as the bank names it; ultimate_* the person behind
    it when the bank names both (payment on behalf of another). `bank_reference` is the bank's own
    id of the operation, `end_to_end` the reference that travelled with the payment (EndToEndId, EREF).
    `reversal`: the bank took an earlier operation back; the sign says already which way.
    `own_transfer`: both sides are accounts of ours in this file, never to be matched with
    invoices. `ordinal` counts equal operations of the file from 1; `fingerprint` is the same for
    the same operation in every file that holds it. `raw` keeps what the file said, key by key.
    """

    date: date
    amount: Decimal
    line: int
    value_date: date | None = None
    currency: str = ""
    counterparty_name: str = ""
    counterparty_tax_id: str = ""
    counterparty_account: str = ""
    counterparty_bank: str = ""
    ultimate_name: str = ""
    ultimate_tax_id: str = ""
    purpose: str = ""
    purpose_code: str = ""
    document_number: str = ""
    document_kind: str = ""
    bank_reference: str = ""
    end_to_end: str = ""
    reversal: bool = False
    own_transfer: bool = False
    ordinal: int = 1
    fingerprint: str = ""
    raw: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One own account of one file.

    `account` is empty when the file names none (the user then says which journal it is).
    `opening` and `closing` are None when the file has no balances. `incomplete` is true
    when something of the file could not be read or its sums do not tie out; `warnings`
    and `unread` say what.
    """

    format: str
    account: str = ""
    currency: str = ""
    date_from: date | None = None
    date_to: date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    transactions: tuple[Transaction, ...] = ()
    warnings: tuple[Notice, ...] = ()
    unread: tuple[Unread, ...] = ()
    incomplete: bool = False

    @property
    def credited(self) -> Decimal:
        """Sum of the operations that brought money in."""
        return sum((t.amount for t in self.transactions if t.amount > 0), Decimal(0))

    @property
    def debited(self) -> Decimal:
        """Sum of the operations that took money out, as a positive number."""
        return -sum((t.amount for t in self.transactions if t.amount < 0), Decimal(0))
