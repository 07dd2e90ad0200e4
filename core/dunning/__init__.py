"""Reminders: the facts of an account and a ladder in, one explained decision out.

``decide(account, ladder, today) -> Decision`` is the only entry point. It is
pure and total: every account gets exactly one decision, with a reason code.
"""

from .decide import decide
from .model import Account, Decision, ItemDecision, Kind, Ladder, Position, Reason, Sent, Step

__all__ = [
    "Account",
    "Decision",
    "ItemDecision",
    "Kind",
    "Ladder",
    "Position",
    "Reason",
    "Sent",
    "Step",
    "decide",
]
