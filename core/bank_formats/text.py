"""Bytes to text, text to lines, and the fields of a line: amounts, dates, accounts.

The rules are those that real bank files taught: the declared encoding is often wrong,
line ends are mixed, decimal marks vary.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from datetime import date
from decimal import Decimal

from .model import StatementFormatError

MAX_AMOUNT = Decimal(10) ** 13

# Words of bank files: the code page in which most of them appear is the right one.
_KEYWORDS = (
    *("дата", "документ", "счет", "сумма", "плательщик", "получатель", "назначение", "дебет", "кредит"),
    *("оплат", "платеж", "договор", "услуг", "товар", "перевод", "комисси", "возврат", "ндс"),
)
# Kazakh letters of code page KZ-1048 as they look when read as cp1251. The three that
# Ukrainian has too (є ї ґ) prove nothing and are left out.
_KAZAKH_SIGNS = re.compile("[ќћјѕўЌЋЈЅЎ]")
_KAZAKH_ACCOUNT = re.compile(r"\bKZ[0-9]{2}[0-9A-Z]{16}\b")


def to_text(data: bytes) -> str:
    """Decode a file: byte order mark, else UTF-8 if it is, else the best Cyrillic code page."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(codec, "replace")
    try:
        # Not final: a file cut within its last character is still UTF-8.
        return codecs.getincrementaldecoder("utf-8")("strict").decode(data, final=False)
    except UnicodeDecodeError:
        pass
    if _is_western(data):
        return data.decode("cp1252", "replace").replace("\ufffd", "?")
    texts = {codec: decode_cyrillic(data, codec) for codec in ("cp1251", "cp866", "koi8-r")}
    return texts[max(texts, key=lambda name: _score(texts[name]))]


def decode_cyrillic(data: bytes, codec: str) -> str:
    """Decode with a code page, ``?`` for what it has not; cp1251 that shows Kazakh letters is KZ-1048."""
    text = data.decode(codec, "replace").replace("\ufffd", "?")
    if codec == "cp1251" and _KAZAKH_SIGNS.search(text) and _KAZAKH_ACCOUNT.search(text):
        text = data.decode("kz1048", "replace").replace("\ufffd", "?")
    return text


def _is_western(data: bytes) -> bool:
    """Accented letters stand alone within Latin words (Müller); Cyrillic letters come in runs."""
    sample = data[:200_000]
    alone = len(re.findall(rb"(?<=[A-Za-z])[\xc0-\xff](?![\x80-\xff])", sample))
    alone += len(re.findall(rb"(?<![A-Za-z\x80-\xff])[\xc0-\xff](?=[A-Za-z])", sample))
    return 2 * alone > len(re.findall(rb"[\x80-\xff]", sample))


def _score(text: str) -> tuple[int, int]:
    """How much a decoded text looks like one: bank words, then letters that Russian uses often.

    Another code page turns capitals into small letters and frequent letters into rare ones.
    """
    sample = text[:200_000]
    low = sample.casefold()
    return (
        sum(min(low.count(word), 50) for word in _KEYWORDS),
        len(re.findall("[оеаинтсрвл]", low))
        - len(re.findall("[ъёщэфцю]", low))
        - 3 * len(re.findall("[─-╿▀-▟Ђ-Џђ-џ]", sample)),
    )


