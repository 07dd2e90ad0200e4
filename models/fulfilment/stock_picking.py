from odoo import fields, models
from odoo.exceptions import UserError

#: reservation and validation of these wait; what is open when the hold comes is marked
OPEN_STATES = ("waiting", "confirmed", "assigned")


class StockPicking(models.Model):
    """A delivery that waits for money or for the end of a hold, with its reason."""

    _inherit = "stock.picking"

    payment_hold = fields.Boolean("Waits for Payment", copy=False, readonly=True)
    payment_hold_reason = fields.Char("Waits Because", copy=False, readonly=True)
    payment_hold_override_until = fields.Date(
        "Let Through Until",
        copy=False,
        readonly=True,
        help="The last day on which it may leave all the same.",
    )
    payment_hold_override_reason = fields.Char("Let Through Because", copy=False, readonly=True)
    payment_hold_override_user_id = fields.Many2one("res.users", "Let Through By", copy=False, readonly=True)

    _payment_hold_index = models.Index("(company_id) WHERE payment_hold")

    def _get_holdable(self):
        """Those that could have to wait: not yet done, of an order, on their way to a customer."""
        return self.filtered(
            lambda picking: (
                picking.sale_id
                and picking.state not in ("done", "cancel")
                and (picking.picking_type_code in ("outgoing", "internal") or picking._is_direct_delivery())
                # What comes back from the customer may always come.
                and picking.location_id.usage != "customer"
            )
        )

    def _update_payment_hold(self):
        """Decide anew for these pickings, note it on them, and return those that wait.

        Set-wise: the same number of queries for one as for many.
        """
        # sudo: who confirms, pays or reserves need not have rights on all of orders, ledger and warehouse.
        pickings = self.sudo()._get_holdable()
        held = self.browse()
        for company, of_company in pickings.grouped("company_id").items():
            today = company._receivables_today()
            decided = company._decide_holds(of_company.sale_id)
            for picking in of_company:
                # In one language, whoever decides: the seller's.
                order = picking.sale_id.with_context(lang=picking.sale_id.user_id.lang or self.env.lang)
                holds = decided.get(order, ())
                until = picking.payment_hold_override_until
                waits = bool(holds) and not (
                    (until and until >= today)
                    or (picking._is_direct_delivery() and order._is_direct_delivery_let_through())
                )
                reason = "; ".join(order._describe_hold(hold) for hold in holds) if waits else False
                if picking.payment_hold != waits or (picking.payment_hold_reason or False) != reason:
                    picking.write({"payment_hold": waits, "payment_hold_reason": reason})
                if waits:
                    held |= picking
        gone = self.sudo().filtered(
            lambda picking: picking.payment_hold and picking.state in ("done", "cancel")
        )
        if gone:
            gone.write({"payment_hold": False, "payment_hold_reason": False})
        return held.sudo(self.env.su)

    def _check_payment_hold(self):
        """Refuse to let goods leave that have to wait.

        :raises UserError: names each delivery with its reason
        """
        held = self._update_payment_hold()
        if held:
            lines = "\n".join(f"{picking.name}: {picking.payment_hold_reason}" for picking in held.sudo())
            raise UserError(
                self.env._(
                    "These deliveries have to wait:\n%s\n\nA manager of Receivables can let them through.",
                    lines,
                )
            )

    def button_validate(self):
        """Override of stock to say at once why a delivery has to wait, before any question is asked."""
        self._check_payment_hold()
        return super().button_validate()

    def _create_backorder(self, backorder_moves=None):
        """Override of stock: what is left is decided anew, nobody has let it through."""
        backorders = super()._create_backorder(backorder_moves=backorder_moves)
        # What was reserved for the whole delivery goes back until it may leave.
        backorders._update_payment_hold().move_ids._do_unreserve()
        return backorders

    def action_override_payment_hold(self):
        """Ask a manager for reason and day."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Let the Delivery Through"),
            "res_model": "payment.hold.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_ids": self.ids},
        }


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    release_user_id = fields.Many2one(
        "res.users",
        "Told of Released Deliveries",
        help="Gets a task when a delivery that waited for payment may leave. Empty: the responsible of the "
        "delivery.",
    )
