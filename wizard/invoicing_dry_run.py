from datetime import timedelta

from odoo import api, fields, models

DAYS = 90


class InvoicingDryRun(models.TransientModel):
    """What the rules would have done with the orders of the last 90 days; nothing is changed."""

    _name = "invoicing.dry.run"
    _description = "Trial of the Invoicing Rules"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    days = fields.Integer(default=DAYS, required=True)
    line_ids = fields.One2many("invoicing.dry.run.line", "run_id")

    def action_run(self):
        """Try the rules and show the result, order by order, grouped by rule."""
        self.ensure_one()
        self.line_ids.unlink()
        self.env["invoicing.dry.run.line"].create(self._get_line_values())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Last %s Days under These Rules", self.days),
            "res_model": "invoicing.dry.run.line",
            "view_mode": "list,pivot",
            "domain": [("run_id", "=", self.id)],
            "context": {"search_default_by_rule": 1, "search_default_by_outcome": 1},
        }

    @api.model
    def _get_orders(self, company, days):
        start = company._receivables_day_start(company._receivables_today() - timedelta(days=days))
        return self.env["sale.order"].search(
            [("company_id", "=", company.id), ("state", "=", "sale"), ("date_order", ">=", start)],
            order="date_order, id",
        )

    def _get_line_values(self) -> list[dict]:
        orders = self._get_orders(self.company_id, self.days)
        Rule = self.env["invoicing.rule"]
        values = []
        for order, choice in Rule._choose_for_orders(orders).items():
            rule = Rule.browse(choice.rule_id or ())
            outcome, why = "none", Rule._explain(choice)
            if rule:
                findings = order._check_requisites(rule)
                missing = [finding["text"] for finding in findings if not finding["warning"]]
                if choice.above_ceiling or rule.depth == "review":
                    outcome = "review"
                elif missing:
                    outcome, why = "missing", missing
                else:
                    outcome = rule.depth
            values.append(
                {
                    "run_id": self.id,
                    "order_id": order.id,
                    "rule_id": rule.id,
                    "outcome": outcome,
                    "moment": rule.moment if rule else False,
                    "why": "; ".join(why) or False,
                    "amount": float(order._get_company_amount(order.amount_total)),
                }
            )
        return values


class InvoicingDryRunLine(models.TransientModel):
    _name = "invoicing.dry.run.line"
    _description = "Order in a Trial of the Invoicing Rules"
    _order = "id"

    run_id = fields.Many2one("invoicing.dry.run", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="order_id.partner_id")
    date_order = fields.Datetime(related="order_id.date_order")
    rule_id = fields.Many2one("invoicing.rule", ondelete="cascade")
    moment = fields.Selection(related="rule_id.moment")
    outcome = fields.Selection(
        [
            ("send", "Made, posted and sent"),
            ("post", "Made and posted"),
            ("draft", "A draft"),
            ("review", "Waits for a look"),
            ("missing", "Waits: something is missing"),
            ("none", "No rule fits: by hand"),
        ],
        required=True,
    )
    why = fields.Char()
    amount = fields.Monetary()
    currency_id = fields.Many2one(related="run_id.company_id.currency_id")
