"""An answer on its way to a decision."""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal

from .amounts import Allocations
from .model import Candidate, Evidence


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out about one transaction.

    ``preselect`` makes the first candidate the proposal. ``doubts`` are further
    reasons not to apply it; every one of them must have earned its trust.
    """

    outcome: str
    reason: str
    candidates: tuple[Candidate, ...] = ()
    preselect: bool = False
    evidence: tuple[Evidence, ...] = ()
    partner: Hashable = None
    doubts: tuple[str, ...] = ()


def amount_evidence(amount: Decimal, allocations: Allocations = ()) -> Evidence:
    """That the amount speaks for these items."""
    return Evidence("amount", str(amount), "amount", None, tuple(item_id for item_id, _part in allocations))
