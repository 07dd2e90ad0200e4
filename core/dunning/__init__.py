"""Reminders: the facts of an account and a ladder in, one explained decision out.

``decide(account, ladder, today) -> Decision`` is the entry point. It is pure and
total: every account gets exactly one decision, with a reason code. ``judge`` is the
part of it that speaks of one position.
"""

from .climb import judge
from .decide import decide
from .ladder import Anchor, Ladder, Step
from .model import Account, Decision, ItemDecision, Obstacle, Position, Sent
from .reasons import DUE_REASONS, EXCLUDED_REASONS, Cause, Kind, Reason

__all__ = [
    "DUE_REASONS",
    "EXCLUDED_REASONS",
    "Account",
    "Anchor",
    "Cause",
    "Decision",
    "ItemDecision",
    "Kind",
    "Ladder",
    "Obstacle",
    "Position",
    "Reason",
    "Sent",
    "Step",
    "decide",
    "judge",
]
