"""Dictionaries over open items and payers: each question is one look-up."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal

from ..references import fold
from .model import OpenItem, Payer, Settings
from .text import identifier, name_key, number_key

Key = tuple[str, ...]


def _item_order(item: OpenItem) -> tuple:
    return (
        str(item.due_date or item.date or ""),
        str(item.date or ""),
        item.number,
        item.position,
        repr(item.id),
    )


class Index:
    """Built once per call of ``match``; takes one pass over items and payers."""

    def __init__(self, items: Iterable[OpenItem], payers: Iterable[Payer], settings: Settings):
        self.settings = settings
        self.items: dict[Hashable, OpenItem] = {}
        self.documents: dict[Hashable, list[OpenItem]] = defaultdict(list)
        self.by_code: dict[str, list[Hashable]] = defaultdict(list)
        self.by_number: dict[Key, list[tuple[Hashable, int]]] = defaultdict(list)
        self.by_tail: dict[str, list[Hashable]] = defaultdict(list)
        self.by_order: dict[Key, list[Hashable]] = defaultdict(list)
        self.by_partner: dict[tuple[Hashable, str], list[OpenItem]] = defaultdict(list)
        self.by_amount: dict[tuple[str, Decimal], list[OpenItem]] = defaultdict(list)
        self.number_keys: dict[Hashable, Key] = {}
        for item in sorted(items, key=_item_order):
            if item.residual:
                self._add_item(item)
        for document, positions in self.documents.items():
            positions.sort(key=lambda item: (item.position, *_item_order(item)))
            self._add_document(document, positions)
        self.by_tax_id: dict[str, set[Hashable]] = defaultdict(set)
        self.by_account: dict[str, set[Hashable]] = defaultdict(set)
        self.by_alias: dict[str, set[Hashable]] = defaultdict(set)
        self.by_name: dict[str, set[Hashable]] = defaultdict(set)
        self.tax_ids: dict[Hashable, set[str]] = defaultdict(set)
        for payer in payers:
            self._add_payer(payer)

    def amount(self, value: Decimal, currency: str) -> Decimal:
        """Rounded as the currency is; amounts are compared only in this form."""
        return round(value, self.settings.digits.get(currency, 2))

    def _add_item(self, item: OpenItem) -> None:
        self.items[item.id] = item
        self.documents[item.document_key].append(item)
        self.by_partner[item.partner_id, item.currency].append(item)
        self.by_amount[item.currency, self.amount(item.residual, item.currency)].append(item)

    def _add_document(self, document: Hashable, positions: list[OpenItem]) -> None:
        first = positions[0]
        if first.payment_code:
            self.by_code[fold(first.payment_code)].append(document)
        key = number_key(first.number)
        self.number_keys[document] = key
        if any(part.isdigit() for part in key):
            self.by_number[key].append((document, 0))
            if key[-1].isdigit():
                self.by_tail[key[-1]].append(document)
            for item in positions:
                if item.positions > 1:
                    # Odoo quotes an instalment as INV/2026/00012-1.
                    self.by_number[(*key, str(item.position))].append((document, item.position))
        for name in first.order_names:
            order = number_key(name)
            if any(part.isdigit() for part in order):
                self.by_order[order].append(document)

    def _add_payer(self, payer: Payer) -> None:
        for tax_id in map(identifier, payer.tax_ids):
            if tax_id:
                self.by_tax_id[tax_id].add(payer.partner_id)
                self.tax_ids[payer.partner_id].add(tax_id)
        for account in map(identifier, (*payer.accounts, *payer.alias_accounts)):
            if account:
                self.by_account[account].add(payer.partner_id)
        for alias in map(name_key, payer.aliases):
            if alias:
                self.by_alias[alias].add(payer.partner_id)
        if name := name_key(payer.name):
            self.by_name[name].add(payer.partner_id)
