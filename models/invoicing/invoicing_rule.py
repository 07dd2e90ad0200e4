from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import invoicing

KINDS = [("retail", "Retail"), ("corporate", "Corporate"), ("government", "Government")]


class InvoicingRule(models.Model):
    """Says for which confirmed orders an invoice is made by itself, when, and how far it goes."""

    _name = "invoicing.rule"
    _description = "Invoicing Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The first rule that fits an order is applied.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    customer_kind = fields.Selection(KINDS)
    partner_tag_ids = fields.Many2many(
        "res.partner.category", string="Customer Tags", help="Fits customers with at least one of these tags."
    )
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    contents = fields.Selection(
        [("goods", "Goods, or goods and services"), ("services", "Nothing but services")], "What Is Sold"
    )
    first_order = fields.Selection(
        [("first", "First order of the customer"), ("later", "Not the first order")],
        help="Whether the customer, the whole company, has had a confirmed order before.",
    )
    payment_term_ids = fields.Many2many(
        "account.payment.term",
        "invoicing_rule_payment_term_rel",
        string="Terms of the Order",
        check_company=True,
        help="Fits orders with one of these payment terms.",
    )
    amount_from = fields.Monetary("From Amount")
    amount_to = fields.Monetary(
        "Up To Amount",
        help="Orders above are left to the next rules; when none takes them, they wait for a look. Empty: no "
        "ceiling.",
    )

    moment = fields.Selection(
        [
            ("confirmation", "On confirmation of the order"),
            ("delivery", "On delivery"),
            ("down_payment", "Down payment first, the rest on delivery"),
            ("prepayment", "Счёт на оплату first, invoice on delivery"),
        ],
        "When",
        default="confirmation",
        required=True,
        help="Services without goods count as delivered when the order is confirmed; those of a "
        "prepaid order when it is paid.",
    )
    down_payment_percent = fields.Float("Down Payment, %", default=30.0)
    depth = fields.Selection(
        [
            ("review", "Wait for a look"),
            ("draft", "Make a draft"),
            ("post", "Make and post"),
            ("send", "Make, post and send"),
        ],
        default="send",
        required=True,
        help="How far the invoice goes without a person.",
    )
    report_id = fields.Many2one(
        "ir.actions.report",
        "Document",
        domain="[('model', '=', 'account.move'), ('is_invoice_report', '=', True)]",
        ondelete="restrict",
        help="The form that is sent. Empty: the one that fits the kind of customer.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        check_company=True,
        help="Payment terms of the invoice. Empty: those of the order.",
    )
    require_contract = fields.Boolean(
        "Needs a Contract", help="Orders of companies without a contract wait for a look."
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", help="Gets the orders that wait for a look. Empty: the salesperson."
    )
    summary = fields.Char("In Words", compute="_compute_summary")

    _amounts_in_order = models.Constraint(
        "CHECK (amount_to IS NULL OR amount_to = 0 OR amount_to >= amount_from)",
        "The highest amount of a rule lies below its lowest amount.",
    )

    @api.constrains("moment", "down_payment_percent")
    def _check_down_payment_percent(self):
        for rule in self:
            if rule.moment == "down_payment" and not 0 < rule.down_payment_percent < 100:
                raise ValidationError(
                    self.env._("The down payment of rule %s must be between 0 and 100 percent.", rule.name)
                )

    @api.depends(
        *("customer_kind", "partner_tag_ids", "team_ids", "contents", "first_order", "payment_term_ids"),
        *("amount_from", "amount_to", "moment", "depth", "down_payment_percent"),
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            rule.summary = self.env._(
                "%(orders)s → %(moment)s; %(depth)s",
                orders=", ".join(rule._get_condition_texts().values()) or self.env._("Every order"),
                moment=rule._get_moment_text(),
                depth=rule._get_label("depth").lower(),
            )

    # -- in words ------------------------------------------------------------------
    def _get_label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _get_moment_text(self):
        text = self._get_label("moment").lower()
        if self.moment == "down_payment":
            text = f"{text} ({self.down_payment_percent:g} %)"
        return text

    def _get_condition_texts(self) -> dict[str, str]:
        """The conditions of the rule in words, by their names in `core.invoicing.CONDITIONS`."""
        self.ensure_one()
        money = self.currency_id.format
        texts = {
            "kind": self._get_label("customer_kind"),
            "tags": ", ".join(self.partner_tag_ids.mapped("name")),
            "team": ", ".join(self.team_ids.mapped("name")),
            "contents": self._get_label("contents"),
            "first_order": self._get_label("first_order"),
            "terms": ", ".join(self.payment_term_ids.mapped("name")),
            "amount_from": self.amount_from and self.env._("from %s", money(self.amount_from)),
            "amount_to": self.amount_to and self.env._("up to %s", money(self.amount_to)),
        }
        return {name: text for name, text in texts.items() if text}

    def _explain(self, choice) -> list[str]:
        """Why the rules before the chosen one were passed over, a line each.

        :param choice: `core.invoicing.Choice` of an order
        """
        lines = []
        for rule_id, condition in choice.failed:
            rule = self.browse(rule_id)
            lines.append(
                self.env._(
                    "%(rule)s: not for this order (%(condition)s)",
                    rule=rule.name,
                    condition=rule._get_condition_texts().get(condition, condition),
                )
            )
        return lines

    # -- choice --------------------------------------------------------------------
    @api.model
    def _choose_for_orders(self, orders) -> dict:
        """The choice of each order: {order: `core.invoicing.Choice`}.

        Five queries at most, whatever the number of orders.
        """
        # sudo: a salesperson confirms, the company's rules apply.
        rules = self.sudo().search([("company_id", "in", orders.company_id.ids)])
        facts = {company: [] for company in orders.company_id}
        for rule in rules:
            facts[rule.company_id].append(rule._get_facts())
        if not rules:
            return dict.fromkeys(orders, invoicing.Choice(0))
        of_orders = orders._get_invoicing_facts(with_first=any(rules.mapped("first_order")))
        return {order: invoicing.choose(facts[order.company_id], of_orders[order]) for order in orders}

    def _get_facts(self) -> invoicing.RuleFacts:
        self.ensure_one()
        return invoicing.RuleFacts(
            id=self.id,
            customer_kind=self.customer_kind or None,
            tag_ids=frozenset(self.partner_tag_ids.ids),
            team_ids=frozenset(self.team_ids.ids),
            contents=self.contents or None,
            first_order=self.first_order == "first" if self.first_order else None,
            term_ids=frozenset(self.payment_term_ids.ids),
            amount_from=Decimal(str(self.amount_from)),
            amount_to=Decimal(str(self.amount_to)) if self.amount_to else None,
        )
