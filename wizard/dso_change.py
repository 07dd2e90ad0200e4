from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.analytics.dso_change import SPANS, STEPS


class DsoChangeWizard(models.TransientModel):
    """Why the DSO changed between any two days."""

    _name = "receivable.dso.change.wizard"
    _description = "Change of the DSO Between Two Days"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date(
        "From", required=True, default=lambda self: self.env.company._receivables_today() - SPANS["quarter"]
    )
    date_to = fields.Date("To", required=True, default=lambda self: self.env.company._receivables_today())
    line_ids = fields.One2many("receivable.dso.change.line", inverse_name="wizard_id", readonly=True)

    @api.model
    def _reopen(self, wizard):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why the DSO Changed"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_explain(self):
        self.ensure_one()
        if self.date_from >= self.date_to:
            raise UserError(self.env._("The first day has to lie before the second."))
        if self.date_to > self.company_id._receivables_today():
            raise UserError(self.env._("What is owed on a day to come is not known yet."))
        self.env["receivable.kpi"].check_access("read")
        self.company_id.check_access("read")
        # sudo: sums over the whole ledger, as in the figures, which the user may read.
        steps = self.company_id.sudo()._explain_dso(self.date_from, self.date_to)
        if not steps:
            raise UserError(
                self.env._("There were no sales in the 90 days before one of the days, so it has no DSO.")
            )
        self.line_ids = [
            Command.clear(),
            *(
                Command.create({"sequence": index, "step": step, "days": days})
                for index, (step, days) in enumerate(steps)
            ),
        ]
        return self._reopen(self)

    def action_graph(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why the DSO Changed"),
            "res_model": "receivable.dso.change.line",
            "view_mode": "graph,list",
            "domain": [("id", "in", self.line_ids.ids)],
        }


class DsoChangeLine(models.TransientModel):
    _name = "receivable.dso.change.line"
    _description = "Change of the DSO, Step"
    _order = "sequence"
    _rec_name = "step"

    wizard_id = fields.Many2one(
        "receivable.dso.change.wizard", "Comparison", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(readonly=True)
    step = fields.Selection(STEPS, readonly=True)
    days = fields.Float(readonly=True, digits=(16, 2))
