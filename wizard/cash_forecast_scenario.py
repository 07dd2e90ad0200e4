from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..core import metrics


class CashForecastScenario(models.TransientModel):
    """What if: some customers pay later than usual."""

    _name = "cash.forecast.scenario"
    _description = "Cash Forecast, What If"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", help="Who pays later.", domain="[('parent_id', '=', False)]"
    )
    days = fields.Integer("Days Later", default=30, required=True)
    line_ids = fields.One2many("cash.forecast.scenario.line", "scenario_id", readonly=True)
    lowest = fields.Monetary(
        "Largest Gap",
        currency_field="company_currency_id",
        readonly=True,
        help="By how much less has come in at the worst point.",
    )
    lowest_week = fields.Date("In the Week From", readonly=True)

    _days_positive = models.Constraint("CHECK (days > 0)", "The number of days must be above zero.")

    def action_compute(self):
        """Compute both forecasts from the ledger of this moment; what is stored stays as it is."""
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(self.env._("Choose the customers who pay later."))
        self.env["cash.forecast"].check_access("read")
        self.company_id.check_access("read")
        # sudo: the sums are those of the whole ledger, as in the forecast, which the user may read.
        company = self.company_id.sudo()
        today = company._receivables_today()
        facts = company._get_forecast_facts(today)
        widening = self.env["cash.forecast"].sudo()._get_widening(company)
        late = set(self.partner_ids.commercial_partner_id.ids)
        usual, scenario = (
            metrics.forecast_receipts(
                items, facts.delays, today, facts.pace, widening, month_ends=facts.month_ends
            ).weeks
            for items in (facts.items, metrics.paid_later(facts.items, late, self.days))
        )
        gap, values, lowest = 0.0, [Command.clear()], (0.0, False)
        for one, other in zip(usual, scenario, strict=True):
            gap += float(other.mean - one.mean)
            lowest = min(lowest, (gap, one.start), key=lambda pair: pair[0])
            values.append(
                Command.create(
                    {
                        "week": one.start,
                        "expected": one.mean,
                        "scenario": other.mean,
                        "p10": other.p10,
                        "p90": other.p90,
                        "gap": gap,
                    }
                )
            )
        self.write({"line_ids": values, "lowest": -lowest[0], "lowest_week": lowest[1]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What If"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_graph(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What If: %s days later", self.days),
            "res_model": "cash.forecast.scenario.line",
            "view_mode": "graph,pivot,list",
            "domain": [("scenario_id", "=", self.id)],
            "target": "current",
        }


class CashForecastScenarioLine(models.TransientModel):
    _name = "cash.forecast.scenario.line"
    _description = "Cash Forecast, What If, Week"
    _order = "week"

    scenario_id = fields.Many2one("cash.forecast.scenario", required=True, ondelete="cascade", index=True)
    company_currency_id = fields.Many2one(related="scenario_id.company_currency_id")
    week = fields.Date(readonly=True, help="Its Monday.")
    expected = fields.Monetary("As Usual", currency_field="company_currency_id", readonly=True)
    scenario = fields.Monetary("If So", currency_field="company_currency_id", readonly=True)
    p10 = fields.Monetary("P10", currency_field="company_currency_id", readonly=True, aggregator=None)
    p90 = fields.Monetary("P90", currency_field="company_currency_id", readonly=True, aggregator=None)
    gap = fields.Monetary(
        "Less so Far",
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
        help="All that came in until the end of the week, against the usual.",
    )
