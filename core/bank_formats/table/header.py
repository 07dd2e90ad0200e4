"""The header of a table: which column is which, by the titles of a profile and of the dictionary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..profile import TITLES, Profile
from ..text import squash
from .cells import Row

HEADER_ROWS = 40
_MONEY = ("amount", "debit", "credit")
# "Сумма, тг" is the amount; "сумма НДС" and "сумма комиссии" begin with the same word and are not.
_CURRENCY = re.compile(r",?\s*(?:в |in )?(?:kzt|тенге|тнг|тг|₸|rub|rur|руб(?:лях)?|₽|usd|eur|€|\$)\.?")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is which, and how amounts and dates are written. `titles` are those of the header."""

    columns: dict[str, int]
    titles: tuple[str, ...] = ()
    decimal: str = ""
    order: str = "dmy"
    date1904: bool = False

    def cell(self, row: Row, role: str) -> str:
        index = self.columns.get(role)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def title(self, role: str) -> str:
        index = self.columns.get(role, len(self.titles))
        return self.titles[index] if index < len(self.titles) else ""


def title(text: str) -> str:
    """A column title for comparison: one line, lower case, no №, no colon, no remark in parentheses."""
    text = squash(re.sub(r"\([^()]{0,200}\)", " ", text[:400])).casefold().replace("ё", "е")
    return squash(re.sub(r"[№:*]", " ", text)).strip(" .,")


def find_header(rows: Sequence[Row], profile: Profile) -> tuple[Layout | None, int]:
    """The columns and the index of the first row after the header; two-row headers are joined."""
    for index, row in enumerate(rows[:HEADER_ROWS]):
        alone = find_columns(row.cells, profile)
        if is_header(alone):
            return Layout(alone, row.cells), index + 1
        below = rows[index + 1].cells if index + 1 < len(rows) else ()
        if not below or not is_titles(below) or is_header(find_columns(below, profile)):
            continue
        upper, lower = _same_width(row.cells, below)
        titles = tuple(f"{a} {b}" if a and b else a or b for a, b in zip(upper, lower, strict=True))
        joined: dict[str, int] = {}
        # "Обороты | Дебет": the lower title alone may be the known one.
        for cells in (titles, upper, lower):
            for role, column in find_columns(cells, profile).items():
                if role not in joined and column not in joined.values():
                    joined[role] = column
        if is_header(joined):
            return Layout(joined, titles), index + 2
    return None, 0


def is_header(columns: dict[str, int]) -> bool:
    return len(columns) >= 3 and "date" in columns and any(role in columns for role in _MONEY)


def is_titles(cells: tuple[str, ...]) -> bool:
    return not any(re.search("[0-9]{2}", cell) for cell in cells)


def find_columns(cells: Sequence[str], profile: Profile) -> dict[str, int]:
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
                index = _find(titles, role, wanted, used, exact, numbered)
                if index is not None:
                    found[role] = index
                    used.add(index)
                    break
    return found


def _find(titles, role: str, wanted: str, used: set[int], exact: bool, numbered: set[int]) -> int | None:
    for index, text in enumerate(titles):
        if index in used:
            continue
        if not wanted:
            if exact and index in numbered:
                return index
        elif text == wanted or (not exact and _goes_on(text, role, wanted)):
            return index
    return None


def _goes_on(text: str, role: str, wanted: str) -> bool:
    """Whether a title is a known one with something behind it."""
    if role in _MONEY and text.startswith(wanted) and _CURRENCY.fullmatch(text[len(wanted) :]):
        return True
    return role != "amount" and len(wanted) > 3 and text.startswith(wanted + " ")


def _same_width(upper, lower):
    width = max(len(upper), len(lower))
    return tuple((*cells, *("",) * (width - len(cells))) for cells in (upper, lower))
