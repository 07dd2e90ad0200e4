"""The shapes of matching. Amounts are Decimal, signed, in the named currency."""

import datetime
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

ORDER = "order"
APPLIED = "applied"
SUGGESTED = "suggested"
MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One line of a bank statement. ``amount`` is positive for money received.

    :param rates: by currency, what one unit of the payment's currency is worth in it on that day.
    """

    id: Hashable
    date: datetime.date
    amount: Decimal
    currency: str
    purpose: str = ""
    payer_name: str = ""
    payer_tax_id: str = ""
    payer_account: str = ""
    own_transfer: bool = False
    rates: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A receivable position: a document and one of its due dates; or a prepaid order (``kind`` `ORDER`).

    Money for an order becomes an advance. It is never part of a sum that was
    searched for, and never applied except by what names it.
    ``residual`` is positive when the customer owes, negative for a credit note
    or money that waits. ``document`` groups the positions of one document; when
    it is None, the first half of an ``id`` that is a pair is taken.
    """

    id: Hashable
    partner_id: Hashable
    kind: str
    number: str
    residual: Decimal
    currency: str
    payment_code: str = ""
    order_names: tuple[str, ...] = ()
    due_date: datetime.date | None = None
    date: datetime.date | None = None
    position: int = 1
    positions: int = 1
    document: Hashable = None

    @property
    def is_order(self) -> bool:
        return self.kind == ORDER

    @property
    def document_key(self) -> Hashable:
        if self.document is not None:
            return self.document
        return self.id[0] if isinstance(self.id, tuple) and self.id else self.id


@dataclass(frozen=True, slots=True)
class Payer:
    """What identifies a customer.

    ``aliases`` and ``alias_accounts`` are names and accounts learned from
    confirmed decisions; the caller passes only those that are confirmed enough.
    """

    partner_id: Hashable
    name: str = ""
    tax_ids: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    alias_accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """How a company wants its money matched.

    :param automation: what may be applied without a person: ``off`` nothing,
        ``trusted`` (default) the reasons of `reasons.TRUSTED`, ``earned`` those of ``earned`` too.
    :param earned: reason codes that have earned it or were switched on; only
        members of `reasons.EARNABLE` count.
    :param fuzzy_threshold: how alike (0 to 100) two names must be to mean the same payer.
    :param third_party: what happens when somebody else than the customer pays
        and quotes the reference: ``suggest`` (default), ``apply``, ``manual``.
    :param tolerance: a difference between payment and debt up to which the
        whole debt is suggested (bank fees); 0 by default.
    :param rate_band: how far the rate of a payment in another currency than its document's may lie
        from the day's, for the document to be proposed as paid in full.
    :param digits: decimal places per currency, 2 where not given.
    :param max_sum_items: the largest number of items in one sum.
    :param max_sum_effort: the search for sums gives up after so many steps per
        payment, and then says that it could not prove its answer.
    """

    automation: str = "trusted"
    earned: frozenset[str] = frozenset()
    fuzzy_threshold: int = 88
    third_party: str = "suggest"
    tolerance: Decimal = Decimal(0)
    rate_band: Decimal = Decimal("0.03")
    digits: Mapping[str, int] = field(default_factory=dict)
    max_sum_items: int = 6
    max_sum_effort: int = 20_000
    max_candidates: int = 8


@dataclass(frozen=True, slots=True)
class Evidence:
    """A reason in the data.

    :param field: the field of the transaction that holds ``text``.
    :param span: its place there, in characters of the field's NFC form.
    :param items: the ids of the open items that it speaks for; empty when it speaks for the payer.
    """

    kind: str
    text: str
    field: str = "purpose"
    span: tuple[int, int] | None = None
    items: tuple[Hashable, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer. The rest of the payment, if any, stays the customer's credit."""

    partner_id: Hashable
    allocations: tuple[tuple[Hashable, Decimal], ...]
    score: int
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one transaction.

    ``allocations``, in the currency of the items, is what was chosen: everything for
    *applied*, the preselected proposal for *suggested*, empty when there are several
    equal candidates.
    ``score`` is 0 to 100. ``automatic_by`` says of an applied one by what right:
    ``trusted`` or ``earned``; it is empty for all others.
    """

    transaction_id: Hashable
    outcome: str
    reason: str
    score: int = 0
    partner_id: Hashable = None
    allocations: tuple[tuple[Hashable, Decimal], ...] = ()
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    automatic_by: str = ""
