"""The queue of orders that wait for a look: why, where to mend it, and what goes on by itself after that."""

from odoo import api, fields, models

from ...core import requisites

#: what only a person may decide; everything else goes on by itself once it is mended
BY_PERSON = ("ceiling", "rule_asks", "credit_note")
REASONS = [
    ("email", "No e-mail address"),
    ("email_wrong", "E-mail address cannot be written to"),
    ("tax_id", "No BIN/IIN"),
    ("tax_id_check", "BIN/IIN has a wrong check digit"),
    ("address", "No address"),
    ("contract", "No contract"),
    ("bank_account", "No bank account of ours"),
    ("bank_currency", "No bank account in this currency"),
    ("seller_tax_id", "No BIN of our company"),
    ("ceiling", "Above the highest amount of the rule"),
    ("rule_asks", "The rule asks for a look"),
    ("credit_note", "Credited or cancelled before"),
    ("error", "Could not be made"),
]


class InvoicingReviewReason(models.Model):
    """One reason why an order waits, or a warning, with the record on which it can be mended."""

    _name = "invoicing.review.reason"
    _description = "Reason for a Look at an Order"
    _order = "warning, id"

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    reason = fields.Selection(REASONS, required=True)
    text = fields.Char(required=True)
    warning = fields.Boolean(help="Told, but nothing waits for it.")
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)

    def action_open(self):
        """Open the card on which the reason can be mended."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    invoicing_review = fields.Text(
        "Waits for a Look Because",
        copy=False,
        readonly=True,
        help="Why no invoice was made by itself. Once it is mended, the order goes on by itself.",
    )
    invoicing_reason_ids = fields.One2many(
        "invoicing.review.reason", "order_id", "Reasons", copy=False, readonly=True
    )
    invoicing_needs_person = fields.Boolean(compute="_compute_invoicing_needs_person")
    invoicing_outlook = fields.Text(
        compute="_compute_invoicing_outlook", help="Which rule takes this order, what it does, and why."
    )

    @api.depends("invoicing_reason_ids.reason", "invoicing_state")
    def _compute_invoicing_needs_person(self):
        for order in self:
            order.invoicing_needs_person = order.invoicing_state == "review" and any(
                reason.reason in BY_PERSON for reason in order.invoicing_reason_ids
            )

    @api.depends(
        *("state", "partner_id", "partner_invoice_id", "team_id", "amount_total", "payment_term_id"),
        *(
            "order_line.product_id",
            "invoicing_state",
            "invoicing_rule_id",
            "is_prepaid",
            "contract_reference",
        ),
    )
    @api.depends_context("lang")
    def _compute_invoicing_outlook(self):
        self.invoicing_outlook = False
        open_orders = self.filtered(
            lambda order: order.state in ("draft", "sent") and order.partner_invoice_id and order.company_id
        )
        for order, choice in self.env["invoicing.rule"]._choose_for_orders(open_orders).items():
            rule = self.env["invoicing.rule"].sudo().browse(choice.rule_id or ())
            lines = []
            if not rule:
                if choice.failed:
                    lines.append(self.env._("No rule fits: the invoice is made by hand."))
            elif choice.above_ceiling:
                lines.append(self.env._("Waits for a look: above the highest amount of rule %s.", rule.name))
            else:
                lines.append(self.env._("Rule %(rule)s: %(summary)s", rule=rule.name, summary=rule.summary))
            if rule:
                # A ceiling is said above; a rule that asks for a look says so itself.
                lines += [finding["text"] for finding in order._check_requisites(rule)]
            order.invoicing_outlook = "\n".join(lines + rule._explain(choice)) if lines else False
        for order in self.filtered(lambda order: order.state == "sale" and order.invoicing_rule_id):
            rule = order.sudo().invoicing_rule_id
            order.invoicing_outlook = self.env._(
                "Rule %(rule)s: %(summary)s", rule=rule.name, summary=rule.summary
            )

    # -- findings --------------------------------------------------------------------
    def _make_finding(self, code, record, text, warning=False) -> dict:
        return {
            "reason": code,
            "text": text,
            "warning": warning,
            "res_model": record._name,
            "res_id": record.id,
        }

    def _get_findings(self, rule, above_ceiling=False, approved=False) -> list[dict]:
        """Values of `invoicing.review.reason`: why the rule may not go on with the order, and warnings."""
        self.ensure_one()
        # In the language of who looks after it: the job speaks another than who confirms, and a
        # reason in other words would be taken for a new one.
        lang = (rule.user_id or self.user_id or self.env.user).lang
        self, rule = self.with_context(lang=lang), rule.with_context(lang=lang)
        findings = self._check_requisites(rule)
        if approved:
            return findings
        was_approved = bool(self.invoicing_approved_by_id)
        if above_ceiling and not was_approved:
            text = self.env._(
                "Above %(amount)s, the highest amount of rule %(rule)s.",
                amount=rule.currency_id.format(rule.amount_to),
                rule=rule.name,
            )
            findings.insert(0, self._make_finding("ceiling", self, text))
        if rule.depth == "review" and not was_approved:
            text = self.env._("Rule %s asks for a look at every order.", rule.name)
            findings.insert(0, self._make_finding("rule_asks", self, text))
        # sudo: a salesperson may not read invoices; only their kind and state are looked at.
        undone = self.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_refund" or move.state == "cancel"
        )
        if undone:
            # What was taken back is not charged again by a machine.
            text = self.env._(
                "%s: an invoice of this order was credited or cancelled.", undone[0].display_name
            )
            findings.insert(0, self._make_finding("credit_note", undone[0], text))
        return findings

    def _check_requisites(self, rule) -> list[dict]:
        self.ensure_one()
        customer = self.partner_invoice_id
        commercial = customer.commercial_partner_id
        seller = self.company_id.partner_id
        name = commercial.display_name
        cards = {
            "email": (customer, self.env._("%s has no e-mail address.", customer.display_name)),
            "email_wrong": (
                customer,
                self.env._("The e-mail address of %s cannot be written to.", customer.display_name),
            ),
            "tax_id": (commercial, self.env._("%s has no BIN/IIN.", name)),
            "tax_id_check": (
                commercial,
                self.env._("The BIN/IIN of %s has a wrong check digit: a typing error?", name),
            ),
            "address": (customer, self.env._("%s has no street and city.", customer.display_name)),
            "contract": (self, self.env._("The order names no contract.")),
            "bank_account": (
                seller,
                self.env._("%s has no bank account to be paid on.", self.company_id.name),
            ),
            "bank_currency": (
                seller,
                self.env._(
                    "%(company)s has no bank account in %(currency)s.",
                    company=self.company_id.name,
                    currency=self.currency_id.name,
                ),
            ),
            "seller_tax_id": (seller, self.env._("%s has no BIN.", self.company_id.name)),
        }
        demands = requisites.Demands(sends=rule.depth == "send", contract=rule.require_contract)
        return [
            self._make_finding(found.code, *cards[found.code], found.warning)
            for found in requisites.check(self._get_requisites(), demands)
        ]

    # -- keep ------------------------------------------------------------------------
    def _wait_for_review(self, rule, findings):
        self.ensure_one()
        text = "\n".join(finding["text"] for finding in findings if not finding["warning"])
        is_news = self.invoicing_state != "review" or self.invoicing_review != text
        self._store_findings(findings)
        values = {
            "invoicing_rule_id": rule.id,
            "invoicing_state": "review",
            "invoicing_review": text,
        }
        self.sudo().write(values)
        if is_news:
            self._close_review_task()
            # sudo: the task may be for somebody else than who confirms.
            self.sudo().activity_schedule(
                "invoice_to_cash.activity_order_review",
                note=text.replace("\n", "<br/>"),
                user_id=(rule.user_id or self.user_id or self.env.user).id,
            )

    def _store_findings(self, findings):
        """Replace the reasons of the order where they are others than before."""
        self.ensure_one()
        # sudo: the system writes down what it found on behalf of whoever confirms.
        kept = self.sudo().invoicing_reason_ids
        before = [(reason.reason, reason.text, reason.res_id) for reason in kept]
        if before != [(found["reason"], found["text"], found["res_id"]) for found in findings]:
            kept.unlink()
            kept.create([{"order_id": self.id, **found} for found in findings])

    def _store_invoicing(self, values, findings=None):
        """Write the state of the orders; a wait for a look is over with it."""
        if not self:
            return
        waited = self.filtered(lambda order: order.invoicing_review or order.invoicing_reason_ids)
        for order in waited:
            order._store_findings(
                findings
                if findings is not None
                else [
                    {name: reason[name] for name in ("reason", "text", "warning", "res_model", "res_id")}
                    for reason in order.invoicing_reason_ids.filtered("warning")
                ]
            )
        if findings and not waited:
            for order in self:
                order._store_findings(findings)
        reviewed = self.filtered("invoicing_review")
        reviewed._close_review_task()
        if reviewed:
            values = {**values, "invoicing_review": False}
        # sudo: what the rule did is the system's to note, also on an order that is read-only for the user.
        self.sudo().write(values)

    def _close_review_task(self):
        # sudo: the task may be somebody else's.
        self.sudo().activity_unlink(["invoice_to_cash.activity_order_review"])
