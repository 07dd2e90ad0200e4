"""From what a purpose mentions to the documents it names."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from .extract import BARE, CODE, INVOICE, ORDER, TAX_INVOICE, TOKEN, Extraction, Mention
from .index import Index
from .model import Evidence, OpenItem
from .text import nfc, number_key

# How sure a mention makes us, strongest first.
BY_CODE, BY_NUMBER, BY_ORDER, BY_SHORT = 4, 3, 2, 1
_KIND = {BY_CODE: "code", BY_NUMBER: "number", BY_ORDER: "order", BY_SHORT: "number_short"}
_SHORT_DIGITS = 3  # a bare number of so few digits says little without the payer

Live = Callable[[OpenItem], bool]


@dataclass(slots=True)
class Named:
    """The documents that a purpose names, with the mention that proved each."""

    items: dict[Hashable, list[OpenItem]] = field(default_factory=dict)
    strength: dict[Hashable, int] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    unresolved: list[Evidence] = field(default_factory=list)
    ambiguous: list[list[Hashable]] = field(default_factory=list)
    taken: list[Evidence] = field(default_factory=list)
    date_differs: bool = False

    def weakest(self) -> int:
        return min(self.strength.values(), default=0)

    def strongest(self) -> int:
        return max(self.strength.values(), default=0)

    def partners(self) -> set[Hashable]:
        return {item.partner_id for items in self.items.values() for item in items}


def resolve(index: Index, purpose: str, extraction: Extraction, partners: frozenset, live: Live) -> Named:
    """Look every mention up by equality.

    :param partners: the customers the payer may be; empty when unknown. They
        choose between documents of the same number, and are needed for short
        numbers that no keyword stands before.
    :param live: whether an item is still to be had (not given to an earlier payment).
    """
    named = Named()
    text = nfc(purpose)
    by_kind: dict[str, list[Mention]] = {}
    for mention in extraction.mentions:
        by_kind.setdefault(mention.kind, []).append(mention)
    resolver = _Resolver(index, text, partners, live, named)
    for mention in by_kind.get(CODE, []):
        resolver.code(mention)
    for mention in (*by_kind.get(TOKEN, []), *by_kind.get(INVOICE, []), *by_kind.get(BARE, [])):
        resolver.full(mention)
    for mention in by_kind.get(ORDER, []):
        resolver.order(mention)
    # Short numbers last: the stronger mentions have said whose they are.
    for mention in (*by_kind.get(INVOICE, []), *by_kind.get(BARE, []), *by_kind.get(TAX_INVOICE, [])):
        resolver.short(mention)
    return named


class _Resolver:
    def __init__(self, index: Index, text: str, partners: frozenset, live: Live, named: Named):
        self.index, self.text, self.partners, self.live, self.named = index, text, partners, live, named
        self.done: list[tuple[int, int]] = []

    def code(self, mention: Mention) -> None:
        documents = self.index.by_code.get(mention.text, [])
        position = 0
        suffix = re.match(r"-(\d{1,2})(?![^\W_])", self.text[mention.span[1] :])
        if suffix and documents and self.index.documents[documents[0]][0].positions > 1:
            position = int(suffix.group(1))
        self._take(mention, [(document, position) for document in documents], BY_CODE, required=True)

    def full(self, mention: Mention) -> None:
        key = number_key(mention.text)
        found = self.index.by_number.get(key, [])
        if not found:
            return
        strength = BY_NUMBER
        if all(part.isdigit() for part in key):
            own = any(self._partner(document) in self.partners for document, _position in found)
            few = len(mention.text) <= _SHORT_DIGITS
            if mention.kind != INVOICE or (few and not own):
                strength = BY_SHORT
            if strength == BY_SHORT and not own and mention.kind != INVOICE:
                return
        self._take(mention, found, strength, required=mention.kind == INVOICE)

    def order(self, mention: Mention) -> None:
        found = [(document, 0) for document in self.index.by_order.get(number_key(mention.text), [])]
        if found:
            self._take(mention, found, BY_ORDER, required=False, several=True)

    def short(self, mention: Mention) -> None:
        if self._overlaps(mention):
            return
        whose = self.partners or frozenset(self.named.partners())
        key = number_key(mention.text)
        found = self._abbreviated(key)
        if whose:
            own = [(document, position) for document, position in found if self._partner(document) in whose]
            if own or mention.kind != INVOICE:
                found = own
        elif mention.kind != INVOICE:
            return
        if not found and mention.spread:
            members = [self._abbreviated((number,)) for number in mention.spread]
            members = [
                [pair for pair in member if not whose or self._partner(pair[0]) in whose]
                for member in members
            ]
            if all(members):
                for member in members:
                    self._take(mention, member, BY_SHORT, required=True)
                return
        self._take(mention, found, BY_SHORT, required=mention.kind == INVOICE)

    def _abbreviated(self, key: tuple[str, ...]) -> list[tuple[Hashable, int]]:
        """Documents of which the key is a shorter writing: the same last part, the others in order."""
        if not key or not key[-1].isdigit():
            return []
        found = [
            (document, 0)
            for document in self.index.by_tail.get(key[-1], [])
            if _is_subsequence(key, self.index.number_keys[document])
        ]
        if not found and len(key) > 1 and key[-2].isdigit():
            found = [
                (document, int(key[-1]))
                for document in self.index.by_tail.get(key[-2], [])
                if _is_subsequence(key[:-1], self.index.number_keys[document])
                and any(
                    i.positions > 1 and str(i.position) == key[-1] for i in self.index.documents[document]
                )
            ]
        return found

    def _take(self, mention, found, strength, required, several=False) -> None:
        evidence = Evidence(_KIND[strength], self.text[slice(*mention.span)], "purpose", mention.span)
        found = list(dict.fromkeys(found))
        if len(found) > 1 and not several:
            found = self._choose(found, mention)
        self.done.append(mention.span)
        if not found:
            if required:
                self.named.unresolved.append(replace(evidence, kind="number_closed"))
            return
        if len(found) > 1 and not several:
            self.named.ambiguous.append([document for document, _position in found])
            self.named.evidence.append(evidence)
            return
        for document, position in found:
            items = [i for i in self.index.documents[document] if position in (0, i.position)]
            live = [item for item in items if self.live(item)]
            if not live:
                if items:
                    self.named.taken.append(replace(evidence, kind="number_taken"))
                else:
                    self.named.unresolved.append(replace(evidence, kind="number_closed"))
                continue
            if mention.date and strength < BY_CODE and live[0].date and mention.date != live[0].date:
                digits_only = all(part.isdigit() for part in number_key(mention.text))
                self.named.date_differs = self.named.date_differs or digits_only
            known = self.named.items.setdefault(document, [])
            known += [item for item in live if item not in known]
            known.sort(key=lambda item: item.position)
            self.named.strength[document] = max(strength, self.named.strength.get(document, 0))
        self.named.evidence.append(evidence)

    def _choose(self, found, mention):
        """Documents of the same number: the payer's own, then those of the date that stands beside."""
        own = [pair for pair in found if self._partner(pair[0]) in self.partners]
        found = own or found
        if len(found) > 1 and mention.date:
            same = [pair for pair in found if self.index.documents[pair[0]][0].date == mention.date]
            found = same or found
        return found

    def _partner(self, document: Hashable) -> Hashable:
        return self.index.documents[document][0].partner_id

    def _overlaps(self, mention: Mention) -> bool:
        start, end = mention.span
        return any(start < other_end and other_start < end for other_start, other_end in self.done)


def _is_subsequence(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    parts = iter(long)
    return short[-1] == long[-1] and all(part in parts for part in short)
