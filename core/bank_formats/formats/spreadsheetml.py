"""Excel 2003 XML (SpreadsheetML), which internet banks give the name .xls, as tables.

No library in use reads it. It is plain XML, so lxml (guarded as for camt) and the few attributes that move
cells are all it takes: ``ss:Index`` and ``ss:MergeAcross``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from ..model import Statement, StatementFormatError
from ..source import Format, Source
from ..table import Day, Table, read_tables
from ..table.workbook import LAST_ROW, collect, to_cell
from ..xml import parse_xml

_SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"


def detect(source: Source) -> bool:
    head = source.text[:4096].lstrip("\ufeff \r\n\t")
    return head.startswith("<?xml") and "Workbook" in head


def tables(source: Source) -> list[Table]:
    root = parse_xml(source)
    if root.tag != "Workbook":
        raise StatementFormatError("unknown_format", filename=source.filename)
    date1904 = root.find("ExcelWorkbook/Date1904") is not None
    return [
        Table(collect(_rows(sheet, source), source), sheet.get(f"{_SPACE}Name", ""), date1904)
        for sheet in root.iterfind("Worksheet")
    ]


def parse(source: Source) -> list[Statement]:
    """One statement per account. Errors as `parse_statement`; rows are those of the sheet."""
    return read_tables(source, FORMAT.code, tables(source))


def _rows(sheet: etree._Element, source: Source) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for row in sheet.iterfind("Table/Row"):
        number = _integer(row, "Index", number + 1, LAST_ROW)
        cells: list[str] = []
        limit = source.limits.columns
        for cell in row.iterfind("Cell"):
            place = _integer(cell, "Index", len(cells) + 1, limit + 1)
            cells += [""] * (place - 1 - len(cells))
            cells.append(_cell(cell))
            cells += [""] * min(_integer(cell, "MergeAcross", 0, limit), limit)
        yield number, cells


def _integer(element: etree._Element, name: str, default: int, limit: int) -> int:
    """A number of the element; what cannot be one, or is beyond the limit, is just beyond it."""
    text = element.get(f"{_SPACE}{name}")
    if text is None:
        return default
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else limit + 1
    return min(value, limit + 1)


def _cell(cell: etree._Element) -> str:
    data = cell.find("Data")
    if data is None:
        return ""
    text = "".join(data.itertext()).strip()
    kind = data.get(f"{_SPACE}Type", "String")
    with contextlib.suppress(ValueError):
        if kind == "Number":
            return to_cell(float(text))
        if kind == "DateTime":
            return Day(datetime.fromisoformat(text[:19]).date())
    return text


FORMAT = Format("workbook", "Excel 2003 XML", 85, detect, parse, tables)
