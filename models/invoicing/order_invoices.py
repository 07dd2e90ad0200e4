"""The invoices of orders, made in batches by the machinery of sale."""

from odoo import models
from odoo.tools import float_compare, float_is_zero


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_invoiceable_lines(self, final=False):
        """Override of sale: an invoice made on delivery leaves out what has not left the warehouse yet."""
        lines = super()._get_invoiceable_lines(final=final)
        if not self.env.context.get("i2c_delivered_only"):
            return lines
        kept = lines.filtered(lambda line: line.display_type or line._is_handed_over())
        # A heading with nothing below it stays out too.
        result, heading = self.env["sale.order.line"], self.env["sale.order.line"]
        for line in kept:
            if line.display_type in ("line_section", "line_subsection"):
                heading = heading.filtered(lambda above: above.display_type == "line_section") | line
                if line.display_type == "line_section":
                    heading = line
                continue
            if not line.display_type:
                result |= heading
                heading = self.env["sale.order.line"]
            result |= line
        return result

    def _get_lines_to_invoice(self, moment):
        """The lines that an invoice at this moment would have; down payments to be taken off do not count."""
        self.ensure_one()
        delivered_only = moment != "confirmation"
        return self.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and float_compare(line.qty_to_invoice, 0, precision_digits=self._get_unit_digits()) > 0
                and (not delivered_only or line._is_handed_over())
            )
        )

    def _get_unit_digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    def _is_invoicing_over(self):
        """Whether no invoice will follow: everything is invoiced, or nothing more will be delivered."""
        self.ensure_one()
        digits = self._get_unit_digits()
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment and line.product_uom_qty
        )
        if all(
            float_compare(line.qty_invoiced, line.product_uom_qty, precision_digits=digits) >= 0
            for line in lines
        ):
            return bool(lines)
        if any(not float_is_zero(line.qty_to_invoice, precision_digits=digits) for line in lines):
            return False
        # sudo: a salesperson need not read deliveries.
        pickings = self.sudo().picking_ids
        return bool(pickings) and all(picking.state in ("done", "cancel") for picking in pickings)

    def _make_invoices(self, rule):
        """Make the invoices of these orders, one each, post and queue them as far as the rule goes."""
        moment = rule.moment
        by_moment = self.grouped(lambda order: "delivery" if order.is_prepaid else moment)
        for when, orders in by_moment.items():
            # The company's day, not the server's: an invoice made at night must not be born a day late.
            orders = orders.with_context(
                tz=rule.company_id.receivables_tz,
                i2c_delivered_only=when != "confirmation",
            )
            # sudo: the rule was set up by a manager; the salesperson who confirms may not invoice by hand.
            orders._finish_invoices(rule, orders.sudo()._create_invoices(grouped=True, final=True))

    def _make_down_payment(self, rule):
        """Make the down payment invoice of each order with Odoo's own wizard."""
        for order in self.with_context(tz=rule.company_id.receivables_tz):
            # sudo: as above.
            wizard = (
                self.env["sale.advance.payment.inv"]
                .sudo()
                .with_company(rule.company_id)
                .create(
                    {
                        "sale_order_ids": order.ids,
                        "advance_payment_method": "percentage",
                        "amount": rule.down_payment_percent,
                    }
                )
            )
            order._finish_invoices(rule, wizard._create_invoices(order.sudo()))

    def _finish_invoices(self, rule, moves):
        if rule.payment_term_id:
            moves.invoice_payment_term_id = rule.payment_term_id
        if rule.depth in ("post", "send"):
            moves.action_post()
        if rule.depth == "send":
            moves._queue_sending()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _is_handed_over(self):
        """Whether what can be invoiced of the line was delivered; services are rendered with the order.

        A product that is invoiced by deliveries is, as far as it can be invoiced. One that is invoiced by
        orders is when all of it has left, or no more will.
        """
        self.ensure_one()
        if self.product_id.type == "service" or self.product_id.invoice_policy == "delivery":
            return True
        digits = self.order_id._get_unit_digits()
        if float_compare(self.qty_delivered, self.product_uom_qty, precision_digits=digits) >= 0:
            return True
        # sudo: a salesperson need not read stock moves.
        moves = self.sudo().move_ids
        return (
            bool(moves)
            and float_compare(self.qty_delivered, 0, precision_digits=digits) > 0
            and all(move.state in ("done", "cancel") for move in moves)
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _queue_sending(self):
        """Have Odoo's job send these posted invoices, in the name of the current user."""
        if not self:
            return
        self.sending_data = {
            "author_user_id": self.env.user.id,
            "author_partner_id": self.env.user.partner_id.id,
        }
        # sudo: a trigger only.
        self.env.ref("account.ir_cron_account_move_send").sudo()._trigger()


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Override of stock: with the delivery the moment for the invoice may have come."""
        result = super()._action_done()
        # sudo: a warehouse clerk may not read orders; only whether a job is to start is asked.
        self.filtered(
            lambda picking: (
                picking.picking_type_code == "outgoing" or picking.location_dest_id.usage == "customer"
            )
        ).sudo().sale_id._trigger_invoicing()
        return result
