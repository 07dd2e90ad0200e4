from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    bill_validity_days = fields.Integer(
        "Счёт Is Good For", default=5, help="Days until a счёт на оплату lapses, counted from its issue."
    )
    confirm_won_quotation = fields.Boolean(
        "Confirm on Won",
        help="A won opportunity confirms its quotation when it has exactly one that is open.",
    )
    send_recurring_invoices = fields.Boolean(
        "Send Recurring Invoices",
        help="Invoices that Odoo posts by itself (Auto-post) are sent to the customer as well.",
    )

    _bill_validity_positive = models.Constraint(
        "CHECK (bill_validity_days > 0)", "A счёт на оплату is good for one day at least."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    bill_validity_days = fields.Integer(related="company_id.bill_validity_days", readonly=False)
    confirm_won_quotation = fields.Boolean(related="company_id.confirm_won_quotation", readonly=False)
    send_recurring_invoices = fields.Boolean(related="company_id.send_recurring_invoices", readonly=False)
    invoicing_rule_texts = fields.Text(compute="_compute_invoicing_rule_texts")

    def _compute_invoicing_rule_texts(self):
        """The rules in words, in the order in which they are tried."""
        for settings in self:
            rules = self.env["invoicing.rule"].search([("company_id", "=", settings.company_id.id)])
            settings.invoicing_rule_texts = (
                "\n".join(f"{number}. {rule.name}: {rule.summary}" for number, rule in enumerate(rules, 1))
                or False
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    contract_reference = fields.Char(
        "Contract",
        company_dependent=True,
        help="Number and date of the contract with this customer; new orders take it over.",
    )

    #: a change of these may complete an order that waits for a look
    _REQUISITES = frozenset(
        {"email", "vat", "street", "city", "customer_kind", "country_id", "is_company", "contract_reference"}
    )

    def write(self, vals):
        """Override of base: a card that was completed lets the orders go on that waited for it."""
        result = super().write(vals)
        if self._REQUISITES & vals.keys():
            self._trigger_waiting_orders()
        return result

    def _trigger_waiting_orders(self):
        # sudo: an order of a colleague goes on as well; only whether one waits is asked.
        orders = self.env["sale.order"].sudo()
        waiting = orders.search(
            [
                ("invoicing_state", "=", "review"),
                "|",
                ("partner_invoice_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id.partner_id", "in", self.ids),
            ],
            limit=1,
        )
        waiting._trigger_invoicing()


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of base: a bank account of ours may be what orders wait for."""
        banks = super().create(vals_list)
        banks.partner_id._trigger_waiting_orders()
        return banks

    def write(self, vals):
        """Override of base, as for `create`."""
        result = super().write(vals)
        if {"currency_id", "active", "company_id"} & vals.keys():
            self.partner_id._trigger_waiting_orders()
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """Override of sale: what was filled in on the order itself may let it go on."""
        result = super().write(vals)
        if {"contract_reference", "partner_invoice_id", "team_id", "currency_id"} & vals.keys():
            self.filtered(lambda order: order.invoicing_state == "review")._trigger_invoicing()
        return result
