"""What a payment's purpose mentions: our codes, document numbers, order numbers.

The rules come from real purposes (Russian, Kazakh, English). What only looks
like a number of ours (dates, tax invoices, contracts, accounts, tax ids, sums)
is cut out first; then a keyword ("счет", "invoice"…) may be followed by a list.
The reader knows no open items: whether a number is ours is looked up later,
by equality of whole tokens.
"""

import datetime
import re
from decimal import Decimal
from functools import lru_cache

from rapidfuzz.distance import OSA

from ..references import fold, is_valid
from . import patterns as p
from .lists import (
    BARE,
    CODE,
    DATE,
    INVOICE,
    ORDER,
    TAX_INVOICE,
    TOKEN,
    DatePart,
    Extraction,
    Mention,
    read_list,
    spread,
)
from .text import lower

_LONGEST = 1_500  # characters of a purpose that are read; banks give up to some 500
_LATIN = re.compile("[a-z]")
_TO_CYRILLIC = str.maketrans("aceopxykmhtb", "асеорхукмнтв")


def extract(purpose: str, amount: Decimal | None = None) -> Extraction:
    """Read a purpose.

    :param amount: what is paid; written out with blanks ("1 746 000") it is no number.
    :return: the mentions in their order of strength: codes, numbers after a
        keyword, orders, tokens, bare numbers. Tokens may overlap with others.
    """
    text = p.MIXED.sub(_in_cyrillic, lower(purpose[:_LONGEST]))
    if amount is not None and amount >= 1000:
        grouped = f"{int(amount):,}".replace(",", " ")
        if grouped in text:
            text = re.sub(rf"(?<!\d){grouped}(?!\d)", _blank, text)
    mentions = _codes(text)
    refund = any(not p.NO_REFUND.search(text[: match.start()]) for match in p.REFUND.finditer(text))
    dates: dict[int, datetime.date | DatePart] = {}

    def seen(match: re.Match) -> str:
        date = _date_of(match)
        if date:
            dates[match.start()] = date
        return p.SEEN * len(match.group())

    text = p.DATE.sub(seen, text)
    text = p.LONG.sub(_blank, text)
    text = p.ACCOUNT.sub(_blank, text)
    text = p.PERIOD.sub(_blank, text)
    text = p.MONEY.sub(_blank, text)
    text, found = _clauses(text, p.TAX_INVOICE, TAX_INVOICE, dates)
    mentions += found
    text, _foreign = _clauses(text, p.FOREIGN, "", dates)
    text, _not_paid = _clauses(text, p.NOT_PAID, "", dates)
    text, found = _clauses(text, p.ORDER, ORDER, dates)
    mentions += found
    text, found = _invoices(text, dates)
    mentions += found
    taken = [mention.span for mention in found]
    mentions += _tokens(text)
    mentions += _bare(text, dates, taken)
    return Extraction(tuple(mentions), refund)


def _in_cyrillic(match: re.Match) -> str:
    """Latin letters that slipped into a Cyrillic word; not those that have others of their kind beside."""
    word = match.group().translate(_TO_CYRILLIC)
    return match.group() if _LATIN.search(word) else word


def _blank(match: re.Match) -> str:
    return p.STOP * len(match.group())


def _codes(text: str) -> list[Mention]:
    found = [
        Mention(CODE, code, match.span())
        for match in p.CODE.finditer(text)
        if is_valid(code := fold(match.group()))
    ]
    for pattern in (p.CODE_IN_TWO, p.CODE_BEHIND):
        for match in pattern.finditer(text):
            pieces = match.groupdict()
            code = fold(pieces["one"] + pieces.get("two", ""))
            if is_valid(code):
                found.append(Mention(CODE, code, (match.start("one"), match.end()), loose=True))
    return found


