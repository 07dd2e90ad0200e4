"""Messy payments with their truth, made from a seed: what the matching is measured on.

    dev/bench payments [seed]      prints examples of every kind

Each line has a customer of its own beside it (with one to a dozen open items), all share
one numbering. ``Truth.expected`` is what a careful accountant would book; it is None
where nobody could know. Adversarial lines are made apart: each of them tempts.
"""

from __future__ import annotations

import sys

from ._payment_hints import Hints
from ._payment_references import References
from ._payment_riddles import Riddles
from ._payment_world import DECIDABLE, TODAY, TRUSTED, UNDECIDABLE, Book, Case, Customer, Truth

__all__ = [
    "DECIDABLE",
    "KINDS",
    "TODAY",
    "TRUSTED",
    "UNDECIDABLE",
    "Book",
    "Case",
    "Customer",
    "Maker",
    "Truth",
    "make_book",
]

KINDS = {
    "code": 14, "number": 20, "several": 7, "range": 2, "instalment": 4, "short": 6, "two_codes": 1,
    "partial": 4, "overpaid": 3, "fee": 3, "third_party": 4, "typo": 4, "code_typo": 1, "amount": 6,
    "learned": 2, "fuzzy": 4, "sum": 3, "credit_note": 2, "order": 2, "dated": 2, "customer_named": 2,
    "same_tail": 1,
    "same_amount": 3, "sum_twice": 2, "shared_name": 1, "unknown": 2, "closed": 2, "twice": 2, "payout": 1,
    "advance": 1, "refund": 1, "two_customers": 1,
}  # fmt: skip


class Maker(References, Hints, Riddles):
    """All kinds of lines."""


def make_book(seed: int, lines: int = 1000, style: str | None = None, kinds: dict | None = None) -> Book:
    """A book of about ``lines`` payments with their open items and payers."""
    maker = Maker(seed, style)
    kinds = kinds or KINDS
    names, weights = list(kinds), list(kinds.values())
    while len(maker.book.cases) < lines:
        getattr(maker, "make_" + maker.random.choices(names, weights)[0])()
    return maker.book


def main(arguments) -> int:
    maker = Maker(int(arguments[0]) if arguments else 1)
    for kind in KINDS:
        before = len(maker.book.cases)
        for _ in range(4):
            getattr(maker, "make_" + kind)()
        for case in maker.book.cases[before:]:
            line = case.transaction
            print(f"{kind:15} {line.amount:>14} {line.payer_name[:30]:30} {line.purpose}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
