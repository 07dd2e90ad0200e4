"""Delimited text (CSV), cut into rows by the standard library's csv module, read as a table.

The library is told the delimiter: its own sniffer takes letters for delimiters and knows nothing of quotes.
"""

from __future__ import annotations

import csv
import re
from collections import Counter

from ..model import Statement, StatementFormatError
from ..source import Format, Source
from ..table import Row, Table, read_tables
from ..table.cells import make_row
from ..text import is_binary

_DELIMITERS = ";,\t|"


def detect(source: Source) -> bool:
    """Any text in which at least two lines hold a delimiter may be delimited."""
    if is_binary(source.text):
        return False
    lines = [line for line in re.split(r"[\r\n]+", source.text[:65536]) if line.strip()]
    return sum(1 for line in lines[:60] if any(mark in line for mark in _DELIMITERS)) >= 2


def tables(source: Source) -> list[Table]:
    lines = source.lines()
    delimiter = (source.profile and source.profile.delimiter) or _delimiter(lines)
    width = source.limits.columns
    # Empty cells behind the last one are no columns; a million of them are not even cut.
    lines = [line.rstrip(delimiter) if line.count(delimiter) >= width else line for line in lines]
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if row := make_row(line, cells, width, source.filename):
                rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        raise StatementFormatError(
            "csv_broken", filename=source.filename, line=line, text=str(error)
        ) from None
    return [Table(rows, delimiter=delimiter)]


def parse(source: Source) -> list[Statement]:
    """One statement (a delimited file holds one account). Errors as `parse_statement`."""
    return read_tables(source, FORMAT.code, tables(source))


def _delimiter(lines: list[str]) -> str:
    """The mark that cuts the first rows into the most cells, in rows of one width.

    Rows alone do not tell: in a short file more rows hold one decimal comma than the table has rows.
    """
    best, score = ",", 0
    sample = [line[:10_000] + "\n" for line in lines[:60]]
    for mark in _DELIMITERS:
        try:
            widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=mark) if len(cells) > 1)
        except csv.Error:
            continue
        cuts = max((count * (width - 1) for width, count in widths.items()), default=0)
        if cuts > score:
            best, score = mark, cuts
    return best


FORMAT = Format("csv", "CSV", 100, detect, parse, tables)
