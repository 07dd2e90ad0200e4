"""Delimited text (CSV): finds the header by its titles, then reads row by row.

A file has either a debit and a credit column, or one amount column with signs or with a
column that names the direction. One amount column without any of these is refused: the
direction of money is never guessed.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace

from ...checks import balance_warnings, with_fingerprints
from ...model import Notice, Statement, StatementFormatError
from ...profile import TITLES, Profile
from ...source import Format, Source
from ...text import account_currency, fold_account, is_binary, parse_amount, parse_date, squash
from .rows import Layout, Row, RowReader, column_decimal, column_order

HEADER_ROWS = 40
_DELIMITERS = ";,\t|"
_PREAMBLE = (
    ("account", ("текущий счет", "номер счета", "счет", "иик", "iban", "account")),
    ("currency", ("валюта счета", "валюта", "currency")),
    ("period", ("период", "period")),
    ("opening", ("входящий остаток", "остаток на начало", "opening balance")),
    ("closing", ("исходящий остаток", "остаток на конец", "closing balance")),
)


def title(text: str) -> str:
    """A column title for comparison: one line, lower case, no №, no colon, no remark in parentheses."""
    text = squash(re.sub(r"\([^)]*\)", " ", text)).casefold().replace("ё", "е")
    return squash(re.sub(r"[№:*]", " ", text)).strip(" .,")


def detect(source: Source) -> bool:
    """Any text in which at least two lines hold a delimiter may be delimited."""
    if is_binary(source.text):
        return False
    lines = [line for line in re.split(r"[\r\n]+", source.text[:65536]) if line.strip()]
    return sum(1 for line in lines[:60] if any(mark in line for mark in _DELIMITERS)) >= 2


def parse(source: Source) -> list[Statement]:
    """One statement (a delimited file holds one account). Errors as `parse_statement`."""
    filename, profile = source.filename, source.profile or Profile()
    rows = _rows(source.lines(), profile, filename)
    layout, start = _header(rows, profile)
    if layout is None:
        raise StatementFormatError("header_not_found", filename=filename, line=rows[0].line if rows else 1)
    body = rows[start:]
    _check_money_columns(layout, body, profile, filename, rows[start - 1].line)
    layout = replace(
        layout,
        decimal=profile.decimal or column_decimal(layout, body),
        order=profile.date_order or column_order(layout, body),
    )
    reader = RowReader(layout, profile, filename)
    for row in body:
        reader.feed(row)
    return [_statement(reader, _preamble(rows[: start - 1], layout), filename)]


def _statement(reader: RowReader, head: dict, filename: str) -> Statement:
    footer = reader.footer
    account = fold_account(head.get("account", ""))
    transactions = with_fingerprints(account, reader.transactions)
    if not transactions and not reader.unread:
        reader.notices.append(Notice("no_operations", 0))
    days = [transaction.date for transaction in transactions]
    currency = head.get("currency", "") or next((t.currency for t in transactions if t.currency), "")
    statement = Statement(
        format="csv",
        account=account,
        currency=currency or account_currency(account),
        date_from=head.get("from") or min(days, default=None),
        date_to=head.get("to") or max(days, default=None),
        opening=head.get("opening"),
        closing=head.get("closing", footer.get("closing")),
        transactions=transactions,
        unread=tuple(reader.unread),
    )
    differences = balance_warnings(statement)
    return replace(
        statement,
        warnings=tuple(reader.notices + differences),
        incomplete=bool(reader.unread or differences),
    )


def _rows(lines: list[str], profile: Profile, filename: str) -> list[Row]:
    delimiter = profile.delimiter or _delimiter(lines)
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, tuple(cell.strip() for cell in cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise StatementFormatError("csv_broken", filename=filename, line=line, text=str(error)) from None
    return rows


def _delimiter(lines: list[str]) -> str:
    """The mark with the most equal column counts in the first rows, the larger count first."""
    best, score = ",", (0, 0)
    sample = [line + "\n" for line in lines[:60]]
    for mark in _DELIMITERS:
        try:
            widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=mark) if len(cells) > 1)
        except csv.Error:
            continue
        if widths:
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
            if (count, width) > score:
                best, score = mark, (count, width)
    return best


# --- header ----------------------------------------------------------------
def _header(rows: list[Row], profile: Profile) -> tuple[Layout | None, int]:
    """The columns and the index of the first row after the header; two-row headers are joined."""
    for index, row in enumerate(rows[:HEADER_ROWS]):
        alone = _columns(row.cells, profile)
        joined = {}
        if index + 1 < len(rows) and _is_titles(rows[index + 1].cells):
            below = rows[index + 1].cells
            width = max(len(row.cells), len(below))
            upper, lower = (cells + ("",) * (width - len(cells)) for cells in (row.cells, below))
            joined = _columns(
                tuple(f"{a} {b}" if a and b else a or b for a, b in zip(upper, lower, strict=True)), profile
            )
            # "Обороты | Дебет": the lower title alone may be the known one.
            joined = {**_columns(lower, profile), **_columns(upper, profile), **joined}
        if _is_header(alone):
            return Layout(alone), index + 1
        if _is_header(joined):
            return Layout(joined), index + 2
    return None, 0


def _is_header(columns: dict[str, int]) -> bool:
    money = "amount" in columns or "debit" in columns or "credit" in columns
    return len(columns) >= 3 and "date" in columns and money


def _is_titles(cells: tuple[str, ...]) -> bool:
    return not any(re.search("[0-9]{2}", cell) for cell in cells)


def _columns(cells: tuple[str, ...], profile: Profile) -> dict[str, int]:
    """Role -> column. The profile's titles go first, then the general ones, each column once."""
    titles = [title(cell) for cell in cells]
    numbered = {index for index, cell in enumerate(cells) if cell.strip() in ("№", "N", "No")}
    found: dict[str, int] = {}
    used: set[int] = set()
    for exact in (True, False):
        for role, known in TITLES.items():
            if role in found:
                continue
            own = [title(text) for text in profile.columns.get(role, ())]
            for wanted in (*own, *known):
                index = _find(titles, wanted, used, exact, numbered)
                if index is not None:
                    found[role] = index
                    used.add(index)
                    break
    return found


