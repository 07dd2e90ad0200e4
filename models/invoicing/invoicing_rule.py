from decimal import Decimal

from odoo import api, fields, models

from ...core import invoicing


class InvoicingRule(models.Model):
    """Says for which confirmed orders an invoice is made by itself, and how far it goes."""

    _name = "invoicing.rule"
    _description = "Invoicing Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The first rule that fits an order is applied.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    customer_kind = fields.Selection(
        [("retail", "Retail"), ("corporate", "Corporate"), ("government", "Government")]
    )
    partner_tag_ids = fields.Many2many(
        "res.partner.category", string="Customer Tags", help="Fits customers with at least one of these tags."
    )
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    amount_from = fields.Monetary("From Amount")
    amount_to = fields.Monetary("Up To Amount", help="Orders above wait for a look. Empty: no ceiling.")

    moment = fields.Selection(
        [("confirmation", "On confirmation of the order")], default="confirmation", required=True
    )
    depth = fields.Selection(
        [("draft", "Make a draft"), ("post", "Make and post"), ("send", "Make, post and send")],
        default="send",
        required=True,
        help="How far the invoice goes without a person.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", help="Payment terms of the invoice. Empty: those of the order."
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", help="Gets the orders that wait for a look. Empty: the salesperson."
    )

    _amounts_in_order = models.Constraint(
        "CHECK (amount_to IS NULL OR amount_to = 0 OR amount_to >= amount_from)",
        "The highest amount of a rule lies below its lowest amount.",
    )

    @api.model
    def _get_for_orders(self, orders):
        """The rule that fits each order, by order; an empty rule where none does."""
        # sudo: a salesperson confirms, the company's rules apply.
        rules = self.sudo().search(
            [("company_id", "in", orders.company_id.ids), ("moment", "=", "confirmation")]
        )
        facts = {company: [] for company in orders.company_id}
        for rule in rules:
            facts[rule.company_id].append(rule._get_facts())
        found = {}
        for order in orders:
            rule = invoicing.choose(facts[order.company_id], order._get_invoicing_facts())
            found[order] = self.sudo().browse(rule.id if rule else ())
        return found

    def _get_facts(self) -> invoicing.RuleFacts:
        self.ensure_one()
        return invoicing.RuleFacts(
            id=self.id,
            customer_kind=self.customer_kind or None,
            tag_ids=frozenset(self.partner_tag_ids.ids),
            team_ids=frozenset(self.team_ids.ids),
            amount_from=Decimal(str(self.amount_from)),
            amount_to=Decimal(str(self.amount_to)) if self.amount_to else None,
            sends=self.depth == "send",
        )
