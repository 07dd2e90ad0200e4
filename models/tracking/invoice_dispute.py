"""What a customer does not agree with: an invoice or one of its lines, with sum, owner and deadline."""

import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError

REASONS = [
    ("price", "Price"),
    ("quantity", "Quantity"),
    ("quality", "Quality"),
    ("not_delivered", "Not delivered"),
    ("documents", "Documents missing or wrong"),
    ("requisites", "Our requisites or theirs are wrong"),
    ("duplicate", "Invoiced twice"),
    ("paid", "Already paid, says the customer"),
    ("short_payment", "Paid less without a word"),
    ("other", "Other"),
]
STATES = [
    ("open", "Open"),
    ("accepted", "Customer is right"),
    ("rejected", "Invoice is right"),
    ("withdrawn", "Withdrawn"),
]
# Days that the owner has when nobody says otherwise.
DEFAULT_DAYS = 7


class InvoiceDispute(models.Model):
    _name = "invoice.dispute"
    _description = "Invoice Dispute"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, deadline, id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted')]",
    )
    line_id = fields.Many2one(
        "account.move.line",
        "Invoice Line",
        ondelete="set null",
        index="btree_not_null",
        domain="[('move_id', '=', move_id), ('display_type', '=', 'product')]",
        help="Empty: the invoice as a whole.",
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer", store=True, index=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    move_residual = fields.Monetary(related="move_id.amount_residual", string="Open of the Invoice")
    amount = fields.Monetary(
        "Disputed",
        required=True,
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="The disputed sum is left out of reminders; the rest is asked for.",
    )
    reason = fields.Selection(REASONS, required=True, default="other", tracking=True)
    description = fields.Text(help="In the customer's words.")
    owner_id = fields.Many2one(
        "res.users",
        "Owner",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Who brings it to an end.",
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._receivables_today())
    deadline = fields.Date(
        required=True,
        default=lambda self: self.env.company._receivables_today() + datetime.timedelta(days=DEFAULT_DAYS),
        tracking=True,
    )
    state = fields.Selection(STATES, required=True, default="open", readonly=True, copy=False, tracking=True)
    resolution = fields.Text(copy=False, help="What was agreed.")
    resolved_at = fields.Datetime(copy=False, readonly=True)
    resolved_by_id = fields.Many2one("res.users", copy=False, readonly=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _open_move = models.Index("(move_id) WHERE state = 'open'")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "The disputed sum has to be more than zero.")

    @api.depends("move_id", "line_id")
    def _compute_amount(self):
        for dispute in self:
            if dispute.line_id:
                dispute.amount = min(dispute.line_id.price_total, dispute.move_id.amount_residual)
            elif not dispute.amount or dispute.move_id != dispute._origin.move_id:
                dispute.amount = dispute.move_id.amount_residual

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        today = {company: company._receivables_today() for company in self.company_id}
        for dispute in self:
            day = today.get(dispute.company_id)
            dispute.is_late = bool(
                day and dispute.state == "open" and dispute.deadline and dispute.deadline < day
            )

    def _search_is_late(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        today = self.env.company._receivables_today()
        return [("state", "=", "open"), ("deadline", "<", today)]

    @api.depends("move_id.name", "reason")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for dispute in self:
            dispute.display_name = " · ".join(
                filter(None, [dispute.move_id.name, labels.get(dispute.reason)])
            )

    @api.constrains("move_id", "amount", "line_id")
    def _check_invoice(self):
        for dispute in self:
            move = dispute.move_id
            if move.move_type != "out_invoice" or move.state != "posted":
                raise ValidationError(self.env._("Only a posted customer invoice can be disputed."))
            if dispute.line_id and dispute.line_id.move_id != move:
                raise ValidationError(self.env._("The disputed line belongs to another invoice."))
            if move.currency_id.compare_amounts(dispute.amount, move.amount_total) > 0:
                raise ValidationError(
                    self.env._(
                        "%(amount)s is disputed, but %(invoice)s is only over %(total)s.",
                        amount=move.currency_id.format(dispute.amount),
                        invoice=move.name,
                        total=move.currency_id.format(move.amount_total),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        disputes = super().create(vals_list)
        for reason, group in disputes.grouped("reason").items():
            label = dict(self._fields["reason"]._description_selection(self.env))[reason]
            group.move_id._log_tracking_event("disputed", "system", label)
        for dispute in disputes:
            if dispute.owner_id != self.env.user:
                dispute.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=dispute.deadline,
                    summary=self.env._("Dispute to settle"),
                    user_id=dispute.owner_id.id,
                )
        return disputes

    # --- ends --------------------------------------------------------------
    def action_accept(self):
        """The customer is right: a credit note is proposed for the disputed sum."""
        self._close("accepted")
        if len(self) != 1:
            return True
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_view_account_move_reversal")
        return {**action, "context": {"active_model": "account.move", "active_ids": self.move_id.ids}}

    def action_reject(self):
        """The invoice is right: it is chased again in full."""
        return self._close("rejected")

    def action_withdraw(self):
        return self._close("withdrawn")

    def action_reopen(self):
        self.filtered(lambda dispute: dispute.state != "open").write(
            {"state": "open", "resolved_at": False, "resolved_by_id": False}
        )
        return True

    def _close(self, state):
        disputes = self.filtered(lambda dispute: dispute.state == "open")
        disputes.write({"state": state, "resolved_at": fields.Datetime.now(), "resolved_by_id": self.env.uid})
        disputes.activity_ids.action_feedback()
        label = dict(self._fields["state"]._description_selection(self.env))[state]
        disputes.move_id._log_tracking_event("dispute_settled", "system", label)
        return True

    def action_open_invoice(self):
        self.ensure_one()
        return self.move_id.get_formview_action()


class AccountMove(models.Model):
    _inherit = "account.move"

    dispute_ids = fields.One2many("invoice.dispute", "move_id", "Disputes")
    disputed_amount = fields.Monetary(
        compute="_compute_disputed_amount", help="What is disputed now, never more than what is open."
    )

    @api.depends("dispute_ids.state", "dispute_ids.amount", "amount_residual")
    def _compute_disputed_amount(self):
        for move in self:
            # sudo: salespeople see that their invoice is disputed without rights on the dispute itself.
            disputed = sum(
                move.sudo().dispute_ids.filtered(lambda dispute: dispute.state == "open").mapped("amount")
            )
            move.disputed_amount = min(disputed, move.amount_residual)

    def action_dispute(self):
        """A new dispute of this invoice, or those that it has."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_disputes")
        if self.dispute_ids:
            action["domain"] = [("move_id", "=", self.id)]
            action["context"] = {"default_move_id": self.id}
            return action
        return {
            **action,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_move_id": self.id},
        }
