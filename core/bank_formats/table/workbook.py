"""What the readers of workbooks share: values to cells, and the guard around the libraries that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from ..model import StatementFormatError
from ..source import Source
from .cells import Day, Number, Row, make_row

# A sheet has no more rows; a file that says so is hostile.
LAST_ROW = 1_048_576
# A number beyond this is no amount, no day and no account, and is kept as text.
_LARGEST = 10**20
# Cells, with empty ones, that a file may have for each line that it may have.
_CELLS_PER_LINE = 50


def to_cell(value: Any) -> str:
    """A value of a workbook as a cell: what it knows to be a number or a day stays one."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).upper()
    if isinstance(value, datetime):
        return Day(value.date())
    if isinstance(value, date):
        return Day(value)
    if isinstance(value, int | float):
        return Number(value) if -_LARGEST < value < _LARGEST else str(value)
    if isinstance(value, time):
        return value.isoformat()
    return str(value)


def collect(
    rows: Iterable[tuple[int, Sequence]], source: Source, convert: Callable[[Any], str] | None = None
) -> list[Row]:
    """The rows that are not empty, given with their numbers; bounded as `Limits` say.

    `convert` makes a value a cell; without it they are cells already. Empty cells (None or "") cost time
    too: a file is refused that has far more of them than a full one could.
    """
    limits, filename = source.limits, source.filename
    left = _CELLS_PER_LINE * limits.lines
    found: list[Row] = []
    for number, values in rows:
        left -= len(values)
        if number > LAST_ROW or len(found) >= limits.lines:
            raise StatementFormatError("too_many_lines", filename=filename, limit=limits.lines)
        if left < 0:
            raise StatementFormatError(
                "too_many_columns", filename=filename, line=number, limit=limits.columns
            )
        width = len(values)
        while width and values[width - 1] in (None, ""):
            width -= 1
        cells = map(convert, values[:width]) if convert else values[:width]
        if width and (row := make_row(number, cells, limits.columns, filename)):
            found.append(row)
    return found


def broken(source: Source, error: Exception) -> StatementFormatError:
    """The error for whatever a library raised: on damaged files they raise almost anything."""
    text = " ".join(f"{type(error).__name__} {error}".split())[:80]
    return StatementFormatError("workbook_broken", filename=source.filename, text=text)
