from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class PaymentHoldOverride(models.TransientModel):
    """A manager lets deliveries through that have to wait, with a reason and until a day."""

    _name = "payment.hold.override"
    _description = "Let Deliveries Through"

    picking_ids = fields.Many2many("stock.picking", string="Deliveries", required=True)
    reason = fields.Char(required=True)
    until = fields.Date(
        "Until",
        required=True,
        default=lambda self: self.env.company._receivables_today(),
        help="The last day.",
    )

    def action_apply(self):
        """Note reason, day and person on the deliveries, reserve them, and tell it in their chatter."""
        self.ensure_one()
        if not self.env.user.has_group("invoice_to_cash.group_manager"):
            raise AccessError(self.env._("Only a manager of Receivables may let a delivery through."))
        self.picking_ids.company_id.check_access("read")
        for company in self.picking_ids.company_id:
            if self.until < company._receivables_today():
                raise UserError(self.env._("The day until which it may leave lies in the past."))
        # sudo: the right was checked; a manager of Receivables need not be one of the warehouse.
        pickings = self.picking_ids.sudo()
        pickings.write(
            {
                "payment_hold_override_until": self.until,
                "payment_hold_override_reason": self.reason,
                "payment_hold_override_user_id": self.env.user.id,
            }
        )
        for picking in pickings:
            picking.message_post(
                body=self.env._(
                    "Let through until %(day)s: %(reason)s (it waited because: %(why)s)",
                    day=format_date(self.env, self.until),
                    reason=self.reason,
                    why=picking.payment_hold_reason or "–",
                ),
                author_id=self.env.user.partner_id.id,
            )
        pickings._update_payment_hold()
        moves = pickings.move_ids.filtered(lambda move: move.state not in ("draft", "done", "cancel"))
        moves._action_assign()
        return {"type": "ir.actions.act_window_close"}
