"""What unknown columns may be: offered to the user with a reason, never used to read a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from ..profile import TITLES, Profile
from ..text import AmbiguousAmount, iban_is_valid
from .cells import to_amount, to_date
from .header import title

# Similar spelling is looked for in so many columns; a hostile header has more.
_COMPARED = 60
_SIMILAR = 0.84
_AGREE = 0.8
_TAX_ID = re.compile("[0-9]{12}|[0-9]{10}")
_CODE = re.compile("[0-9]{3}")
_BIC = re.compile("[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?|04[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column may be.

    :param column: its index from 0.
    :param title: as the file writes it, in one line.
    :param role: one of `profile.ROLES`, "" when nothing is likely.
    :param confidence: 0 to 100. From `KNOWN` on the title is one that profile or dictionary name, and the
        column is read with it; below that it is only offered.
    :param reason: ``title_profile``, ``title_known``, ``title_begins``, ``title_contains``,
        ``title_similar``, ``content_dates``, ``content_amounts``, ``content_account``, ``content_tax_id``,
        ``content_bank``, ``content_code``, ``content_text``, or "".
    :param params: ``known``: the title of the dictionary that it resembles.
    """

    column: int
    title: str
    role: str = ""
    confidence: int = 0
    reason: str = ""
    params: dict[str, str] = field(default_factory=dict)


KNOWN = 90


def guess_columns(
    titles: Sequence[str], samples: Sequence[Sequence[str]] = (), profile: Profile | None = None
) -> tuple[Guess, ...]:
    """One `Guess` per column, each role at most once, the surest first served.

    `titles` are the cells of the header, `samples` some rows below it (cells as text): what stands in a
    column counts where its title tells nothing.
    """
    width = max([len(titles), *(len(row) for row in samples)], default=0)
    shown = [" ".join(titles[index].split())[:80] if index < len(titles) else "" for index in range(width)]
    offers: list[Guess] = []
    for column, text in enumerate(shown):
        offers += _by_title(column, text, profile or Profile())
        cells = [row[column] for row in samples if column < len(row) and row[column]]
        offers += _by_content(column, text, cells)
    chosen: dict[int, Guess] = {}
    taken: set[str] = set()
    for offer in sorted(offers, key=lambda one: (-one.confidence, one.column)):
        if offer.column not in chosen and offer.role not in taken:
            chosen[offer.column] = offer
            taken.add(offer.role)
    return tuple(chosen.get(column, Guess(column, text)) for column, text in enumerate(shown))


def _by_title(column: int, text: str, profile: Profile) -> Iterator[Guess]:
    wanted = title(text)
    if text in ("№", "N", "No"):
        yield Guess(column, text, "number", 95, "title_known", {"known": text})
    if not wanted:
        return
    for role, known in TITLES.items():
        if wanted in (title(own) for own in profile.columns.get(role, ())):
            yield Guess(column, text, role, 100, "title_profile")
        for place, name in enumerate(known):
            if offer := _compare(wanted, name, column):
                confidence, reason = offer
                # Earlier titles of a role are the better ones.
                yield Guess(column, text, role, confidence - min(place, 4), reason, {"known": name})


def _compare(wanted: str, name: str, column: int) -> tuple[int, str] | None:
    if not name:
        return None
    if wanted == name:
        return 99, "title_known"
    if len(name) > 3 and wanted.startswith(name + " "):
        return 84, "title_begins"
    if len(name) > 3 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", wanted):
        return 70, "title_contains"
    if column < _COMPARED and len(name) > 3:
        matcher = SequenceMatcher(None, wanted, name)
        if matcher.real_quick_ratio() > _SIMILAR and matcher.ratio() > _SIMILAR:
            return 60, "title_similar"
    return None


def _by_content(column: int, text: str, cells: Sequence[str]) -> Iterator[Guess]:
    if len(cells) < 2:
        return
    for role, confidence, reason, fits in _CONTENT:
        if sum(1 for cell in cells if fits(cell)) >= _AGREE * len(cells):
            yield Guess(column, text, role, confidence, reason)


def _is_date(cell: str) -> bool:
    try:
        to_date(cell)
    except ValueError:
        try:
            to_date(cell, "mdy")
        except ValueError:
            return False
    return True


def _is_amount(cell: str) -> bool:
    if not re.search("[.,-]", cell):
        return False
    try:
        to_amount(cell)
    except AmbiguousAmount:
        return True
    except ValueError:
        return False
    return True


_CONTENT = (
    ("account", 55, "content_account", iban_is_valid),
    ("tax_id", 50, "content_tax_id", lambda cell: bool(_TAX_ID.fullmatch(cell))),
    ("date", 50, "content_dates", _is_date),
    ("value_date", 40, "content_dates", _is_date),
    ("bank", 45, "content_bank", lambda cell: bool(_BIC.fullmatch(cell))),
    ("amount", 40, "content_amounts", _is_amount),
    ("purpose_code", 30, "content_code", lambda cell: bool(_CODE.fullmatch(cell))),
    ("purpose", 25, "content_text", lambda cell: len(cell) > 20 and " " in cell),
)
