"""Texts made comparable without moving a character, so that spans stay true."""

import re
import unicodedata
from functools import lru_cache

from ..references import fold

# Look-alikes that the payment code does not use but document numbers do.
_MORE = str.maketrans("ОІЅЈӨ", "OISJO")
_LIKE_DIGIT = re.compile(
    r"(?:(?<=\d)|(?<=[/\\-]))[oоiіlз]+(?=\d|[/\\-]|$)|(?<=\d)[oоiіlз](?=[oоiіlз]*\d)", re.I
)
_DIGITS = str.maketrans("oоiіlзOОIІLЗ", "001113001113")
_PARTS = re.compile(r"\d+|[^\W\d_]+")


def nfc(text: str) -> str:
    """The form that spans refer to."""
    return unicodedata.normalize("NFC", text or "")


@lru_cache(maxsize=4_096)
def lower(text: str) -> str:
    """Lower case, ё as е, one kind of blank and dash; as long as ``nfc(text)``."""
    return "".join(map(_lower_char, nfc(text)))


class _Lowered(dict):
    def __missing__(self, char: str) -> str:
        plain = unicodedata.normalize("NFKC", char)
        plain = (plain if len(plain) == 1 else char).lower()
        if len(plain) != 1:
            plain = char
        if plain == "ё":
            plain = "е"
        elif plain.isspace():
            plain = " "
        elif plain in "‐‑‒–—−":
            plain = "-"
        self[char] = plain
        return plain


_lower_char = _Lowered().__getitem__


def fold_number(text: str) -> str:
    """Upper case with Cyrillic look-alikes as Latin letters; punctuation stays."""
    return text.upper() if text.isascii() else fold(text).translate(_MORE)


def number_key(text: str) -> tuple[str, ...]:
    """A document number as its parts: letters and digits apart, without leading zeros.

    >>> number_key("INV/2026/00012") == number_key("inv-2026-12") == ("INV", "2026", "12")
    True

    Parts are compared one by one, never joined: ``2026`` + ``12`` is not ``202612``.
    """
    parts = _PARTS.findall(fold_number(text))
    return tuple([(part.lstrip("0") or "0") if part[0] == "0" else part for part in parts])


def digits_for_lookalikes(text: str) -> str:
    """Letters that were typed for the digits they look like (O, З, l), beside digits: as digits.

    >>> digits_for_lookalikes("inv/2о26/ооо12")
    'inv/2026/00012'
    """
    return _LIKE_DIGIT.sub(lambda match: match.group().translate(_DIGITS), text)


def identifier(text: str) -> str:
    """A tax id or account: letters and digits, upper case."""
    return "".join(char for char in fold_number(text or "") if char.isalnum())