def _date_of(match: re.Match) -> datetime.date | DatePart | None:
    group = match.groupdict()
    if group["pd"]:
        return DatePart(None, int(group["pm"]), int(group["pd"]))
    if year := group["oy"] or (group["py"] if match.group().startswith("от") else ""):
        return DatePart(int(year))
    try:
        if group["d"]:
            day, month, year = int(group["d"]), int(group["m"]), int(group["y"])
        elif group["iy"]:
            day, month, year = int(group["id"]), int(group["im"]), int(group["iy"])
        elif group["wd"]:
            stem = next((i for i, s in enumerate(p.MONTH_STEMS, 1) if group["wm"].startswith(s)), 0)
            day, month, year = int(group["wd"]), stem, int(group["wy"])
        else:
            return None
        return datetime.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _clauses(text: str, keyword: re.Pattern, kind: str, dates: dict) -> tuple[str, list[Mention]]:
    """Cut out a keyword with the numbers that belong to it."""
    mentions = []
    position = 0
    while match := keyword.search(text, position):
        start = match.end()
        if not kind and (between := p.WORDS_BETWEEN.match(text, start) or p.CONTRACT_KIND.match(text, start)):
            start = between.end()
        if not kind and (odd := p.WITHOUT_NUMBER.match(text, start)):
            end, found = odd.end(), []
        else:
            # "23.05" is a contract's number, but only a contract's.
            end, found = read_list(text, start, kind or "foreign", dates, dotted=not kind)
        mentions += [mention for mention in found if kind]
        if found or end > start:
            text = text[: match.start()] + p.STOP * (end - match.start()) + text[end:]
        position = max(end, match.end())
    return text, mentions


def _invoices(text: str, dates: dict) -> tuple[str, list[Mention]]:
    mentions = [
        Mention(INVOICE, match.group("number"), match.span("number"))
        for match in (*p.NUMBER_FIRST.finditer(text), *p.NUMBER_HYPHEN.finditer(text))
        if any(char.isdigit() for char in match.group("number"))
    ]
    position = 0
    while match := p.INVOICE.search(text, position):
        position = match.end()
        after = p.AFTER_KEYWORD.match(text, position)
        if p.BANK_ACCOUNT_WORDS.search(text[: match.start()]) and "оплат" not in after.group():
            token = re.compile(r"\s*" + p.NUMBER).match(text, position)
            if token:
                text = text[:position] + p.STOP * (token.end() - position) + text[token.end() :]
            continue
        plural = any(value for name, value in match.groupdict().items() if name.startswith("plural"))
        end, found = read_list(text, after.end(), INVOICE, dates, plural)
        full = (i for i in range(position, after.end()) if isinstance(dates.get(i), datetime.date))
        if not found and (place := next(full, None)):
            last = place
            while last < len(text) and text[last] == p.SEEN:
                last += 1
            mentions.append(Mention(DATE, "", (place, last), dates[place]))
        mentions += found
        position = max(position, end if found else 0)
    return text, mentions


def _tokens(text: str) -> list[Mention]:
    mentions = []
    for part in p.WITH_DIGIT.finditer(text):
        for match in p.TOKENS.finditer(text, *part.span()):
            start, stop = match.span()
            if glued := p.GLUED_BEFORE.match(text, start, stop):
                start = glued.end()
            if glued := p.GLUED_ON.search(text[start:stop]):
                stop = start + glued.start()
            token = text[start:stop]
            if len(token) >= 5 and any(map(str.isdigit, token)) and any(map(str.isalpha, token)):
                mentions.append(Mention(TOKEN, token, (start, stop), None, spread(token)))
    return mentions


@lru_cache(maxsize=16_384)
def _is_misspelt(word: str) -> bool:
    return word not in p.NOT_MISSPELT and any(
        OSA.distance(word, keyword, score_cutoff=1) == 1 for keyword in p.MISSPELT
    )


def _bare(text: str, dates: dict, taken: list[tuple[int, int]]) -> list[Mention]:
    """Numbers that only a mark, a misspelt keyword or the lack of all other words makes a reference."""
    starts = [match.start() for match in p.BARE_MARK.finditer(text)]
    starts += [match.end() for match in p.BEFORE_NUMBER.finditer(text) if _is_misspelt(match.group("word"))]
    if not any(char.isalpha() for char in text):
        starts.append(next((i for i, char in enumerate(text) if char.isdigit()), 0))
    mentions: list[Mention] = []
    read = 0
    for start in sorted(starts):
        if start < read:
            continue
        read, found = read_list(text, start, BARE, dates, plural=False)
        mentions += [
            mention for mention in found if not any(first <= mention.span[0] < last for first, last in taken)
        ]
    return mentions
