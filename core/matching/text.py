"""Texts made comparable without moving a character, so that spans stay true."""

import re
import unicodedata

from ..references import fold

# Look-alikes that the payment code does not use but document numbers do.
_MORE = str.maketrans("ОІЅЈӨ", "OISJO")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_LEGAL_FORMS = frozenset(
    word
    for words in (
        "тоо ооо оао зао пао ао ип жшс жк ақ кх ку гу пк рк гкп рго ргп чп",
        "llp llc ltd jsc inc gmbh ag co corp plc too ooo ip ao",
    )
    for word in words.split()
)
_LEGAL_PHRASES = re.compile(
    r"товарищество с ограниченной ответственностью|общество с ограниченной ответственностью"
    r"|жауапкершілігі шектеулі серіктестік\w*|индивидуальный предприниматель|жеке кәсіпкер"
    r"|акционерное общество|акционерлік қоғам\w*"
)


def nfc(text: str) -> str:
    """The form that spans refer to."""
    return unicodedata.normalize("NFC", text or "")


def lower(text: str) -> str:
    """Lower case, ё as е, one kind of blank and dash; as long as ``nfc(text)``."""
    result = []
    for char in nfc(text):
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
        result.append(plain)
    return "".join(result)


def fold_number(text: str) -> str:
    """Upper case with Cyrillic look-alikes as Latin letters; punctuation stays."""
    return fold(text).translate(_MORE)


def number_key(text: str) -> tuple[str, ...]:
    """A document number as its parts: letters and digits apart, without leading zeros.

    >>> number_key("INV/2026/00012") == number_key("inv-2026-12") == ("INV", "2026", "12")
    True

    Parts are compared one by one, never joined: ``2026`` + ``12`` is not ``202612``.
    """
    return tuple(
        (part.lstrip("0") or "0") if part.isdigit() else part for part in _PARTS.findall(fold_number(text))
    )


def identifier(text: str) -> str:
    """A tax id or account: letters and digits, upper case."""
    return "".join(char for char in fold_number(text or "") if char.isalnum())


def name_key(text: str) -> str:
    """A name without legal form, punctuation and order of its words; '' when nothing is left."""
    plain = _LEGAL_PHRASES.sub(" ", lower(text))
    words = re.findall(r"[^\W_]+", plain)
    return " ".join(sorted(fold_number(word) for word in words if word not in _LEGAL_FORMS))
