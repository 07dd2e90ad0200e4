"""A payment in another currency than the documents that it names: proposed at the rate of the day."""

from collections.abc import Sequence

from .amounts import Amounts
from .answers import Answer
from .model import MANUAL, SUGGESTED, Candidate, OpenItem, Settings, Transaction


def decide(
    amounts: Amounts,
    settings: Settings,
    transaction: Transaction,
    items: Sequence[OpenItem],
    evidence: tuple,
    preselect: bool,
) -> Answer:
    """What the payment gives to them, in their currency; a person decides, always.

    In full when the payment's own rate is near the day's: the difference is the rate's.

    :param preselect: whether nothing else speaks against it.
    """
    currencies, partners = {item.currency for item in items}, {item.partner_id for item in items}
    rate = dict(transaction.rates).get(items[0].currency)
    total = sum(amounts.residual(item) for item in items)
    if len(currencies) > 1 or len(partners) > 1 or not rate or total <= 0 or any(i.is_order for i in items):
        return Answer(MANUAL, "currency", evidence=evidence)
    worth = amounts.index.amount(transaction.amount * rate, items[0].currency)
    near = abs(worth - total) <= total * settings.rate_band
    allocations = amounts.whole(list(items)) if near or worth > total else amounts.fill(list(items), worth)
    candidate = Candidate(items[0].partner_id, allocations, 60 if near else 40, "currency", evidence)
    return Answer(SUGGESTED if near else MANUAL, "currency", (candidate,), near and preselect)
