"""MT940: balances and the statement line ``:61:``. First the expressions of mt-940, then ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import mt940.tags

from ...model import Skip
from ...text import parse_amount

_LIBRARY_BALANCE = mt940.tags.FinalOpeningBalance().re
_LIBRARY_LINE = mt940.tags.Statement().re
_BALANCE = re.compile(r"([CD])([0-9]{6})\s*([A-Z]{3})?\s*([0-9.,' ]+)", re.I)
_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4}|[ ]{4})?[ ]?(?P<mark>[RE]?[CD])(?P<funds>[A-Z])?[ ]?"
    r"(?P<amount>[0-9.,']*)(?P<rest>.*)",
    re.I | re.S,
)
_CODE = re.compile(r"[ ]?([NFS][A-Z0-9]{3}|[A-Z][A-Z0-9][A-Z0-9 ]{2})")
# After whole units without their comma, which the standard demands, only this tells that the amount is whole.
_AFTER_WHOLE = re.compile(r"[ ]?[NFS][A-Z0-9 ]{3}|[ ]*(?://|$|[ ])")
_EXPONENT = re.compile(r"e[+-]?[0-9]")
_NO_REFERENCE = {"NONREF", "KREF+", "NOREF", "NOTPROVIDED", "N/A", "UNKNOWN"}
_LONGEST_REFERENCE = 16


@dataclass(slots=True)
class Line:
    """A statement line. `date_text` is set when a date in it cannot be; `more` is what stands behind."""

    date: date
    value_date: date | None
    amount: Decimal
    mark: str
    code: str = ""
    reference: str = ""
    bank_reference: str = ""
    more: str = ""
    date_text: str = ""

    @property
    def expected(self) -> bool:
        """MT942 lists what it expects (EC, ED) beside what it has booked."""
        return self.mark.startswith("E")


def read_amount(text: str) -> Decimal:
    """The comma is the decimal mark; some banks write a dot."""
    try:
        return parse_amount(text, decimal="," if "," in text else ".")
    except ValueError:
        code = "amount_unreadable" if text.strip() else "amount_missing"
        raise Skip(code, amount=text[:40]) from None


def read_balance(text: str) -> tuple[Decimal, str, date | None]:
    """(signed amount, currency, day) of ``:60F:`` and its kind; the day is None when there is no such day."""
    match = _LIBRARY_BALANCE.match(text)
    if match and match.end() == len(text) and match.group("currency").isalpha():
        mark, currency, amount = match.group("status", "currency", "amount")
        day = "".join(match.group("year", "month", "day"))
    elif match := _BALANCE.fullmatch(text):
        mark, day, currency, amount = match.groups()
    else:
        raise Skip("balance_unreadable")
    value = read_amount(amount)
    if mark.upper() == "D":
        value = -value
    return value, (currency or "").upper(), _day(day)


def read_total(text: str) -> tuple[Decimal | None, str]:
    """(sum, currency) of ``:90C:`` and ``:90D:``."""
    match = re.fullmatch(r"[0-9]*([A-Z]{3})([0-9.,]+)", text)
    if match is None:
        return None, ""
    try:
        return read_amount(match.group(2)), match.group(1)
    except Skip:
        return None, match.group(1)


def read_line(text: str, statement_day: date | None) -> Line:
    """A ``:61:`` field; `statement_day` is for a line whose own dates cannot be. Raises `Skip`."""
    first, _newline, below = text.partition("\n")
    found = _by_library(first) or _by_us(first)
    if found is None:
        raise Skip("line_unreadable")
    value, entry, mark, amount_text, code, reference, bank_reference, more = found
    _check_end(first, amount_text)
    amount = read_amount(amount_text)
    if mark.upper() in ("D", "RC", "ED"):
        amount = -amount
    value_date = _day(value)
    entry_date = _entry_day(entry, value_date or statement_day) if entry.strip() else None
    day = entry_date or value_date or statement_day
    if day is None:
        raise Skip("date_unreadable")
    wrong = "" if value_date and (entry_date or not entry.strip()) else f"{value}{entry}"
    return Line(
        date=day,
        value_date=value_date,
        amount=amount,
        mark=mark.upper(),
        code=code.strip(),
        reference=_reference(reference),
        bank_reference=_reference(bank_reference),
        more=" ".join(part for part in (more.strip(), *below.split("\n")) if part.strip()),
        date_text=wrong,
    )


def _check_end(text: str, amount: str) -> None:
    """Refuse an amount that breaks off where something unreadable stands: ``1e9`` is not 1."""
    match = _LINE.match(text)
    if match is None or match["amount"] != amount:
        return
    behind, is_whole = match["rest"], not set(amount) & set(",.")
    if _EXPONENT.match(behind) or (amount and is_whole and not _AFTER_WHOLE.match(behind)):
        raise Skip("amount_unreadable", amount=f"{amount}{behind}"[:40])


def _by_library(text: str):
    """What mt-940 reads, unless it stopped within the amount or a reference ran over."""
    match = _LIBRARY_LINE.match(text)
    if match is None or match.group("extra_details"):
        return None
    if text[match.end("amount") : match.end("amount") + 1] in tuple("0123456789.,'"):
        return None
    values = match.groupdict(default="")
    day, entry = values["year"] + values["month"] + values["day"], values["entry_month"] + values["entry_day"]
    names = ("status", "amount", "id", "customer_reference", "bank_reference")
    return day, entry, *(values[name] for name in names), ""


def _by_us(text: str):
    match = _LINE.match(text)
    if match is None:
        return None
    rest = match.group("rest")
    code = _CODE.match(rest)
    if code:
        rest = rest[code.end() :]
    reference, slashes, bank_reference = rest.partition("//")
    more = ""
    if not slashes and len(reference) > _LONGEST_REFERENCE:
        reference, more = reference[:_LONGEST_REFERENCE], reference[_LONGEST_REFERENCE:]
    values = (match.group("value"), match.group("entry") or "", match.group("mark"), match.group("amount"))
    return *values, code.group(1) if code else "", reference, bank_reference, more


def _reference(text: str) -> str:
    text = " ".join(text.split())
    return "" if text.upper() in _NO_REFERENCE else text


def _day(text: str) -> date | None:
    """A date of six digits; years from 90 on are of the last century."""
    year = int(text[:2])
    try:
        return date(year + (1900 if year >= 90 else 2000), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def _entry_day(text: str, near: date | None) -> date | None:
    """Month and day, in the year that brings them nearest to the value date."""
    if near is None:
        return None
    found = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            found.append(date(year, int(text[:2]), int(text[2:4])))
        except ValueError:
            continue
    return min(found, key=lambda day: abs(day - near), default=None)
