from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class PaymentHoldOverride(models.TransientModel):
    """A manager lets deliveries through that have to wait, with a reason and until a day."""

    _name = "payment.hold.override"
    _description = "Let Deliveries Through"

    picking_ids = fields.Many2many("stock.picking", string="Deliveries")
    order_ids = fields.Many2many(
        "sale.order", string="Orders", help="What suppliers deliver straight to the customer of these orders."
    )
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
        if not self.picking_ids and not self.order_ids:
            raise UserError(self.env._("Nothing was chosen to be let through."))
        # sudo: only of which companies they are; those the manager may not see are refused.
        companies = self.picking_ids.sudo().company_id | self.order_ids.sudo().company_id
        companies.sudo(False).check_access("read")
        for company in companies:
            if self.until < company._receivables_today():
                raise UserError(self.env._("The day until which it may leave lies in the past."))
        # sudo: the right was checked; a manager of Receivables need not be one of the warehouse.
        pickings = self.picking_ids.sudo()
        self._let_orders_through()
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

    def _let_orders_through(self):
        """What suppliers are to deliver: the purchase can be confirmed until the day."""
        orders = self.order_ids.sudo()  # sudo: the right was checked, as above
        orders.direct_delivery_until = self.until
        for order in orders:
            order.message_post(
                body=self.env._(
                    "Let through until %(day)s: %(reason)s (it waited because: %(why)s)",
                    day=format_date(self.env, self.until),
                    reason=self.reason,
                    why=order.payment_hold_reason or "–",
                ),
                author_id=self.env.user.partner_id.id,
            )
