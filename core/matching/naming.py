"""From what a purpose mentions to the documents it names."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from .index import Index, serial
from .lists import BARE, CODE, INVOICE, ORDER, TAX_INVOICE, TOKEN, Extraction, Mention
from .model import Evidence, OpenItem
from .patterns import GLUED_KEYWORD
from .text import digits_for_lookalikes, nfc, number_key

# How sure a mention makes us, strongest first.
BY_CODE, BY_NUMBER, BY_ORDER, BY_SHORT, BY_BARE = 5, 4, 3, 2, 1
_KIND = {
    BY_CODE: "code",
    BY_NUMBER: "number",
    BY_ORDER: "order",
    BY_SHORT: "number_short",
    BY_BARE: "number_short",
}
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
    long: bool = True  # each short number has enough digits to be no chance
    unread: bool = False  # something like a number is left that is none of ours
    date_differs: bool = False

    def weakest(self) -> int:
        return min(self.strength.values(), default=0)

    def strongest(self) -> int:
        return max(self.strength.values(), default=0)

    def partners(self) -> set[Hashable]:
        return {item.partner_id for items in self.items.values() for item in items}

    def without(self, strength: int) -> "Named":
        """The same without what is no stronger than ``strength``."""
        kept = {document for document, known in self.strength.items() if known > strength}
        return replace(
            self,
            items={document: items for document, items in self.items.items() if document in kept},
            strength={document: known for document, known in self.strength.items() if document in kept},
        )


def resolve(index: Index, purpose: str, extraction: Extraction, partners: frozenset, live: Live) -> Named:
    """Look every mention up by equality.

    :param partners: the customers the payer may be; empty when unknown. They
        choose between documents of the same number, and are needed for short
        numbers that no keyword stands before.
    :param live: whether an item is still to be had (not given to an earlier payment).
    """
    named = Named()
    by_kind: dict[str, list[Mention]] = {}
    for mention in extraction.mentions:
        by_kind.setdefault(mention.kind, []).append(mention)
    resolver = _Resolver(index, nfc(purpose), partners, live, named)
    for mention in by_kind.get(CODE, []):
        resolver.code(mention)
    for mention in (*by_kind.get(INVOICE, []), *by_kind.get(TOKEN, []), *by_kind.get(BARE, [])):
        resolver.full(mention)
    for mention in by_kind.get(TOKEN, []):
        resolver.span(mention)
    for mention in by_kind.get(ORDER, []):
        resolver.order(mention)
    # Short numbers last: the stronger mentions have said whose they are.
    for mention in (*by_kind.get(INVOICE, []), *by_kind.get(BARE, []), *by_kind.get(TAX_INVOICE, [])):
        resolver.short(mention)
    named.unread = any(not resolver.overlaps(mention) for mention in by_kind.get(BARE, []))
    return named


class _Resolver:
    def __init__(self, index: Index, text: str, partners: frozenset, live: Live, named: Named):
        self.index, self.text, self.partners, self.live, self.named = index, text, partners, live, named
        self.done: list[Mention] = []

    def code(self, mention: Mention) -> None:
        documents = self.index.by_code.get(mention.text, [])
        if mention.loose and not documents:
            return
        position = 0
        suffix = re.match(r"-(\d{1,2})(?![^\W_])", self.text[mention.span[1] :])
        if suffix and documents and self.index.documents[documents[0]][0].positions > 1:
            position = int(suffix.group(1))
        self._take(mention, [(document, position) for document in documents], BY_CODE, required=True)

    def full(self, mention: Mention) -> None:
        if self.overlaps(mention):
            return
        key = number_key(mention.text)
        found = self.index.by_number.get(key, [])
        if not found and (plain := digits_for_lookalikes(mention.text)) != mention.text:
            key = number_key(plain)
            found = self.index.by_number.get(key, [])
        if not found and (whole := _with_whole_year(key)) != key:
            found = self.index.by_number.get(whole, [])
        if not found and mention.kind == TOKEN and (glued := GLUED_KEYWORD.match(mention.text)):
            key = number_key(mention.text[glued.end() :])
            found = self.index.by_number.get(key, [])
        order = mention.kind == TOKEN and not found
        if order:
            found = [(document, 0) for document in self.index.by_order.get(key, [])]
        if not found:
            return
        strength = BY_ORDER if order else BY_NUMBER
        if all(part.isdigit() for part in key):
            own = any(self._partner(document) in self.partners for document, _position in found)
            few = len(mention.text) <= _SHORT_DIGITS
            if mention.kind != INVOICE:
                if not own:
                    return
                strength = BY_BARE
            elif few and not own:
                strength = BY_SHORT
        self._take(mention, found, strength, required=mention.kind == INVOICE, several=order)

    def order(self, mention: Mention) -> None:
        found = [(document, 0) for document in self.index.by_order.get(number_key(mention.text), [])]
        if found:
            self._take(mention, found, BY_ORDER, required=False, several=True)

    def short(self, mention: Mention) -> None:
        if self.overlaps(mention):
            return
        whose = self.partners or frozenset(self.named.partners())
        found = self._abbreviated(number_key(mention.text))
        if whose:
            own = [(document, position) for document, position in found if self._partner(document) in whose]
            if own or mention.kind != INVOICE:
                found = own
        elif mention.kind != INVOICE:
            return
        if not found and mention.spread and self._spread(mention, whose):
            return
        strength = BY_SHORT if mention.kind == INVOICE else BY_BARE
        self._take(mention, found, strength, required=mention.kind == INVOICE)

    def span(self, mention: Mention) -> None:
        """A whole token that is a range of our numbers."""
        if mention.spread and not self.overlaps(mention):
            self._spread(mention, self.partners, full_only=True)

    def _spread(self, mention: Mention, whose: frozenset, full_only: bool = False) -> bool:
        """Take "12-15" as a range, when all its members are there."""
        members = []
        for number in mention.spread:
            key = number_key(number)
            full = self.index.by_number.get(key, [])
            found = full if full_only else full or self._abbreviated(key)
            if whose:
                found = [pair for pair in found if self._partner(pair[0]) in whose]
            if not found:
                return False
            members.append((found, BY_NUMBER if full and mention.kind in (INVOICE, TOKEN) else BY_SHORT))
        for found, strength in members:
            self._take(mention, found, strength, required=True)
        return True

    def _abbreviated(self, key: tuple[str, ...]) -> list[tuple[Hashable, int]]:
        """Documents of which the key is a shorter writing: the part that counts, the others in order."""
        index = self.index
        digits = [part for part in key if part.isdigit()]
        found = [
            (document, 0)
            for part in dict.fromkeys(digits)
            for document in index.by_serial.get(part, [])
            if _is_subsequence(key, index.number_keys[document])
        ]
        if not found and len(digits) > 1 and key[-1].isdigit():
            for document in index.by_serial.get(digits[-2], []):
                if not _is_subsequence(key[:-1], index.number_keys[document]):
                    continue
                items = index.documents[document]
                day = items[0].date
                if day and key[-1] in (str(day.year), str(day.year % 100)):
                    found.append((document, 0))
                elif any(i.positions > 1 and str(i.position) == key[-1] for i in items):
                    found.append((document, int(key[-1])))
        return list(dict.fromkeys(found))

    def _take(self, mention, found, strength, required, several=False) -> None:
        evidence = Evidence(_KIND[strength], self.text[slice(*mention.span)], "purpose", mention.span)
        found = list(dict.fromkeys(found))
        if len(found) > 1 and not several:
            found = self._choose(found, mention)
        if found or required:
            self.done.append(mention)
        if not found:
            if required:
                self.named.unresolved.append(replace(evidence, kind="number_closed"))
            return
        if len(found) > 1 and not several:
            self.named.ambiguous.append([document for document, _position in found])
            self.named.evidence.append(evidence)
            return
        proven: list[Hashable] = []
        for document, position in found:
            items = [i for i in self.index.documents[document] if position in (0, i.position)]
            live = [item for item in items if self.live(item)]
            if not live:
                if items:
                    self.named.taken.append(replace(evidence, kind="number_taken"))
                else:
                    self.named.unresolved.append(replace(evidence, kind="number_closed"))
                continue
            if strength < BY_CODE and mention.differs(live[0].date):
                short = strength < BY_NUMBER or all(part.isdigit() for part in number_key(mention.text))
                self.named.date_differs = self.named.date_differs or short
            proven += [item.id for item in live]
            known = self.named.items.setdefault(document, [])
            known += [item for item in live if item not in known]
            known.sort(key=lambda item: item.position)
            if strength == BY_SHORT and len(serial(number_key(mention.text), live[0])) <= _SHORT_DIGITS:
                self.named.long = False
            self.named.strength[document] = max(strength, self.named.strength.get(document, 0))
        self.named.evidence.append(replace(evidence, items=tuple(proven)))

    def _choose(self, found, mention):
        """Documents of the same number: the payer's own, then those of the date that stands beside."""
        own = [pair for pair in found if self._partner(pair[0]) in self.partners]
        found = own or found
        if len(found) > 1 and mention.date:
            same = [pair for pair in found if not mention.differs(self.index.documents[pair[0]][0].date)]
            found = same or found
        return found

    def _partner(self, document: Hashable) -> Hashable:
        return self.index.documents[document][0].partner_id

    def overlaps(self, mention: Mention) -> bool:
        """Whether its place was read already; the members of one range share theirs."""
        start, end = mention.span
        return any(
            start < other.span[1]
            and other.span[0] < end
            and (other.span != mention.span or other.text == mention.text)
            for other in self.done
        )


def _with_whole_year(key: tuple[str, ...]) -> tuple[str, ...]:
    """``INV/26/00012`` as ``INV/2026/00012``."""
    if len(key) == 3 and key[0].isalpha() and key[1].isdigit() and len(key[1]) == 2:
        return key[0], "20" + key[1], key[2]
    return key


def _is_subsequence(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    parts = iter(long)
    return all(part in parts for part in short)
