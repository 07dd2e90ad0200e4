from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        """Override of stock: nothing is reserved for a delivery that waits."""
        held = self.picking_id._update_payment_hold()
        if not held:
            return super()._action_assign(force_qty=force_qty)
        free = self.filtered(lambda move: move.picking_id not in held)
        return super(StockMove, free)._action_assign(force_qty=force_qty)

    def _action_done(self, cancel_backorder=False):
        """Override of stock: whichever way goods leave, a quantity typed by hand as well, they pass here."""
        self.picking_id._check_payment_hold()
        return super()._action_done(cancel_backorder=cancel_backorder)
