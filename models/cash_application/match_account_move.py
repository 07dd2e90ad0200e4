from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    bank_match_count = fields.Integer("Bank Payments", compute="_compute_bank_match_count", compute_sudo=True)

    def _compute_bank_match_count(self):
        counts = dict(
            self.env["payment.match.line"]._read_group(
                self._get_bank_match_domain(), ["move_id"], ["match_id:count_distinct"]
            )
        )
        for move in self:
            move.bank_match_count = counts.get(move, 0)

    def _get_bank_match_domain(self):
        # The candidate that was applied, not the others that were considered.
        return [("move_id", "in", self.ids), ("match_id.state", "=", "applied"), ("is_chosen", "=", True)]

    def action_open_bank_matches(self):
        """The bank payments that were applied to this invoice."""
        self.ensure_one()
        matches = self.env["payment.match.line"].search(self._get_bank_match_domain()).match_id
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Bank Payments"),
            "res_model": "payment.match",
            "view_mode": "list,form",
            "domain": [("id", "in", matches.ids)],
        }
        if len(matches) == 1:
            action |= {"view_mode": "form", "res_id": matches.id}
        return action
