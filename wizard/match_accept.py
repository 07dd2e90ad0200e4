from ast import literal_eval

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class PaymentMatchAccept(models.TransientModel):
    """Accept all proposals that are sure enough; what that would be is shown before."""

    _name = "payment.match.accept"
    _description = "Accept Proposals"

    threshold = fields.Integer(
        "At Least", default=75, required=True, help="The least score of a proposal, from 0 to 100."
    )
    domain = fields.Char(default="[]", readonly=True, help="The lines that the list showed.")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    count = fields.Integer("Payments", compute="_compute_preview")
    total = fields.Monetary(compute="_compute_preview")
    by_reason = fields.Html("Reasons", compute="_compute_preview", sanitize=False)

    @api.depends("threshold", "domain")
    def _compute_preview(self):
        row = Markup('<tr><td class="text-end pe-3 fw-bold">%s</td><td>%s</td></tr>')
        for wizard in self:
            preview = self.env["payment.match"]._preview_accept(wizard.threshold, wizard._get_domain())
            wizard.count = preview["count"]
            wizard.total = preview["total"]
            rows = Markup().join(row % (count, label) for _code, label, count in preview["by_reason"])
            wizard.by_reason = (
                Markup('<table class="table table-sm w-auto mb-0">%s</table>') % rows if rows else False
            )

    def action_accept(self):
        self.ensure_one()
        if not self.count:
            raise UserError(self.env._("No proposal is that sure."))
        result = self.env["payment.match"].accept_above(self.threshold, self._get_domain())
        # The window closes first, then the list is read again.
        if isinstance(result, dict) and result.get("params"):
            result["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return result

    def _get_domain(self) -> list:
        """What the list's search asked for; it is searched with the rights of the user."""
        return literal_eval(self.domain or "[]")
