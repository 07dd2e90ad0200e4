"""Goods that a supplier sends straight to the customer: here the purchase waits."""

from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _is_direct_delivery(self):
        """Whether a supplier delivers to the customer past our warehouse."""
        self.ensure_one()
        return self.location_id.usage == "supplier" and self.location_dest_id.usage == "customer"


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        """Override of stock: confirming a purchase is what sends such goods on their way.

        By locations, not by the type of operation: the add-on of dropshipping need not be installed.
        """
        orders = self.filtered(
            lambda move: move.location_id.usage == "supplier" and move.location_dest_id.usage == "customer"
        ).sale_line_id.order_id
        if orders:
            orders._check_direct_delivery()
        return super()._action_confirm(merge=merge, merge_into=merge_into, create_proc=create_proc)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    direct_delivery_until = fields.Date(
        "Supplier May Deliver Until",
        copy=False,
        readonly=True,
        help="The last day on which a manager lets a supplier deliver straight to the customer all the same.",
    )

    def _is_direct_delivery_let_through(self):
        self.ensure_one()
        until = self.direct_delivery_until
        return bool(until) and until >= self.company_id._receivables_today()

    def _check_direct_delivery(self):
        """Refuse a purchase whose goods would go straight to a customer who has to wait.

        :raises UserError: names each order with its reason
        """
        lines = []
        # sudo: a buyer sees why he has to wait, without rights on orders and ledger.
        for company, orders in self.sudo().grouped("company_id").items():
            for order, holds in company._decide_holds(orders).items():
                if holds and not order._is_direct_delivery_let_through():
                    lines.append(f"{order.name}: {'; '.join(order._describe_hold(hold) for hold in holds)}")
        if lines:
            raise UserError(
                self.env._(
                    "The supplier would deliver to customers who have to wait:\n%s\n\nA manager of "
                    "Receivables can let it through: on the order, Actions › Let the Delivery Through.",
                    "\n".join(lines),
                )
            )

    def action_override_payment_hold(self):
        """Ask a manager for reason and day, for the deliveries of these orders that wait."""
        pickings = self.picking_ids.filtered("payment_hold")
        return {
            **pickings.action_override_payment_hold(),
            "context": {"default_picking_ids": pickings.ids, "default_order_ids": self.ids},
        }