def _find(titles, wanted: str, used: set[int], exact: bool, numbered: set[int]) -> int | None:
    for index, text in enumerate(titles):
        if index in used:
            continue
        if not wanted:
            if exact and index in numbered:
                return index
        elif text == wanted or (not exact and len(wanted) > 3 and text.startswith(wanted + " ")):
            return index
    return None


def _check_money_columns(layout, body: list[Row], profile: Profile, filename: str, line: int) -> None:
    if "amount" not in layout.columns or "debit" in layout.columns or "credit" in layout.columns:
        return
    if "direction" in layout.columns or profile.unsigned_amount:
        return
    cells = [layout.cell(row, "amount") for row in body]
    if not any(re.match(r"[-\u2212–—(]|.*-$", cell) for cell in cells if cell):
        raise StatementFormatError("amount_without_direction", filename=filename, line=line)


# --- what stands above the header -------------------------------------------
def _preamble(rows: list[Row], layout: Layout) -> dict:
    found: dict = {}
    for row in rows:
        cells = [cell for cell in row.cells if cell]
        if not cells:
            continue
        label, _, rest = cells[0].partition(":")
        value = cells[1] if len(cells) > 1 else rest.strip()
        for role, labels in _PREAMBLE:
            if role not in found and value and title(label) in labels:
                found[role] = value
    result = {key: found[key] for key in ("account",) if key in found}
    if match := re.match(r"[A-Za-z]{3}\b", found.get("currency", "")):
        result["currency"] = match.group(0).upper()
    for key in ("opening", "closing"):
        try:
            result[key] = parse_amount(found[key], layout.decimal or ".")
        except (KeyError, ValueError):
            continue
    days = re.findall(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}", found.get("period", ""))
    for key, text in zip(("from", "to"), days, strict=False):
        try:
            result[key] = parse_date(text)
        except ValueError:
            continue
    return result


FORMAT = Format("csv", "CSV", 100, detect, parse)
