"""Who pays: BIN or IIN, then account, then what was learned, then the name."""

from collections.abc import Hashable
from dataclasses import dataclass

from rapidfuzz import fuzz

from .index import Index
from .model import Evidence, Transaction
from .names import name_key, spoken_words
from .text import identifier, nfc

# Below this, the payer's name and the customer's have nothing in common (0 to 100).
_OTHER_NAME = 55


@dataclass(frozen=True, slots=True)
class Known:
    """Who the payer may be: no customer, one, or several of the same identity.

    ``certain`` is false when only the name says so.
    """

    partners: frozenset = frozenset()
    evidence: tuple[Evidence, ...] = ()
    score: int = 0
    certain: bool = False


def identify(index: Index, transaction: Transaction, threshold: int) -> Known:
    """The first kind of identity that any customer has."""
    tax_id = identifier(transaction.payer_tax_id)
    account = identifier(transaction.payer_account)
    name = name_key(transaction.payer_name)
    steps = (
        ("payer_tax_id", tax_id, index.by_tax_id, "payer_tax_id", 30, True),
        ("payer_account", account, index.by_account, "payer_account", 25, True),
        ("payer_account", account, index.by_alias_account, "payer_account", 22, True),
        ("payer_alias", name, index.by_alias, "payer_name", 20, True),
        ("payer_name", name, index.by_name, "payer_name", 15, False),
    )
    for kind, key, known, field, score, certain in steps:
        partners = known.get(key) if key else None
        if partners and field == "payer_name":
            partners = {partner for partner in partners if not _contradicts(index, tax_id, partner)}
        if partners:
            evidence = Evidence(kind, getattr(transaction, field), field)
            return Known(frozenset(partners), (evidence,), score, certain)
    partners = index.fuzzy_names.find(transaction.payer_name, threshold) if name else frozenset()
    partners = frozenset(partner for partner in partners if not _contradicts(index, tax_id, partner))
    if partners:
        return Known(partners, (Evidence("payer_fuzzy", transaction.payer_name, "payer_name"),), 10)
    return Known()


def _contradicts(index: Index, tax_id: str, partner: Hashable) -> bool:
    known = index.tax_ids.get(partner)
    return bool(tax_id and known and tax_id not in known)


def is_third_party(index: Index, transaction: Transaction, partner: Hashable, payer: Known) -> bool:
    """Whether somebody else pays than the customer whose document is named."""
    if payer.partners:
        return partner not in payer.partners
    if _contradicts(index, identifier(transaction.payer_tax_id), partner):
        return True
    if identifier(transaction.payer_tax_id) in index.tax_ids.get(partner, ()):
        return False
    name = name_key(transaction.payer_name)
    names = index.names.get(partner)
    return bool(name and names) and all(fuzz.token_set_ratio(name, other) < _OTHER_NAME for other in names)


def named_customers(index: Index, purpose: str) -> dict[Hashable, Evidence]:
    """Customers whose whole name, of two words or more, stands in a text."""
    places = spoken_words(purpose)
    found: dict[Hashable, Evidence] = {}
    taken: set[int] = set()
    for size in (4, 3, 2):
        for start in range(len(places) - size + 1):
            window = places[start : start + size]
            partners = index.by_name.get(" ".join(sorted(word for word, _span in window)))
            if not partners or not taken.isdisjoint(range(start, start + size)):
                continue
            taken.update(range(start, start + size))
            span = window[0][1][0], window[-1][1][1]
            for partner in partners:
                found[partner] = Evidence("customer_named", nfc(purpose)[slice(*span)], "purpose", span)
    return found
