from odoo import api, fields, models

from ..core import fulfilment


class DeliveryHoldSimulation(models.TransientModel):
    """Which orders, and how much revenue, a limit or a rule would stop today; nothing is changed."""

    _name = "delivery.hold.simulation"
    _description = "Trial of the Delivery Hold"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    prepaid = fields.Boolean("Prepaid orders wait", default=lambda self: self.env.company.hold_prepaid)
    over_limit = fields.Boolean("Above the credit limit", default=True)
    limit_amount = fields.Monetary(
        "Limit for Customers without One", help="0: customers without a limit are never stopped by it."
    )
    overdue_days = fields.Integer(
        "Overdue by Days", default=lambda self: self.env.company.hold_overdue_days, help="0: not a reason."
    )
    line_ids = fields.One2many("delivery.hold.simulation.line", "simulation_id")
    order_count = fields.Integer("Open Orders", compute="_compute_totals")
    order_amount = fields.Monetary("To Be Delivered", compute="_compute_totals")
    held_count = fields.Integer("Would Wait", compute="_compute_totals")
    held_amount = fields.Monetary("Of It Would Wait", compute="_compute_totals")

    @api.depends("line_ids")
    def _compute_totals(self):
        for simulation in self:
            held = simulation.line_ids.filtered("is_held")
            simulation.order_count = len(simulation.line_ids)
            simulation.order_amount = sum(simulation.line_ids.mapped("amount"))
            simulation.held_count = len(held)
            simulation.held_amount = sum(held.mapped("amount"))

    def action_run(self):
        """Try the rules on the open orders and show what would wait."""
        self.ensure_one()
        self.line_ids.unlink()
        self.env["delivery.hold.simulation.line"].create(self._get_line_values())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would Wait Today"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_line_values(self) -> list[dict]:
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sale"),
                ("picking_ids.state", "in", ("waiting", "confirmed", "assigned")),
            ],
            order="date_order, id",
        )
        rules = fulfilment.HoldRules(
            prepaid=self.prepaid, over_limit=self.over_limit, overdue_days=self.overdue_days
        )
        decided = self.company_id._decide_holds(orders, rules=rules, limits=self.limit_amount)
        return [
            {
                "simulation_id": self.id,
                "order_id": order.id,
                "is_held": bool(decided[order]),
                "why": "; ".join(order._describe_hold(hold) for hold in decided[order]) or False,
                "amount": float(order._get_company_amount(order._get_undelivered_amount())),
            }
            for order in orders
        ]


class DeliveryHoldSimulationLine(models.TransientModel):
    _name = "delivery.hold.simulation.line"
    _description = "Order in a Trial of the Delivery Hold"
    _order = "is_held desc, amount desc, id"

    simulation_id = fields.Many2one("delivery.hold.simulation", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="order_id.partner_id")
    is_held = fields.Boolean("Would Wait")
    why = fields.Char()
    amount = fields.Monetary("To Be Delivered")
    currency_id = fields.Many2one(related="simulation_id.currency_id")
