"""Why a customer rightly does not pay: what is disputed, not delivered, or for us to put right."""

from decimal import Decimal

from odoo import models

from ...core import dunning
from ...core.dunning import Cause
from ...core.dunning.causes import spread

#: Reasons of a dispute that are for us to put right, whatever sum is named.
OURS = {"documents": Cause.DOCUMENT_MISSING, "requisites": Cause.WRONG_REQUISITES}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_position_facts(self, positions, today):
        """Extend with the sums that are not to be chased, and their causes."""
        facts = super()._get_dunning_position_facts(positions, today)
        by_move = {}
        for item in positions:
            if item.residual > 0:
                by_move.setdefault(item.move_id, []).append(item)
        for move_id, causes in self._get_dunning_causes(list(by_move)).items():
            items = sorted(by_move[move_id], key=lambda item: item.position)
            residuals = [item.residual for item in items]
            per_cause = {
                cause: spread(amount, residuals) if amount is not None else [None] * len(items)
                for cause, amount in causes.items()
            }
            for number, item in enumerate(items):
                obstacles = tuple(
                    dunning.Obstacle(cause, shares[number])
                    for cause, shares in per_cause.items()
                    if shares[number] is None or shares[number] > 0
                )
                if obstacles:
                    facts.setdefault(item.key, {})["obstacles"] = obstacles
        return facts

    def _get_dunning_causes(self, move_ids) -> dict:
        """{move id: {core Cause: sum in the invoice's currency, None for what has no sum}}."""
        causes = {}
        disputes = self.env["invoice.dispute"]._read_group(
            [("move_id", "in", move_ids), ("state", "=", "open")], ["move_id", "reason"], ["amount:sum"]
        )
        for move, reason, amount in disputes:
            known = causes.setdefault(move.id, {})
            cause = Cause.NOT_DELIVERED if reason == "not_delivered" else Cause.DISPUTE
            known[cause] = known.get(cause, Decimal(0)) + Decimal(str(move.currency_id.round(amount)))
            if reason in OURS:
                known[OURS[reason]] = None
        return causes
