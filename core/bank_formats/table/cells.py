"""What a table is made of, and how one cell is read.

A cell is text. Where a workbook knows that it holds a number or a date, it is a `Number` or a `Day`: text
as well, with the value beside it, so that nothing has to be read twice or can be read in two ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..model import StatementFormatError
from ..text import MAX_AMOUNT, parse_amount, parse_date

# Workbooks keep days as numbers; below the first of these a number in a date column is no day.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
# A workbook shows no more; behind it is the noise of binary fractions.
_DIGITS = 15


class Number(str):
    """A number cell: `value` in at most 15 significant digits, the text in plain digits."""

    __slots__ = ("value",)
    value: Decimal

    def __new__(cls, value: int | float | Decimal):
        number = Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else Decimal(value)
        text = f"{number:f}"
        cell = super().__new__(cls, text.rstrip("0").rstrip(".") if "." in text else text)
        cell.value = number
        return cell


class Day(str):
    """A date cell: `value` is the day, the text its ISO form."""

    __slots__ = ("value",)
    value: date

    def __new__(cls, value: date):
        cell = super().__new__(cls, value.isoformat())
        cell.value = value
        return cell


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the line of the file (or the row of the sheet) on which it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are not empty, in order. `name` is the sheet's; `date1904` says from when its days count."""

    rows: list[Row]
    name: str = ""
    date1904: bool = False
    delimiter: str = ""


def make_row(line: int, cells, limit: int, filename: str = "") -> Row | None:
    """The row without blanks around and empty cells behind, None when nothing is left.

    Raises ``too_many_columns``: no statement is that wide, a hostile file is.
    """
    kept = [cell if isinstance(cell, Number | Day) else cell.strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) > limit:
        raise StatementFormatError("too_many_columns", filename=filename, line=line, limit=limit)
    return Row(line, tuple(kept)) if kept else None


def to_amount(cell: str, decimal: str = "") -> Decimal:
    """As `parse_amount`; a number cell is what it is."""
    if isinstance(cell, Number):
        if not cell.value.is_finite() or abs(cell.value) >= MAX_AMOUNT:
            raise ValueError(cell[:40])
        return cell.value
    return parse_amount(cell, decimal)


def to_date(cell: str, order: str = "dmy", date1904: bool = False) -> date:
    """As `parse_date`; a number cell is a day of the workbook's calendar, if it can be one of our time."""
    if isinstance(cell, Day):
        day = cell.value
    elif isinstance(cell, Number):
        if not (cell.value.is_finite() and 0 < cell.value < 100_000):
            raise ValueError(cell[:40])
        day = _EPOCHS[date1904] + timedelta(days=int(cell.value))
    else:
        return parse_date(cell, order)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(cell[:40])
    return day
