"""What stands above the header of a table: account, currency, period, balances."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..text import parse_date
from .cells import Row, to_amount
from .header import title

_PREAMBLE = (
    ("account", ("текущий счет", "номер счета", "счет", "иик", "iban", "account")),
    ("currency", ("валюта счета", "валюта", "currency")),
    ("period", ("период", "period")),
    ("opening", ("входящий остаток", "остаток на начало", "opening balance")),
    ("closing", ("исходящий остаток", "остаток на конец", "closing balance")),
)
_DAY = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}")


def labels(rows: Sequence[Row]) -> dict[str, str]:
    """Role -> the cell beside its label. The first one counts."""
    found: dict[str, str] = {}
    for row in rows:
        cells = [cell for cell in row.cells if cell]
        if not cells:
            continue
        label, _, rest = cells[0].partition(":")
        value = cells[1] if len(cells) > 1 else rest.strip()
        for role, known in _PREAMBLE:
            if role not in found and value and title(label) in known:
                found[role] = value
    return found


def period_days(found: dict[str, str]) -> list[str]:
    """The days of the period as the file writes them."""
    return _DAY.findall(found.get("period", "")[:400])[:2]


def read_preamble(found: dict[str, str], decimal: str, order: str) -> dict:
    """`labels` with their values: account, currency (ISO code), opening, closing, from, to."""
    result: dict = {}
    if "account" in found:
        result["account"] = found["account"]
    if match := re.match(r"[A-Za-z]{3}\b", found.get("currency", "")):
        result["currency"] = match.group(0).upper()
    for key in ("opening", "closing"):
        try:
            result[key] = to_amount(found[key], decimal or ".")
        except (KeyError, ValueError):
            continue
    for key, text in zip(("from", "to"), period_days(found), strict=False):
        try:
            result[key] = parse_date(text, order)
        except ValueError:
            continue
    return result
