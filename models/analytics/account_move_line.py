from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        if "date_maturity" in vals:
            # The age of what was open on past days changes.
            posted = self.filtered(lambda line: line.parent_state == "posted")
            self.env["receivable.kpi.stale"]._mark((line.company_id.id, line.date) for line in posted)
        return super().write(vals)
