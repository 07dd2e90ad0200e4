"""HTML tables, which internet banks give the name .xls, read by lxml's HTML parser, as one table.

The parser mends what is not closed. All tables of the page are one table here, in the page's order: banks
put account and balances into one of their own above the operations. Tables within cells, which are for
layout, give their rows like others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ..model import Statement, StatementFormatError
from ..source import Format, Source
from ..table import Table, read_tables
from ..table.workbook import LAST_ROW, collect
from ..xml import check_marks

_SILENT = ("script", "style", "head", "noscript")


def detect(source: Source) -> bool:
    return bool(re.search(r"<(?:!doctype html|html|table)\b", source.text[:8192], re.I))


def tables(source: Source) -> list[Table]:
    check_marks(source.text, source)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(source.text.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise StatementFormatError("header_not_found", filename=source.filename, line=1)
    return [Table(collect(enumerate(_rows(root, source.limits.columns + 1), 1), source))]


def parse(source: Source) -> list[Statement]:
    """One statement. Errors as `parse_statement`; lines are rows, counted over all tables."""
    return read_tables(source, FORMAT.code, tables(source))


def _rows(root: etree._Element, width: int) -> Iterator[list[str]]:
    """Rows as they end. A cell's text is what stands in it and in no table within it."""
    open_rows: list[_Row] = []
    texts: list[list[str]] = []
    spans: list[dict[int, int]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == "table":
                spans.append({})
            elif tag == "tr":
                open_rows.append(_Row(spans[-1] if spans else {}, width))
            elif tag in ("td", "th"):
                texts.append([])
            elif tag == "br" and texts:
                texts[-1].append(" ")
            if texts and element.text and tag not in _SILENT:
                texts[-1].append(element.text)
            continue
        if tag in ("td", "th"):
            text = " ".join("".join(texts.pop()).split())
            if open_rows:
                open_rows[-1].add(text, _span(element, "colspan"), _span(element, "rowspan"))
        elif tag == "tr":
            yield open_rows.pop().cells
        elif tag == "table":
            spans.pop()
        if texts and element.tail:
            texts[-1].append(element.tail)


def _span(element: etree._Element, name: str) -> int:
    text = element.get(name, "1")
    return (
        min(int(text), LAST_ROW) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) else 1
    )


class _Row:
    """Cells of one row, moved aside by those that reach down from rows above (`spans`: column -> rows)."""

    def __init__(self, spans: dict[int, int], width: int):
        self.spans, self.width = spans, width
        self.cells: list[str] = []
        self._pass()

    def add(self, text: str, columns: int, rows: int) -> None:
        room = max(self.width - len(self.cells), 1 if text else 0)
        for number in range(min(columns, room)):
            if rows > 1:
                self.spans[len(self.cells)] = rows - 1
            self.cells.append("" if number else text)
        self._pass()

    def _pass(self) -> None:
        while self.spans.get(len(self.cells), 0) > 0:
            self.spans[len(self.cells)] -= 1
            self.cells.append("")


FORMAT = Format("html", "HTML table", 90, detect, parse, tables)
