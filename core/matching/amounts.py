"""What an amount pays: spread over named documents, or found among a customer's open items."""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal

from .index import Index
from .model import OpenItem, Settings
from .sums import find_sums

# The search for sums is not begun over more items of one customer.
MAX_SUM_CHOICES = 30

Allocations = tuple[tuple[Hashable, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Ways to make an amount: one document or position, or several documents together.

    ``complete`` says that there are no others.
    """

    singles: list[list[OpenItem]]
    sums: list[list[OpenItem]]
    complete: bool = True

    def unique(self) -> list[OpenItem] | None:
        ways = [*self.singles, *self.sums]
        return ways[0] if len(ways) == 1 else None


class Amounts:
    """``given`` is what earlier payments of the same call have taken of the items."""

    def __init__(self, index: Index, settings: Settings):
        self.index, self.settings = index, settings
        self.given: dict[Hashable, Decimal] = {}

    def take(self, allocations: Allocations) -> None:
        for item_id, amount in allocations:
            self.given[item_id] = self.given.get(item_id, Decimal(0)) + amount

    def residual(self, item: OpenItem) -> Decimal:
        residual = self.index.amount(item.residual, item.currency)
        return residual - self.given[item.id] if item.id in self.given else residual

    def live(self, item: OpenItem) -> bool:
        return item.id not in self.given or self.residual(item) != 0

    def whole(self, items: list[OpenItem]) -> Allocations:
        return tuple((item.id, self.residual(item)) for item in items)

    def open_items(self, partner: Hashable, currency: str) -> list[OpenItem]:
        return [item for item in self.index.by_partner.get((partner, currency), ()) if self.live(item)]

    def allocate(self, documents: dict[Hashable, list[OpenItem]], amount: Decimal) -> tuple[Allocations, str]:
        """Spread an amount over named documents: all, due instalments in order, or what it reaches.

        :return: the allocations and how: exact, instalment, tolerance, overpaid, partial.
        """
        items = [item for group in documents.values() for item in group]
        everything = self.whole(items)
        total = sum(residual for _id, residual in everything)
        if amount == total:
            return everything, "exact"
        if len(documents) == 1 and len(items) > 1:
            running = Decimal(0)
            for count, (_id, residual) in enumerate(everything, 1):
                running += residual
                if running == amount:
                    return everything[:count], "instalment"
            single = [pair for pair in everything if pair[1] == amount]
            if len(single) == 1:
                return tuple(single), "instalment"
        if 0 < total - amount <= self.settings.tolerance:
            return self.fill(items, amount), "tolerance"
        if amount > total:
            # With the credit notes that are named beside: their invoices alone may be more than the payment.
            return everything if total > 0 else self.fill(items, amount), "overpaid"
        return self.fill(items, amount), "partial"

    def fill(self, items: list[OpenItem], amount: Decimal) -> Allocations:
        """As far as the amount reaches, in the given order."""
        allocations = []
        for item in items:
            part = min(self.residual(item), amount)
            if part > 0:
                allocations.append((item.id, part))
                amount -= part
        return tuple(allocations)

    def find(self, partner: Hashable, currency: str, amount: Decimal) -> Found:
        """Everything among a customer's open items that makes the amount."""
        items = self.open_items(partner, currency)
        documents: dict[Hashable, list[OpenItem]] = {}
        for item in items:
            documents.setdefault(item.document_key, []).append(item)
        # Of equal instalments the one that is due first is meant.
        singles = [
            [next(item for item in group if self.residual(item) == amount)]
            for group in documents.values()
            if any(self.residual(item) == amount for item in group)
        ]
        whole = [
            group
            for group in documents.values()
            if len(group) > 1 and sum(self.residual(item) for item in group) == amount
        ]
        known = [{item.id for item in group} for group in whole]
        sets, complete = self.sums(items, amount, 2, 2 + len(whole))
        sums = [group for group in sets if {item.id for item in group} not in known]
        return Found(singles + whole, sums, complete)

    def sums(self, items: list[OpenItem], target: Decimal, min_items: int, limit: int = 2):
        """Sets of documents that make a sum, and whether there are certainly no others."""
        items = [item for item in items if not item.is_order]
        if not items:
            return [], True
        if len(items) > MAX_SUM_CHOICES:
            return [], False
        scale = Decimal(10) ** self.settings.digits.get(items[0].currency, 2)
        sets, complete = find_sums(
            [int(self.residual(item) * scale) for item in items],
            int(target * scale),
            self.settings.max_sum_items,
            self.settings.max_sum_effort,
            min_items,
            limit,
        )
        return [[items[place] for place in places] for places in sets], complete
