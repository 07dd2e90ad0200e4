"""The short payment code that a customer quotes: made, checked, found in a text.

A code has seven characters, ``K4TMX9B``: a letter, a digit, four more symbols
and a check character. Its 19 symbols look the same on a Latin and on a Cyrillic
keyboard (``В`` and ``B``, ``Н`` and ``H``…), and none of them is ``0``, ``O``,
``1`` or ``I``. Letter and digit at fixed places keep ordinary words (КОМНАТА)
and plain numbers out.

The check character makes the weighted sum of all symbols divisible by 19.
19 is prime, the weights of the places differ and none is 0, so every single
substitution and every swap of two symbols, neighbours or not, is noticed (the
scheme of ISBN-10 and of ISO/IEC 7064, with another modulus).
"""

import re
import unicodedata

LETTERS = "ABCEHKMPTXY"
DIGITS = "23456789"
ALPHABET = LETTERS + DIGITS
LENGTH = 7
# Sold out at 11.4 million codes of seven characters; then they grow by one.
MAX_LENGTH = 9

_BASE = len(ALPHABET)
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
# Upper-case look-alikes of the Russian and Kazakh alphabets.
_FOLD = str.maketrans("АВСЕНКМРТХУҮҰҚҢҺЗ", "ABCEHKMPTXYYYKHH3")
_TOKEN = re.compile(r"[^\W_]+")


def _capacity(length: int) -> int:
    return len(LETTERS) * len(DIGITS) * _BASE ** (length - 3)


def _multiplier(capacity: int) -> int:
    """A factor that scatters neighbouring numbers; coprime to a capacity of 2, 11 and 19."""
    factor = int(capacity * 0.6180339887)
    while any(factor % prime == 0 for prime in (2, 11, 19)):
        factor += 1
    return factor


def _check_symbol(body: str) -> str:
    total = sum((place + 2) * _VALUE[symbol] for place, symbol in enumerate(body))
    # The check character has the weight 1.
    return ALPHABET[-total % _BASE]


def make(number: int) -> str:
    """The code of a number; different numbers have different codes.

    :param number: 0 or more, from a sequence.
    :raises ValueError: when negative, or beyond some 4,000 million.
    """
    if number < 0:
        raise ValueError("a payment code is made from 0 or a positive number")
    for length in range(LENGTH, MAX_LENGTH + 1):
        capacity = _capacity(length)
        if number < capacity:
            break
        number -= capacity
    else:
        raise ValueError("no payment code is left for this number")
    rest = number * _multiplier(capacity) % capacity
    rest, first = divmod(rest, len(LETTERS))
    rest, second = divmod(rest, len(DIGITS))
    body = LETTERS[first] + DIGITS[second]
    for _place in range(length - 3):
        rest, value = divmod(rest, _BASE)
        body += ALPHABET[value]
    return body + _check_symbol(body)


def fold(token: str) -> str:
    """Upper case, Cyrillic look-alikes as their Latin twins; other characters stay."""
    return unicodedata.normalize("NFKC", token).upper().translate(_FOLD)


def is_valid(code: str) -> bool:
    """Whether the folded token is a code with the right check character."""
    return (
        LENGTH <= len(code) <= MAX_LENGTH
        and code[0] in LETTERS
        and code[1] in DIGITS
        and all(symbol in _VALUE for symbol in code)
        and _check_symbol(code[:-1]) == code[-1]
    )


def find(text: str) -> list[str]:
    """The codes in a messy text, canonical, in their order, each once.

    Only whole tokens count: seven letters inside a longer word are no code.
    Whether such a code was ever given out is for the caller to look up.
    """
    found = {}
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text or "")):
        code = fold(match.group())
        if is_valid(code):
            found[code] = True
    return list(found)
