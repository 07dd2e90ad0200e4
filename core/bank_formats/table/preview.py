"""How the first rows of a table will be read, cell by cell. Reads, never raises, changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ..model import StatementFormatError, Transaction
from ..profile import Profile
from ..source import Source
from ..text import AmbiguousAmount, fold_account
from .cells import Number, Row, Table, to_amount, to_date
from .guess import Guess, guess_columns
from .header import HEADER_ROWS, Layout
from .marketplace import check_marketplace
from .preamble import labels, read_preamble
from .rows import RowReader
from .statement import Frame, frame_of, with_habits

SAMPLE_ROWS = 30
_AMOUNTS, _DATES = ("debit", "credit", "amount", "balance"), ("date", "value_date")


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """One cell: `role` "" when its column is not read; `value` what it is read as; `code` what is wrong
    (``date_unreadable``, ``date_order_undecided``, ``amount_unreadable``, ``amount_ambiguous``) or ""."""

    text: str
    role: str = ""
    value: Decimal | date | str | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row below the header and what becomes of it.

    `outcome` is ``operation`` (with its `transaction`), ``joined`` (goes on with the purpose of the row
    before), ``unread`` (listed, with code and params) or ``skipped``. In a preview without a header, every
    row is ``raw``.
    """

    line: int
    outcome: str
    cells: tuple[PreviewCell, ...]
    code: str = ""
    params: dict[str, str] = field(default_factory=dict)
    transaction: Transaction | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file will be read.

    :param format: code of the format, "" when the file is of none.
    :param error: why the file as a whole would be refused, None when it would be read.
    :param columns: one guess per column; with a header not found, of the row that looks most like one.
    :param roles: role -> index of the column with which the rows are read.
    :param header_line: line of the header, 0 when there is none.
    :param rows: the first rows below the header (or of the file).
    :param total_rows: how many there are.
    :param tables: names of the sheets; `table` is the one that is shown.
    """

    format: str = ""
    error: StatementFormatError | None = None
    columns: tuple[Guess, ...] = ()
    roles: dict[str, int] = field(default_factory=dict)
    header_line: int = 0
    rows: tuple[PreviewRow, ...] = ()
    total_rows: int = 0
    table: str = ""
    tables: tuple[str, ...] = ()
    delimiter: str = ""
    decimal: str = ""
    date_order: str = ""
    account: str = ""
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None


def preview_tables(source: Source, code: str, tables: Sequence[Table], rows: int = 10) -> Preview:
    """The preview of the first table with a header, else of the first one with rows."""
    profile = source.profile or Profile()
    tables = [table for table in tables if table.rows]
    found = Preview(format=code, tables=tuple(table.name for table in tables))
    if not tables:
        return replace(found, error=_error("header_not_found", source, 1))
    frame = next((frame for table in tables if (frame := frame_of(table, profile))), None)
    error = None
    try:
        for table in tables:
            check_marketplace(table, source.filename)
    except StatementFormatError as caught:
        error = caught
    if frame is None:
        error = error or _error("header_not_found", source, tables[0].rows[0].line)
        return _without_header(replace(found, error=error), tables[0], profile, rows)
    try:
        frame = with_habits(frame, profile, source.filename)
    except StatementFormatError as caught:
        error = error or caught
    return _with_header(replace(found, error=error), frame, profile, rows, source.filename)


def _error(code: str, source: Source, line: int) -> StatementFormatError:
    return StatementFormatError(code, filename=source.filename, line=line)


def _without_header(found: Preview, table: Table, profile: Profile, rows: int) -> Preview:
    best, weight, below = (), -1, table.rows
    for index, row in enumerate(table.rows[:HEADER_ROWS]):
        guesses = guess_columns(row.cells, _samples(table.rows[index + 1 :]), profile)
        by_title = tuple(guess for guess in guesses if guess.reason.startswith("title"))
        if _weight(by_title, row) > weight:
            best, weight, below = guesses, _weight(by_title, row), table.rows[index + 1 :]
    shown = below or table.rows
    return replace(
        found,
        table=table.name,
        delimiter=table.delimiter,
        columns=best,
        rows=tuple(
            PreviewRow(row.line, "raw", tuple(PreviewCell(cell) for cell in row.cells))
            for row in shown[:rows]
        ),
        total_rows=len(shown),
    )


def _weight(guesses: Sequence[Guess], row: Row) -> int:
    """How much a row looks like a header: known words, and at least some texts in it."""
    return 1000 * len(guesses) + sum(1 for cell in row.cells if cell and not any(map(str.isdigit, cell)))


def _with_header(found: Preview, frame: Frame, profile: Profile, rows: int, filename: str) -> Preview:
    layout = frame.layout
    head = read_preamble(labels(frame.above), layout.decimal, layout.order)
    undecided = found.error.code if found.error else ""
    reader = RowReader(layout, profile, "")
    shown = tuple(_row(row, reader, layout, undecided) for row in frame.below[:rows])
    refused = next((row for row in shown if row.code == "amount_ambiguous"), None)
    error = found.error
    if error is None and refused:
        error = StatementFormatError(refused.code, filename=filename, line=refused.line, **refused.params)
    return replace(
        found,
        error=error,
        table=frame.table.name,
        delimiter=frame.table.delimiter,
        decimal=layout.decimal,
        date_order="" if undecided == "date_order_undecided" else layout.order,
        columns=guess_columns(layout.titles, _samples(frame.below), profile),
        roles=dict(layout.columns),
        header_line=frame.header_line,
        rows=shown,
        total_rows=len(frame.below),
        account=fold_account(head.get("account", "")),
        currency=head.get("currency", ""),
        opening=head.get("opening"),
        closing=head.get("closing"),
    )


def _samples(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    return [row.cells for row in rows[:SAMPLE_ROWS]]


def _row(row: Row, reader: RowReader, layout: Layout, undecided: str) -> PreviewRow:
    by_column = {column: role for role, column in layout.columns.items()}
    cells = tuple(
        _cell(text, by_column.get(column, ""), layout, undecided) for column, text in enumerate(row.cells)
    )
    before = (len(reader.transactions), len(reader.unread))
    last = reader.transactions[-1] if reader.transactions else None
    try:
        reader.feed(row)
    except StatementFormatError as error:
        return PreviewRow(row.line, "unread", cells, error.code, error.params)
    if len(reader.unread) > before[1]:
        unread = reader.unread[-1]
        return PreviewRow(row.line, "unread", cells, unread.code, unread.params)
    if len(reader.transactions) > before[0]:
        if undecided in ("date_order_undecided", "amount_without_direction"):
            # The file will be refused: what is not known is not shown as if it were.
            return PreviewRow(row.line, "unread", cells, undecided)
        return PreviewRow(row.line, "operation", cells, transaction=reader.transactions[-1])
    if last is not None and reader.transactions[-1] is not last:
        return PreviewRow(row.line, "joined", cells)
    return PreviewRow(row.line, "skipped", cells)


def _cell(text: str, role: str, layout: Layout, undecided: str) -> PreviewCell:
    if not role or not text:
        return PreviewCell(text, role)
    if role in _DATES:
        if undecided == "date_order_undecided" and not isinstance(text, Number):
            return PreviewCell(text, role, code=undecided)
        try:
            return PreviewCell(text, role, to_date(text, layout.order, layout.date1904))
        except ValueError:
            return PreviewCell(text, role, code="date_unreadable")
    if role in _AMOUNTS:
        try:
            return PreviewCell(text, role, to_amount(text, layout.decimal))
        except AmbiguousAmount:
            return PreviewCell(text, role, code="amount_ambiguous")
        except ValueError:
            return PreviewCell(text, role, code="amount_unreadable")
    return PreviewCell(text, role, text)
