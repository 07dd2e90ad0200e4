"""Mentions of numbers, and how lists of them are read: "12, 13 и 15", "№1,№2", "с 10 по 14", "12-15"."""

import datetime
import re
from dataclasses import dataclass

from . import patterns as p

INVOICE = "invoice"  # named by a keyword
TOKEN = "token"  # letters and digits in one token, without a keyword
BARE = "bare"  # "№ 12" without saying what
ORDER = "order"
TAX_INVOICE = "tax_invoice"
CODE = "code"
DATE = "date"  # a keyword with a date instead of a number

_MAX_RANGE = 20
_BEFORE_LIST = re.compile(r"[\s:.=_(\"«'“" + p.SEEN + r"]*")
_LAST_DIGITS = re.compile(r"\d+(?=\D*$)")


@dataclass(frozen=True, slots=True)
class DatePart:
    """A date of which the year or all but the year is told: "от 2025 г.", "от 22.10"."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in the text. ``spread`` holds the members when it may be a range ("12-15").

    ``loose``: a code that was put together of pieces; it speaks only when it is one of ours.
    """

    kind: str
    text: str
    span: tuple[int, int]
    date: datetime.date | DatePart | None = None
    spread: tuple[str, ...] = ()
    loose: bool = False

    def differs(self, day: datetime.date | None) -> bool:
        """Whether the date beside the number is another than a document's."""
        if not self.date or not day:
            return False
        if isinstance(self.date, datetime.date):
            return self.date != day
        told = ((self.date.year, day.year), (self.date.month, day.month), (self.date.day, day.day))
        return any(one is not None and one != other for one, other in told)


@dataclass(frozen=True, slots=True)
class Extraction:
    mentions: tuple[Mention, ...]
    refund: bool = False

    def numbers(self, *kinds: str) -> list[str]:
        return [mention.text for mention in self.mentions if mention.kind in kinds]


def read_list(text, position, kind, dates, plural=True, dotted=False) -> tuple[int, list[Mention]]:
    """Numbers from a position on: "12, 13 и 15", "№1,№2", "с 10 по 14", "12-15"."""
    skip = _BEFORE_LIST.match(text, position)
    position = end = skip.end()
    found: list[Mention] = []
    if match := p.RANGE.match(text, position):
        members = _between(match.group("first"), match.group("last"))
        if members:
            return match.end(), [Mention(kind, number, match.span()) for number in members]
    while match := p.ITEM.match(text, position):
        number, stop = match.group("number"), match.end()
        if dotted and (dot := re.compile(r"\.\d+").match(text, stop)):
            number, stop = number + dot.group(), dot.end()
        if kind == INVOICE:
            number, stop = _with_parts_apart(number, text, stop)
        if glued := p.GLUED_ON.search(number):
            number, stop = number[: glued.start()], stop - len(glued.group())
        if not _may_be_number(number, text, stop, dotted):
            break
        marked = bool(match.group("mark"))
        if not marked and p.SUM.match(text, position):
            break
        weak = bool(found) and not marked and _is_weak(number, found[0].text, plural)
        if weak and kind != INVOICE:
            break
        if on := p.RANGE_ON.match(text, stop):
            members = _between(number, on.group("last"))
            if members:
                span = match.start("number"), on.end()
                found += [Mention(kind, member, span) for member in members]
                end = on.end()
                break
        date = next((dates[place] for place in range(stop, min(stop + 3, len(text))) if place in dates), None)
        span = match.start("number"), stop
        found.append(Mention(BARE if weak else kind, number, span, date, spread(number)))
        end = stop
        if beside := p.BESIDE.match(text, stop):
            stop = beside.end()
        separator = p.SEPARATOR.match(text, stop) or p.NEXT_MARKED.match(text, stop)
        if not separator:
            break
        position = separator.end()
    return end, found


def _may_be_number(number: str, text: str, stop: int, dotted: bool) -> bool:
    """Whether it has digits, and is neither a quantity ("3 шт") nor a day ("22.10")."""
    if not any(char.isdigit() for char in number) or (
        not p.OUR_SHAPE.match(number) and p.UNIT.match(text, stop)
    ):
        return False
    return dotted or not (number.isdigit() and re.compile(r"\.\d").match(text, stop))


def _with_parts_apart(number: str, text: str, stop: int) -> tuple[str, int]:
    """ "БП 163", "inv 2026 00012": a number whose letters and year stand apart from its count."""
    if _is_prefix(number) and (apart := p.APART.match(text, stop)):
        number, stop = number + apart.group(), apart.end()
    if (summed := p.WITH_SUM.match(number)) and (cents := p.CENTS.match(text, stop)):
        return summed.group("number"), cents.end()
    if p.YEAR.match(number) and (count := p.AFTER_YEAR.match(text, stop)):
        number, stop = number + count.group(), count.end()
    return number, stop


def _is_prefix(word: str) -> bool:
    """Whether letters may belong to the number that stands apart from them ("БП 163")."""
    keyword = p.INVOICE.match(word) or p.ORDER.match(word) or p.FOREIGN.match(word)
    return word.isalpha() and len(word) <= 5 and word not in p.NO_PREFIX and not keyword


def _is_weak(number: str, first: str, plural: bool) -> bool:
    """Whether a further member of a list, without a mark, may as well be a quantity."""
    return _shape(number) != _shape(first) or abs(len(number.lstrip("0")) - len(first.lstrip("0"))) > (
        1 if plural else 0
    )


def _shape(number: str) -> str:
    return "".join(re.findall(r"[^\W\d_]+|[/\\-]", number)).replace("\\", "/").replace("-", "/")


def _between(first: str, last: str) -> tuple[str, ...]:
    """The numbers from one to another, when only their last digits differ and they are few."""
    one, other = _LAST_DIGITS.search(first), _LAST_DIGITS.search(last)
    if not one or not other:
        return ()
    whole = last.isdigit() or (first[: one.start()], first[one.end() :]) == (
        last[: other.start()],
        last[other.end() :],
    )
    low, high = int(one.group()), int(other.group())
    if not whole or not low < high <= low + _MAX_RANGE - 1:
        return ()
    width = len(one.group())
    return tuple(
        f"{first[: one.start()]}{number:0{width}}{first[one.end() :]}" for number in range(low, high + 1)
    )


def spread(number: str) -> tuple[str, ...]:
    """The members, when the number may be a range itself: "12-15", "INV/7-INV/9"."""
    for dash in re.finditer("-", number):
        if members := _between(number[: dash.start()], number[dash.end() :]):
            return members
    return ()
