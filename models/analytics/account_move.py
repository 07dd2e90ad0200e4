from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._mark_kpi_stale()
        return posted

    def button_draft(self):
        self._mark_kpi_stale()
        return super().button_draft()

    def _mark_kpi_stale(self):
        """Figures of past days change with entries that are dated back; today's are computed anyway."""
        self.env["receivable.kpi.stale"]._mark((move.company_id.id, move.date) for move in self)
