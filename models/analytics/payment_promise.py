from odoo import models


class PaymentPromise(models.Model):
    _inherit = "payment.promise"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # A promise is judged days after the one it named: the figures of that day are no longer true.
            self.env["receivable.kpi.stale"]._mark((one.company_id.id, one.date) for one in self)
        return result
