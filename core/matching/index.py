"""Dictionaries over open items and payers: each question is one look-up."""

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal

from ..references import fold
from .model import OpenItem, Payer, Settings
from .names import NameIndex, name_key
from .text import identifier, number_key

Key = tuple[str, ...]


def _item_order(item: OpenItem) -> tuple:
    date = item.date or datetime.date.min
    return item.due_date or date, date, item.number, item.position, repr(item.id)


class Index:
    """Built once per call of ``match``; takes one pass over items and payers."""

    def __init__(self, items: Iterable[OpenItem], payers: Iterable[Payer], settings: Settings):
        self.settings = settings
        self.items: dict[Hashable, OpenItem] = {}
        self.documents: dict[Hashable, list[OpenItem]] = defaultdict(list)
        self.by_code: dict[str, list[Hashable]] = defaultdict(list)
        self.by_number: dict[Key, list[tuple[Hashable, int]]] = defaultdict(list)
        self.by_serial: dict[str, list[Hashable]] = defaultdict(list)
        self.by_order: dict[Key, list[Hashable]] = defaultdict(list)
        self.by_partner: dict[tuple[Hashable, str], list[OpenItem]] = defaultdict(list)
        self.by_amount: dict[tuple[str, Decimal], list[OpenItem]] = defaultdict(list)
        self.number_keys: dict[Hashable, Key] = {}
        self._digits = settings.digits
        for item in sorted(items, key=_item_order):
            if item.residual:
                self._add_item(item)
        for document, positions in self.documents.items():
            if len(positions) > 1:
                positions.sort(key=lambda item: item.position)
            self._add_document(document, positions)
        self.by_tax_id: dict[str, set[Hashable]] = defaultdict(set)
        self.by_account: dict[str, set[Hashable]] = defaultdict(set)
        self.by_alias_account: dict[str, set[Hashable]] = defaultdict(set)
        self.by_alias: dict[str, set[Hashable]] = defaultdict(set)
        self.by_name: dict[str, set[Hashable]] = defaultdict(set)
        self.tax_ids: dict[Hashable, set[str]] = defaultdict(set)
        self.names: dict[Hashable, list[str]] = defaultdict(list)
        for payer in payers:
            self._add_payer(payer)
        self.fuzzy_names = NameIndex(self.by_name)

    def amount(self, value: Decimal, currency: str) -> Decimal:
        """Rounded as the currency is; amounts are compared only in this form."""
        return round(value, self._digits.get(currency, 2))

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
            if not first.is_order:
                # An order is named in full: its count is that of the invoices as well.
                self.by_serial[serial(key, first)].append(document)
            if first.positions > 1:
                for item in positions:
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
        for known, accounts in (
            (self.by_account, payer.accounts),
            (self.by_alias_account, payer.alias_accounts),
        ):
            for account in map(identifier, accounts):
                if account:
                    known[account].add(payer.partner_id)
        for alias in map(name_key, payer.aliases):
            if alias:
                self.by_alias[alias].add(payer.partner_id)
                self.names[payer.partner_id].append(alias)
        if name := name_key(payer.name):
            self.by_name[name].add(payer.partner_id)
            self.names[payer.partner_id].append(name)


def serial(key: Key, item: OpenItem) -> str:
    """The part of a number that counts: the last digits that are not the document's year.

    ``INV/2026/00012`` → 12, ``5830/26`` → 5830, ``2026-4414`` → 4414.
    """
    digits = [part for part in key if part.isdigit()] or [""]
    if len(digits) > 1:
        if item.date:
            years = (str(item.date.year), str(item.date.year % 100))
        else:
            years = tuple(part for part in digits if len(part) == 4 and part.startswith("20"))
        return next((part for part in reversed(digits) if part not in years), digits[-1])
    return digits[-1]
