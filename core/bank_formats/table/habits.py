"""How a table writes its amounts and dates: decided over the whole of it, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..model import StatementFormatError
from ..text import decimal_mark
from .cells import Day, Number, Row
from .header import Layout

_DECIMAL_ROLES = ("debit", "credit", "amount", "balance")
# With points the day is first everywhere; with these some put the month first.
_EITHER = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-](?:[0-9]{4}|[0-9]{2})\b")


def column_decimal(layout: Layout, rows: Sequence[Row]) -> str:
    """The decimal mark that the amounts agree on, "" when they leave it open."""
    cells = (layout.cell(row, role) for row in rows for role in _DECIMAL_ROLES)
    return decimal_mark(cell for cell in cells if not isinstance(cell, Number | Day))


def date_order(dates: Iterable[tuple[int, str]], filename: str = "") -> str:
    """ "dmy" or "mdy" for dates given with their lines; dates that cannot be in doubt do not count.

    Raises ``date_order_undecided`` when some are in doubt and nothing in the file tells, or the file
    contradicts itself: five of March or third of May is not ours to choose.
    """
    day_first = month_first = doubtful = None
    for line, text in dates:
        if isinstance(text, Number | Day) or not (match := _EITHER.match(text.strip())):
            continue
        first, second = int(match.group(1)), int(match.group(2))
        if first > 12:
            day_first = True
        elif second > 12:
            month_first = True
        elif first != second and doubtful is None:
            doubtful = (line, match.group())
    if doubtful and bool(day_first) == bool(month_first):
        raise StatementFormatError(
            "date_order_undecided", filename=filename, line=doubtful[0], field="date", date=doubtful[1]
        )
    return "mdy" if month_first and not day_first else "dmy"


def column_order(layout: Layout, rows: Sequence[Row], period: Iterable[str] = (), filename: str = "") -> str:
    """`date_order` of the columns with dates and of the period above them."""
    roles = [role for role in ("date", "value_date") if role in layout.columns]
    dates = ((row.line, layout.cell(row, role)) for row in rows for role in roles)
    return date_order([*((0, text) for text in period), *dates], filename)
