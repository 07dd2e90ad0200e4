"""Typing errors: a number that is one character off. Proof of nothing unless payer and amount agree."""

from rapidfuzz.distance import OSA

from ..references import fold
from .index import serial
from .lists import BARE, INVOICE, ORDER, TOKEN, Extraction
from .model import Evidence, OpenItem
from .text import nfc, number_key

_SHORTEST = 3  # of two digits, one is as good as any other


def nearly(extraction: Extraction, purpose: str, item: OpenItem) -> Evidence | None:
    """The mention that is one typing error away from an item's number or code.

    One character lost, added, changed, or two neighbours swapped, in one part of
    the number that is not its year. A date beside it that is not the item's speaks against it.
    """
    number = number_key(item.number)
    for mention in extraction.mentions:
        if mention.kind not in (INVOICE, TOKEN, BARE, ORDER):
            continue
        if mention.differs(item.date):
            continue
        key = number_key(mention.text)
        code = (
            item.payment_code
            and OSA.distance(fold(mention.text), fold(item.payment_code), score_cutoff=1) == 1
        )
        # Zeros in front that the item does not have: another way of numbering.
        alien = (
            mention.text.startswith("0")
            and mention.text[: len(mention.text) - len(key[-1])] not in item.number
        )
        if code or (not alien and _one_part_off(key, number, item)):
            text = nfc(purpose)[slice(*mention.span)]
            return Evidence("number_typo", text, "purpose", mention.span)
    return None


def _one_part_off(key: tuple[str, ...], number: tuple[str, ...], item: OpenItem) -> bool:
    if not any(part.isdigit() for part in key) or not any(part.isdigit() for part in number):
        return False
    wanted = serial(number, item)
    if len(key) == 1:
        return (
            min(len(key[0]), len(wanted)) >= _SHORTEST and OSA.distance(key[0], wanted, score_cutoff=1) == 1
        )
    if len(key) != len(number):
        return False
    off = [(one, other) for one, other in zip(key, number, strict=True) if one != other]
    if len(off) != 1 or OSA.distance(*off[0], score_cutoff=1) != 1:
        return False
    one, other = off[0]
    # A whole number of three parts or more has enough beside the part that is off.
    return not other.isdigit() or (
        other == wanted and (min(len(one), len(other)) >= _SHORTEST or len(key) > 2)
    )
