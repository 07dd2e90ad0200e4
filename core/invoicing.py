"""Which rule turns an order into an invoice, and what is missing before it may."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """A confirmed order. Ids are the database's; ``amount`` is in the company's currency."""

    customer_kind: str
    tag_ids: frozenset[int]
    team_id: int
    amount: Decimal
    has_email: bool
    has_tax_id: bool
    has_address: bool
    seller_has_bank_account: bool


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """The conditions of a rule; an empty one (``None``, empty set, 0) does not restrict."""

    id: int
    customer_kind: str | None = None
    tag_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    amount_from: Decimal = Decimal(0)
    amount_to: Decimal | None = None
    sends: bool = True


def choose(rules: list[RuleFacts], order: OrderFacts) -> RuleFacts | None:
    """The first rule in the given order whose conditions all hold."""
    for rule in rules:
        if rule.customer_kind and rule.customer_kind != order.customer_kind:
            continue
        if rule.tag_ids and not rule.tag_ids & order.tag_ids:
            continue
        if rule.team_ids and order.team_id not in rule.team_ids:
            continue
        if order.amount < rule.amount_from:
            continue
        if rule.amount_to is not None and order.amount > rule.amount_to:
            continue
        return rule
    return None


def missing(order: OrderFacts, sends: bool) -> tuple[str, ...]:
    """What the customer or the seller lacks for a complete invoice, as codes.

    A person buying for himself needs neither a tax number nor an address on the invoice.
    """
    is_organisation = order.customer_kind != "retail"
    checks = (
        ("email", sends and not order.has_email),
        ("tax_id", is_organisation and not order.has_tax_id),
        ("address", is_organisation and not order.has_address),
        ("bank_account", not order.seller_has_bank_account),
    )
    return tuple(code for code, is_missing in checks if is_missing)
