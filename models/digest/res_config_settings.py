from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    receivables_digest = fields.Boolean(
        "Weekly Figures by Mail", compute="_compute_receivables_digest", inverse="_inverse_receivables_digest"
    )

    def _get_receivables_digest(self):
        return self.env.ref("invoice_to_cash.digest_receivables", raise_if_not_found=False)

    def _compute_receivables_digest(self):
        digest = self._get_receivables_digest()
        self.receivables_digest = bool(digest and digest.state == "activated")

    def _inverse_receivables_digest(self):
        digest = self._get_receivables_digest()
        for settings in self:
            if digest and settings.receivables_digest != (digest.state == "activated"):
                digest.state = "activated" if settings.receivables_digest else "deactivated"

    def action_open_receivables_digest(self):
        """Who gets it, how often, which figures."""
        digest = self._get_receivables_digest()
        return {
            "type": "ir.actions.act_window",
            "res_model": "digest.digest",
            "views": [(False, "form")] if digest else [(False, "list"), (False, "form")],
            "res_id": digest.id if digest else False,
        }
