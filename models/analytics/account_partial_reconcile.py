from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # The ledger of a past day is today's less what was reconciled since then.
    _max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._mark_kpi_stale()
        return partials

    def unlink(self):
        self._mark_kpi_stale()
        return super().unlink()

    def _mark_kpi_stale(self):
        """The figures from the day of each reconciliation on are no longer true."""
        self.env["receivable.kpi.stale"]._mark((partial.company_id.id, partial.max_date) for partial in self)
