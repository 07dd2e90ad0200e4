"""What a bank line may pay: candidates, their allocations, and what becomes of a rest."""

from odoo import api, fields, models

from .payment_match import REASONS

OUTCOMES = [
    ("partial", "Paid in part"),
    ("write_off", "Rest written off"),
    ("fee", "Rest is a bank fee"),
    ("dispute", "Rest disputed"),
    ("advance", "Advance"),
    ("reco_model", "Booked by a model"),
]
KINDS = [
    ("pay", "Payment"),
    ("advance", "Advance for an Order"),
    ("write_off", "Write-Off"),
    ("fee", "Bank Fee"),
]


class PaymentMatchCandidate(models.Model):
    """One possible answer for a bank line; the first is the most likely."""

    _name = "payment.match.candidate"
    _description = "Candidate of a Payment Match"
    _order = "match_id, sequence, id"

    match_id = fields.Many2one("payment.match", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="match_id.company_id", store=True, index=True)
    sequence = fields.Integer()
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null")
    score = fields.Integer(aggregator="avg")
    reason = fields.Selection(REASONS)
    evidence = fields.Char()
    outcome = fields.Selection(
        OUTCOMES, help="What becomes of a rest, or what the money is for without an invoice."
    )
    sale_order_id = fields.Many2one(
        "sale.order", "Order", index="btree_not_null", help="The order of an advance."
    )
    reco_model_id = fields.Many2one("account.reconcile.model", "Model", ondelete="set null")
    line_ids = fields.One2many("payment.match.line", "candidate_id", "Allocations")
    currency_id = fields.Many2one(related="match_id.currency_id")
    amount = fields.Monetary("Applied Amount", compute="_compute_amount")
    move_ids = fields.Many2many("account.move", string="Invoices", compute="_compute_amount")
    # Whoever applies cash need not read orders.
    order_names = fields.Char("Prepaid Order", compute="_compute_order_names", compute_sudo=True)
    due_date = fields.Date("Due", compute="_compute_amount")
    is_chosen = fields.Boolean(compute="_compute_is_chosen")
    match_state = fields.Selection(related="match_id.state", string="Match State")

    @api.depends("line_ids.amount", "line_ids.move_id", "line_ids.line_id.date_maturity")
    def _compute_amount(self):
        for candidate in self:
            candidate.amount = sum(candidate.line_ids.mapped("amount"))
            candidate.move_ids = candidate.line_ids.move_id
            due = [line.date_maturity for line in candidate.line_ids.line_id if line.date_maturity]
            candidate.due_date = min(due, default=False)

    @api.depends("line_ids.sale_order_id.name", "sale_order_id.name")
    def _compute_order_names(self):
        for candidate in self:
            orders = candidate.line_ids.sale_order_id | candidate.sale_order_id
            candidate.order_names = ", ".join(orders.mapped("name"))

    @api.depends("match_id.candidate_id")
    def _compute_is_chosen(self):
        for candidate in self:
            candidate.is_chosen = candidate == candidate.match_id.candidate_id

    def action_apply(self):
        """Apply this candidate: the button beside it."""
        self.ensure_one()
        return self.match_id.action_apply(self)


class PaymentMatchLine(models.Model):
    """What a candidate gives to one receivable position, or to one prepaid order as its advance."""

    _name = "payment.match.line"
    _description = "Allocation of a Payment Match"
    _order = "candidate_id, id"

    candidate_id = fields.Many2one("payment.match.candidate", required=True, ondelete="cascade", index=True)
    match_id = fields.Many2one(related="candidate_id.match_id", store=True, index=True)
    company_id = fields.Many2one(related="candidate_id.company_id", store=True, index=True)
    move_id = fields.Many2one("account.move", "Document", ondelete="cascade", index="btree_not_null")
    sale_order_id = fields.Many2one("sale.order", "Order", ondelete="cascade", index="btree_not_null")
    position = fields.Integer(default=1, help="Which due date of the document, counted from 1.")
    line_id = fields.Many2one(
        "account.move.line", "Journal Item", ondelete="set null", index="btree_not_null"
    )
    kind = fields.Selection(
        KINDS,
        required=True,
        default="pay",
        help="A fee or write-off stands beside the item whose rest it covers.",
    )
    account_id = fields.Many2one("account.account", "Account", help="Where a fee or write-off is booked.")
    partner_id = fields.Many2one("res.partner", "Customer", compute="_compute_partner_id", compute_sudo=True)
    currency_id = fields.Many2one(related="match_id.currency_id")
    due_date = fields.Date(related="line_id.date_maturity")
    is_chosen = fields.Boolean(
        compute="_compute_is_chosen",
        search="_search_is_chosen",
        help="Belongs to the proposal of its bank line.",
    )
    amount = fields.Monetary(help="Negative for a credit note that is used up, and for a fee or write-off.")

    _pays_one = models.Constraint(
        "CHECK (num_nonnulls(move_id, sale_order_id) = 1)", "A document or an order is paid, one of them."
    )

    @api.depends("move_id.commercial_partner_id", "sale_order_id.partner_invoice_id")
    def _compute_partner_id(self):
        for line in self:
            invoiced = line.sale_order_id.partner_invoice_id
            line.partner_id = line.move_id.commercial_partner_id or invoiced.commercial_partner_id

    @api.depends("match_id.candidate_id")
    def _compute_is_chosen(self):
        for line in self:
            line.is_chosen = line.candidate_id == line.match_id.candidate_id

    def _search_is_chosen(self, operator, value):
        if operator != "in":
            return NotImplemented
        chosen = (
            self.env["payment.match"]
            .sudo()
            ._search([("candidate_id", "!=", False)])
            .subselect("candidate_id")
        )
        if set(value) == {True}:
            return [("candidate_id", "in", chosen)]
        if set(value) == {False}:
            return [("candidate_id", "not in", chosen)]
        return NotImplemented
