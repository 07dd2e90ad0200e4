"""Money that leaves: what of a customer's credit notes and open credits it pays back.

The same questions are asked as of money that comes, of the credits alone and with all signs turned.
What is found is proposed and never applied: nobody's money leaves the books by itself.
"""

from collections.abc import Iterable
from dataclasses import replace

from .model import MANUAL, SUGGESTED, Candidate, Decision, OpenItem

REASON = "credit_refund"
# Answers about money that comes which prove nothing about money that leaves.
_IDLE = frozenset(
    {
        *("only_open", "oldest_first", "amount_only", "overpaid", "tolerance", "third_party", "currency"),
        *("several_customers", "partner_missing", "payer_ambiguous", "customer_named", "short_alone"),
    }
)


def turned(items: Iterable[OpenItem]) -> list[OpenItem]:
    """The credits among open items as if they were debts."""
    return [replace(item, residual=-item.residual) for item in items if item.residual < 0]


def turn_back(transaction_id, decision: Decision) -> Decision:
    """A decision about turned items as one about money that leaves."""
    candidates = tuple(
        Candidate(
            candidate.partner_id,
            tuple((key, -amount) for key, amount in candidate.allocations),
            candidate.score,
            REASON,
            candidate.evidence,
        )
        for candidate in decision.candidates
        if candidate.reason not in _IDLE and candidate.allocations
    )
    if not candidates or decision.reason in _IDLE:
        return Decision(transaction_id, MANUAL, "outgoing")
    chosen = tuple((key, -amount) for key, amount in decision.allocations)
    if not chosen and decision.reason == "refund" and len(candidates) == 1:
        chosen = candidates[0].allocations  # the word that speaks against money that comes
    chosen = chosen if chosen == candidates[0].allocations else ()
    return Decision(
        transaction_id,
        SUGGESTED,
        REASON,
        candidates[0].score,
        decision.partner_id or candidates[0].partner_id,
        chosen,
        candidates,
        decision.evidence,
    )