def to_lines(text: str, filename: str = "", limit: int = 100_000, strip: bool = True) -> list[str]:
    """Lines without their ends, NULs and, unless `strip` is off, trailing blanks; index 0 is line 1.

    Only CR and LF end a line: `str.splitlines` would also cut payment purposes in two at
    characters such as U+0085 or U+2028.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x00", "").replace("\x1a", "")
    lines = [line.rstrip() for line in text.split("\n")] if strip else text.split("\n")
    if len(lines) > limit:
        raise StatementFormatError("too_many_lines", filename=filename, limit=limit)
    return lines


def is_binary(text: str) -> bool:
    """True when the start of the text holds control characters that no text file has."""
    head = text[:4096]
    odd = sum(1 for char in head if ord(char) < 32 and char not in "\t\r\n\x1a\x0b\x0c\x1c\x1d\x1e\x1f")
    return odd > max(2, len(head) // 200)


# --- amounts ---------------------------------------------------------------
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_CURRENCY = re.compile(r"(?:kzt|тенге|тнг\.?|тг\.?|₸|т\.|rub|rur|руб\.?|₽|usd|\$|eur|€)", re.I)
# Digits stand apart only as thousands: in "150.00 980310001" two fields have run into one.
_APART = re.compile(r"[0-9][\s\u00a0\u202f\u2009'’]+[0-9]")
_GROUPED = re.compile(r"[^0-9]*[0-9]{1,3}(?:[\s\u00a0\u202f\u2009'’]{1,2}[0-9]{3})+(?:[.,][0-9]*)?[^0-9]*")
# Where one stands between digits, a digit may have stood.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# No amount is longer, however it is spaced; a hostile field is.
_LONGEST = 80
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*[.,]?|[.,][0-9]+")


class AmbiguousAmount(ValueError):
    """One mark followed by exactly three digits: thousands or decimals, nobody can tell."""


def parse_amount(text: str, decimal: str = "") -> Decimal:
    """Read an amount as people and banks write it.

    `decimal` is the decimal mark to assume for the ambiguous form `1.234`; without it
    that form raises `AmbiguousAmount`. Anything that is no number raises `ValueError`.
    """
    if len(text) > _LONGEST:
        raise ValueError(text[:_LONGEST])
    if _CONTROL.search(text.strip()):
        raise ValueError(text)
    if _APART.search(text) and not _GROUPED.fullmatch(text):
        raise ValueError(text)
    value = _CURRENCY.sub("", _BLANKS.sub("", text))
    value = re.sub("[\u2212–—]", "-", value)
    negative = False
    if value.startswith("(") and value.endswith(")"):
        negative, value = True, value[1:-1]
    elif value.startswith("-"):
        negative, value = True, value[1:]
    elif value.endswith("-"):
        negative, value = True, value[:-1]
    elif value.startswith("+"):
        value = value[1:]
    if len(value) > 30 or not _NUMBER.fullmatch(value):
        raise ValueError(text)
    amount = Decimal(_plain(value, decimal))
    if amount >= MAX_AMOUNT:
        raise ValueError(text)
    return -amount if negative else amount


def _plain(value: str, decimal: str) -> str:
    marks = [char for char in value if char in ".,"]
    if not marks:
        return value
    if len(set(marks)) == 2:
        mark = marks[-1]
        if marks.count(mark) > 1:
            raise ValueError(value)
    elif len(marks) > 1:
        mark = ""
    else:
        head, tail = re.split("[.,]", value)
        mark = marks[0]
        if len(tail) == 3 and head and not head.startswith("0") and len(head) <= 3:
            if not decimal:
                raise AmbiguousAmount(value)
            mark = marks[0] if marks[0] == decimal else ""
    whole, _, fraction = value.partition(mark) if mark else (value, "", "")
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        raise ValueError(value)
    return f"{''.join(groups) or '0'}.{fraction or '0'}"


def decimal_mark(texts) -> str:
    """The decimal mark that the unambiguous amounts of a file agree on, or "" when none tells."""
    seen = set()
    for text in texts:
        if len(text) > _LONGEST:
            continue
        value = _CURRENCY.sub("", _BLANKS.sub("", text)).strip("()-+\u2212–—")
        marks = [char for char in value if char in ".,"]
        if len(set(marks)) == 2:
            seen.add(marks[-1])
        elif len(marks) > 1:
            seen.add("," if marks[0] == "." else ".")
        elif marks and len(re.split("[.,]", value)[1]) != 3:
            seen.add(marks[0])
    return seen.pop() if len(seen) == 1 else ""


# --- dates -----------------------------------------------------------------
_YMD = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_DMY = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4}|[0-9]{2})(?:[ T,].*|г\.?.*)?")


def parse_date(text: str, order: str = "dmy") -> date:
    """Read a date, a time after it is dropped. `order` is "dmy" or "mdy"; `ValueError` when it is none."""
    value = text.strip()
    if match := _YMD.fullmatch(value) or _COMPACT.fullmatch(value):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DMY.fullmatch(value):
        first, second, year = (int(part) for part in match.groups())
        day, month = (first, second) if order == "dmy" else (second, first)
        year += 2000 if year < 100 else 0
    else:
        raise ValueError(text)
    if not 1990 <= year <= 2100:
        raise ValueError(text)
    return date(year, month, day)


# --- accounts and texts ----------------------------------------------------
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХУ", "ABEKMHOPCTXY", ".-")


def fold_account(account: str) -> str:
    """An account number without blanks, in capitals, Cyrillic look-alike letters as Latin ones."""
    return "".join(account.split()).upper().translate(_LOOK_ALIKES)


def iban_is_valid(account: str) -> bool:
    """Whether the check digits of an IBAN are right (ISO 13616, mod 97)."""
    value = fold_account(account)
    if not re.fullmatch("[A-Z]{2}[0-9]{2}[0-9A-Z]{10,30}", value):
        return False
    return int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1


def account_currency(account: str) -> str:
    """Currency of a Russian 20-digit account (its digits 6 to 8), "" for others."""
    if re.fullmatch("[0-9]{20}", account):
        return {"810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "398": "KZT", "156": "CNY"}.get(
            account[5:8], ""
        )
    return ""


_CURRENCY_CODES = {
    "398": "KZT",
    "643": "RUB",
    "810": "RUB",
    "840": "USD",
    "978": "EUR",
    "156": "CNY",
    "417": "KGS",
    "RUR": "RUB",
    "ТЕНГЕ": "KZT",
    "ТГ": "KZT",
    "₸": "KZT",
    "РУБ": "RUB",
    "₽": "RUB",
    "$": "USD",
    "€": "EUR",
}


def currency_code(text: str) -> str:
    """The ISO code of a currency that is named by its letters, its number, or a word."""
    value = squash(text).upper().rstrip(".")
    return _CURRENCY_CODES.get(value, value)


def squash(text: str) -> str:
    """One line, single blanks."""
    return " ".join(text.split())


def normalize(text: str) -> str:
    """For comparison: NFKC, lower case, ё as е, single blanks."""
    return squash(unicodedata.normalize("NFKC", text)).casefold().replace("ё", "е")
