"""The unit of debt: a document and one of its due dates."""

import datetime
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReceivablePosition:
    """An invoice has one position per instalment, anything else has one per receivable item.

    Known by ``(move_id, position)``: resetting an invoice to draft replaces its
    journal items, so ``line_id`` is only where the position lies today.
    ``amount`` and ``residual`` are in ``currency``, positive when the customer
    owes, negative when we do.
    """

    move_id: int
    position: int  # from 1, by due date
    positions: int
    line_id: int
    partner_id: int  # the commercial partner; 0 when the item names none
    kind: str  # "invoice", "credit_note", "credit" (unapplied money), "other"
    name: str
    payment_code: str
    order_names: tuple[str, ...]
    invoice_date: datetime.date
    due_date: datetime.date
    currency: str  # ISO 4217
    amount: Decimal
    residual: Decimal
    sent_at: datetime.datetime | None

    @property
    def key(self) -> tuple[int, int]:
        return self.move_id, self.position


@dataclass(frozen=True, slots=True)
class PrepaidOrder:
    """A confirmed order that is paid before its invoice, by its счёт на оплату.

    Money for it becomes an advance of the customer that names the order. ``residual``:
    what is still to be paid, in ``currency``, always positive.
    """

    order_id: int
    partner_id: int  # the commercial partner
    name: str
    payment_code: str
    order_date: datetime.date
    valid_until: datetime.date | None
    currency: str  # ISO 4217
    amount: Decimal
    residual: Decimal

    @property
    def key(self) -> tuple[str, int]:
        return "order", self.order_id
