"""Which deliveries wait for money or for the end of a hold, and why."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class HoldRules:
    """What a company lets wait. ``overdue_days`` 0: overdue debt alone stops nothing."""

    prepaid: bool = True
    over_limit: bool = False
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """A commercial partner; amounts in the company's currency.

    ``balance``: owed on the ledger less unapplied money, negative when we owe.
    ``limit`` None: no limit. ``overdue_days``: of the oldest open debt.
    ``held_by``: "" or "person" or "reminders": who put the flag on the customer.
    """

    id: int
    balance: Decimal = ZERO
    limit: Decimal | None = None
    overdue_days: int = 0
    held_by: str = ""
    held_why: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A confirmed order; amounts in the company's currency.

    ``unbilled``: confirmed and not yet invoiced. ``to_prepay``: what is still to be paid before
    the delivery, of a prepaid order or of a down payment. ``prepaid``: money that came before the invoice.
    """

    id: int
    customer_id: int
    confirmed: datetime.datetime
    unbilled: Decimal = ZERO
    is_prepaid: bool = False
    to_prepay: Decimal = ZERO
    prepaid: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason to wait: ``prepayment`` or ``down_payment`` with the rest to pay, ``customer`` with
    the words on its card, ``overdue`` with its days, ``limit`` with the amount above it."""

    reason: str
    amount: Decimal = ZERO
    days: int = 0
    why: str = ""


def decide(
    rules: HoldRules, customers: Mapping[int, Customer], orders: Iterable[Order]
) -> dict[int, tuple[Hold, ...]]:
    """The reasons of each order to wait, by its id; an empty tuple lets it go.

    ``orders`` are all orders of these customers with something unbilled or undelivered: against a
    limit the earlier order counts before the later, so a new order never stops an older one.
    An order that is paid in advance waits for nothing but a person's word.
    """
    result = {}
    exposure = {customer.id: customer.balance for customer in customers.values()}
    for order in sorted(orders, key=lambda order: (order.confirmed, order.id)):
        customer = customers[order.customer_id]
        # An unpaid prepaid order is no risk; a paid one takes up the credit that its money gave.
        taken = min(order.unbilled, order.prepaid) if order.is_prepaid else order.unbilled
        exposure[customer.id] += taken
        holds = []
        if rules.prepaid and order.to_prepay > 0:
            reason = "prepayment" if order.is_prepaid else "down_payment"
            holds.append(Hold(reason, amount=order.to_prepay))
        is_paid = order.is_prepaid and order.to_prepay <= 0
        if customer.held_by == "person" or (customer.held_by and not is_paid):
            holds.append(Hold("customer", why=customer.held_why))
        if not is_paid:
            if rules.overdue_days and customer.overdue_days >= rules.overdue_days:
                holds.append(Hold("overdue", days=customer.overdue_days))
            over = exposure[customer.id] - customer.limit if customer.limit is not None else ZERO
            # An unpaid prepaid order waits for its own money, whatever else is owed.
            if rules.over_limit and over > 0 and not order.is_prepaid:
                holds.append(Hold("limit", amount=over))
        result[order.id] = tuple(holds)
    return result
