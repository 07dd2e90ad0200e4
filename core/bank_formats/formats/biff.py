"""Excel 97 to 2003 (BIFF, .xls), read by xlrd, as tables.

Nothing else reads this format, and xlrd reads it well; on damaged files it raises almost anything, which
becomes one error here. Its remarks on such files go to a log that is thrown away.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlrd

from ..model import Statement, StatementFormatError
from ..source import Format, Source
from ..table import Table, read_tables
from ..table.workbook import broken, collect, to_cell

# The part of an OLE file in which a password-protected XLSX hides.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def detect(source: Source) -> bool:
    return source.data.startswith(b"\xd0\xcf\x11\xe0")


def tables(source: Source) -> list[Table]:
    try:
        book = xlrd.open_workbook(
            file_contents=source.data, logfile=io.StringIO(), on_demand=True, ragged_rows=True
        )
        with book:
            sheets = (book.sheet_by_index(index) for index in range(book.nsheets))
            return [
                Table(collect(_rows(book, sheet), source), sheet.name, book.datemode == 1) for sheet in sheets
            ]
    except StatementFormatError:
        raise
    except Exception as error:
        if _ENCRYPTED in source.data or "encrypted" in str(error):
            raise StatementFormatError("workbook_encrypted", filename=source.filename) from None
        raise broken(source, error) from None


def parse(source: Source) -> list[Statement]:
    """One statement per account. Errors as `parse_statement`; rows are those of the sheet."""
    return read_tables(source, FORMAT.code, tables(source))


def _rows(book, sheet) -> Iterator[tuple[int, list[str]]]:
    for index in range(sheet.nrows):
        kinds, values = sheet.row_types(index), sheet.row_values(index)
        cells = [_cell(book, kind, value) for kind, value in zip(kinds, values, strict=True)]
        yield index + 1, cells


def _cell(book, kind: int, value) -> str:
    if kind == xlrd.XL_CELL_DATE:
        try:
            return to_cell(xlrd.xldate.xldate_as_datetime(value, book.datemode))
        except (ValueError, OverflowError):
            return to_cell(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return to_cell(bool(value))
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#")
    return to_cell(value)


FORMAT = Format("xls", "Excel 97 (XLS)", 20, detect, parse, tables)
