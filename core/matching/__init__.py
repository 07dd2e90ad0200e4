"""Which open item a payment is for: facts in, decisions with evidence out.

``match(transactions, open_items, payers, settings)`` is the way in. It knows
nothing of Odoo; `model` holds the shapes, `extract` reads a payment's purpose,
`index` the dictionaries, `sums` the search for sums, `engine` the decisions.
"""

from .engine import match
from .extract import extract
from .model import (
    APPLIED,
    MANUAL,
    ORDER,
    SUGGESTED,
    Candidate,
    Decision,
    Evidence,
    OpenItem,
    Payer,
    Settings,
    Transaction,
)

__all__ = [
    "APPLIED",
    "MANUAL",
    "ORDER",
    "SUGGESTED",
    "Candidate",
    "Decision",
    "Evidence",
    "OpenItem",
    "Payer",
    "Settings",
    "Transaction",
    "extract",
    "match",
]
