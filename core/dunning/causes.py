"""Sums that are not to be chased, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def spread(amount: Decimal, residuals: Sequence[Decimal]) -> list[Decimal]:
    """Split ``amount`` over the open positions of an invoice, the earliest due first.

    What exceeds all of them is nobody's. A customer who does not agree with a part
    holds that part back first; whether it belongs to a later instalment is not known.
    """
    shares = []
    for residual in residuals:
        share = min(amount, max(residual, Decimal(0)))
        shares.append(share)
        amount -= share
    return shares
