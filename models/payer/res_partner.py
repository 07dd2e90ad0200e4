from odoo import api, fields, models

from .payer_score import GRADES

READERS = "invoice_to_cash.group_collector,sales_team.group_sale_salesman"


class ResPartner(models.Model):
    _inherit = "res.partner"

    payer_score = fields.Integer(compute="_compute_payer_score", groups=READERS)
    payer_score_grade = fields.Selection(GRADES, compute="_compute_payer_score", groups=READERS)

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_payer_score(self):
        profiles = self._get_payer_profiles()
        for partner in self:
            profile = profiles.get(partner.commercial_partner_id.id, self.env["payer.profile"])
            partner.payer_score = profile.score
            partner.payer_score_grade = profile.score_grade

    def action_open_payer_profile(self):
        """All that is known of the payer; a salesperson sees it without the reminders' controls."""
        self.ensure_one()
        profile = self._get_payer_profiles().get(self.commercial_partner_id.id)
        if not profile:
            return False
        is_collector = self.env.user.has_group("invoice_to_cash.group_collector")
        view = False if is_collector else self.env.ref("invoice_to_cash.view_payer_profile_sales").id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payer"),
            "res_model": "payer.profile",
            "res_id": profile.id,
            "views": [(view, "form")],
        }
