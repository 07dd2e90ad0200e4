from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    payment_hold_reason = fields.Char(
        "Delivery Waits Because", compute="_compute_payment_hold_reason", compute_sudo=True
    )

    @api.depends("picking_ids.payment_hold", "picking_ids.payment_hold_reason", "picking_ids.state")
    def _compute_payment_hold_reason(self):
        for order in self:
            held = order.picking_ids.filtered("payment_hold")
            order.payment_hold_reason = held[:1].payment_hold_reason

    def action_confirm(self):
        """Override of sale: a down payment that has just been asked for is waited for."""
        result = super().action_confirm()
        # sudo: only what the warehouse may reserve is decided.
        orders = self.sudo().filtered(lambda order: order.state == "sale" and order._may_wait_for_money())
        held = orders.picking_ids._update_payment_hold()
        held.move_ids.filtered(lambda move: move.state in ("assigned", "partially_available"))._do_unreserve()
        return result

    def _get_undelivered_amount(self):
        """The value, with taxes, of the goods that have not left yet, in the order's currency."""
        self.ensure_one()
        return sum(
            line.price_total * max(line.product_uom_qty - line.qty_delivered, 0) / line.product_uom_qty
            for line in self.order_line
            if line.product_uom_qty and not line.display_type and line.product_id.type != "service"
        )
