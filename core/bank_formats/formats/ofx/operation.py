"""One operation of an OFX file: read by ofxparse first, by us where that fails or drops something."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from ofxparse.ofxparse import OfxParser, OfxParserException

from ...model import Notice, Skip, Transaction
from ...text import MAX_AMOUNT, AmbiguousAmount, currency_code, fold_account, parse_amount, parse_date, squash
from .tags import Operation

# What the library's reading of an amount is relied on for; it takes "1,234.5" and "NaN" as well.
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,8})?")
_NO_DAY = re.compile("0*|20000000.*")


class _Element:
    """What `OfxParser.parseTransaction` wants of an element: `find` and `contents`."""

    __slots__ = ("contents", "values")

    def __init__(self, text: str = "", values: dict[str, str] | None = None):
        self.contents = [text] if text else []
        self.values = values or {}

    def find(self, name: str):
        value = self.values.get(name.upper())
        if value is None:
            return None
        # Without its zone a day stays the day that the bank writes.
        return _Element(value.partition("[")[0] if name.startswith("dt") else value)


def read_operation(item: Operation, currency: str, decimal: str) -> tuple[Transaction, list[Notice]]:
    """The transaction and remarks about it; raises `Skip` when amount or date cannot be read."""
    if item.is_cut:
        raise Skip("operation_cut_off")
    values, notices = item.values, []
    try:
        read = OfxParser.parseTransaction(_Element(values=values))
        day, amount = _as_day(read.date), _checked(values.get("TRNAMT", ""), read.amount, decimal)
        name, memo, reference, number = read.payee, read.memo, read.id, read.checknum
    except (OfxParserException, ArithmeticError, ValueError, TypeError, AttributeError):
        day, amount = read_day(values.get("DTPOSTED", "")), _amount(values.get("TRNAMT", ""), decimal)
        name, memo, reference, number = (values.get(tag, "") for tag in ("NAME", "MEMO", "FITID", "CHECKNUM"))
    if day is None:
        day = read_day(values.get("DTUSER", "")) or read_day(values.get("DTAVAIL", ""))
        text = values.get("DTPOSTED", "")[:40]
        if day is None:
            raise Skip("date_unreadable", text=text)
        notices.append(Notice("date_ignored", item.line, {"text": text, "key": "DTPOSTED"}))
    other = "BANKACCTTO" if "BANKACCTTO" in item.parts else "CCACCTTO"
    transaction = Transaction(
        date=day,
        value_date=read_day(values.get("DTAVAIL", "")),
        amount=amount,
        line=item.line,
        currency=currency_code(item.part("CURRENCY", "CURSYM")) or currency,
        counterparty_name=_name(item, name),
        counterparty_account=fold_account(item.part(other, "ACCTID")),
        counterparty_bank=squash(item.part(other, "BANKID")),
        purpose=squash(memo or ""),
        document_number=squash(number or values.get("CHKNUM", "") or values.get("REFNUM", "")),
        document_kind=values.get("TRNTYPE", "").upper(),
        bank_reference=squash(reference or ""),
        raw=tuple(values.items()),
    )
    return transaction, notices


def read_day(text: str) -> date | None:
    """The day as written, whatever zone stands behind it; None when it is none of our time."""
    text = text.partition("[")[0].strip()
    if _NO_DAY.fullmatch(text):
        return None
    try:
        return _as_day(OfxParser.parseOfxDateTime(text))
    except (ValueError, AttributeError, OverflowError):
        pass
    try:
        return parse_date(text)
    except ValueError:
        return None


def read_amount(text: str, decimal: str) -> Decimal:
    """Signed amount. One mark before three digits is a decimal mark unless other amounts say otherwise."""
    try:
        return parse_amount(text, decimal)
    except AmbiguousAmount:
        return parse_amount(text, "," if "," in text else ".")


def _as_day(moment: datetime | None) -> date | None:
    return moment.date() if moment and 1990 <= moment.year <= 2100 else None


def _checked(text: str, amount, decimal: str) -> Decimal:
    if _PLAIN.fullmatch(text) and isinstance(amount, Decimal) and abs(amount) < MAX_AMOUNT:
        return amount
    return _amount(text, decimal)


def _amount(text: str, decimal: str) -> Decimal:
    if not text:
        raise Skip("amount_missing")
    try:
        return read_amount(text, decimal)
    except ValueError:
        raise Skip("amount_unreadable", amount=text[:40]) from None


def _name(item: Operation, name: str) -> str:
    """The payee's name. `EXTDNAME` of OFX 2 is the same one in full."""
    name = squash(name or "") or squash(item.part("PAYEE", "NAME"))
    full = squash(item.values.get("EXTDNAME", ""))
    return full if full.startswith(name) else name
