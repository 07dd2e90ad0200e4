"""A table to statements: header, habits, rows, what stands around them.

A file has either a debit and a credit column, or one amount column with signs or with a
column that names the direction. One amount column without any of these is refused: the
direction of money is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..model import Notice, Statement, StatementFormatError
from ..parts import Part, to_statements
from ..profile import Profile
from ..source import Source
from ..text import account_currency, fold_account
from .cells import Number, Row, Table
from .habits import column_decimal, column_order
from .header import Layout, find_header
from .marketplace import check_marketplace
from .preamble import labels, period_days, read_preamble
from .rows import RowReader


@dataclass(frozen=True, slots=True)
class Frame:
    """A table whose header is found: `start` is the index of the first row below it."""

    table: Table
    layout: Layout
    start: int

    @property
    def above(self) -> list[Row]:
        return self.table.rows[: max(self.start - 1, 0)]

    @property
    def below(self) -> list[Row]:
        return self.table.rows[self.start :]

    @property
    def header_line(self) -> int:
        return self.table.rows[self.start - 1].line


def read_tables(source: Source, code: str, tables: Sequence[Table]) -> list[Statement]:
    """One statement per account of the tables (sheets) that have a header; errors as `parse_statement`.

    Sheets without a header are named in a notice.
    """
    profile = source.profile or Profile()
    for table in tables:
        check_marketplace(table, source.filename)
    parts, others = [], []
    for table in tables:
        if frame := frame_of(table, profile):
            parts.append(_part(frame, profile, source.filename))
        elif table.rows:
            others.append(Notice("sheet_ignored", 0, {"sheet": table.name[:80]}))
    if not parts:
        line = next((table.rows[0].line for table in tables if table.rows), 1)
        raise StatementFormatError("header_not_found", filename=source.filename, line=line)
    parts[0].notices += others
    return to_statements(code, parts)


def frame_of(table: Table, profile: Profile) -> Frame | None:
    layout, start = find_header(table.rows, profile)
    return layout and Frame(table, replace(layout, date1904=table.date1904), start)


def with_habits(frame: Frame, profile: Profile, filename: str) -> Frame:
    """The frame with decimal mark and date order. Raises when direction or order of dates stay open."""
    layout = frame.layout
    check_direction(frame, profile, filename)
    layout = replace(layout, decimal=profile.decimal or column_decimal(layout, frame.below))
    order = profile.date_order
    if not order:
        order = column_order(layout, frame.below, period_days(labels(frame.above)), filename)
    return replace(frame, layout=replace(layout, order=order))


def check_direction(frame: Frame, profile: Profile, filename: str) -> None:
    """Raises ``amount_without_direction``."""
    layout = frame.layout
    if "amount" not in layout.columns or "debit" in layout.columns or "credit" in layout.columns:
        return
    if "direction" in layout.columns or profile.unsigned_amount:
        return
    cells = (layout.cell(row, "amount") for row in frame.below)
    if not any(_is_negative(cell) for cell in cells if cell):
        raise StatementFormatError("amount_without_direction", filename=filename, line=frame.header_line)


def _is_negative(cell: str) -> bool:
    if isinstance(cell, Number):
        return cell.value < 0
    return bool(re.match(r"[-\u2212–—(]", cell)) or cell.endswith("-")


def _part(frame: Frame, profile: Profile, filename: str) -> Part:
    frame = with_habits(frame, profile, filename)
    reader = RowReader(frame.layout, profile, filename)
    for row in frame.below:
        reader.feed(row)
    head = read_preamble(labels(frame.above), frame.layout.decimal, frame.layout.order)
    if not reader.transactions and not reader.unread:
        reader.notices.append(Notice("no_operations", 0))
    account = fold_account(head.get("account", ""))
    currency = head.get("currency", "") or next((t.currency for t in reader.transactions if t.currency), "")
    return Part(
        account=account,
        currency=currency or account_currency(account),
        line=frame.header_line,
        date_from=head.get("from"),
        date_to=head.get("to"),
        opening=head.get("opening", reader.footer.get("opening")),
        closing=head.get("closing", reader.footer.get("closing")),
        credited=reader.footer.get("credit"),
        debited=reader.footer.get("debit"),
        transactions=reader.transactions,
        unread=reader.unread,
        notices=reader.notices,
        zero=reader.zero,
    )
