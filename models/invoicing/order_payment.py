"""A payment that a person registers for a prepaid order: cash, card terminal, a cheque."""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core import references


class AccountPayment(models.Model):
    _inherit = "account.payment"

    advance_order_id = fields.Many2one(
        "sale.order",
        "Advance for Order",
        compute="_compute_advance_order_id",
        store=True,
        readonly=False,
        copy=False,
        check_company=True,
        index="btree_not_null",
        help="The prepaid order that this money is for. Found by the payment code or the number of the order "
        "in the memo. Its delivery is let go, its invoice takes the money over.",
    )

    @api.depends("memo", "partner_id", "payment_type", "partner_type", "company_id")
    def _compute_advance_order_id(self):
        """The one prepaid order of the customer that the memo names; what a person chose stays."""
        open_payments = self.filtered(
            lambda payment: (
                payment.state in (False, "draft")
                and payment._may_be_advance()
                and not payment.advance_order_id
            )
        )
        (self - open_payments).filtered(
            lambda payment: payment.advance_order_id and not payment._may_be_advance()
        ).advance_order_id = False
        names = {payment: payment._get_named_orders() for payment in open_payments}
        wanted = set().union(*names.values()) if names else set()
        if not wanted:
            for payment in self:
                payment.advance_order_id = payment.advance_order_id
            return
        # sudo: whoever books money need not sell; only the customer's own order is shown to him.
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("company_id", "in", open_payments.company_id.ids),
                    ("state", "=", "sale"),
                    ("is_prepaid", "=", True),
                    ("invoice_ids", "=", False),
                    "|",
                    ("payment_code", "in", list(wanted)),
                    ("name", "in", list(wanted)),
                ]
            )
        )
        for payment in self:
            found = orders.filtered(
                lambda order, payment=payment: (
                    order.company_id == payment.company_id
                    and {order.payment_code, order.name} & names.get(payment, set())
                    and order.partner_invoice_id.commercial_partner_id
                    == payment.partner_id.commercial_partner_id
                )
            )
            # Two orders in one memo: how much is for which, a person says.
            payment.advance_order_id = payment.advance_order_id or (found if len(found) == 1 else False)

    def _may_be_advance(self):
        """Money of a customer that a person books; an online payment knows its order by itself."""
        self.ensure_one()
        return (
            self.payment_type == "inbound"
            and self.partner_type == "customer"
            and not self.payment_transaction_id
        )

    def _get_named_orders(self) -> set[str]:
        """Payment codes and words of the memo that could be numbers of orders."""
        self.ensure_one()
        memo = self.memo or ""
        words = {word.strip(".,;:()«»\"'№#") for word in re.split(r"\s+", memo)}
        return {word for word in words if word} | set(references.find(memo))

    @api.constrains("advance_order_id", "partner_id", "payment_type", "partner_type")
    def _check_advance_order(self):
        for payment in self.filtered("advance_order_id"):
            # sudo: only whose order it is is compared.
            customer = payment.sudo().advance_order_id.partner_invoice_id.commercial_partner_id
            if not payment._may_be_advance():
                raise ValidationError(
                    self.env._("Only money from a customer can be an advance for an order.")
                )
            if payment.partner_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "Order %(order)s is of %(customer)s: choose that customer, or take the order off "
                        "the payment.",
                        order=payment.sudo().advance_order_id.name,
                        customer=customer.display_name,
                    )
                )

    @api.model
    def _get_trigger_fields_to_synchronize(self):
        """Override of account: the entry of a draft follows the order as well."""
        return (*super()._get_trigger_fields_to_synchronize(), "advance_order_id")

    def _prepare_move_line_default_vals(self, write_off_line_vals=None, force_balance=None):
        """Override of account: the customer's side of the entry names the order, as bank money does."""
        values = super()._prepare_move_line_default_vals(
            write_off_line_vals=write_off_line_vals, force_balance=force_balance
        )
        if self.destination_account_id.account_type == "asset_receivable":
            values[1]["advance_order_id"] = self.advance_order_id.id
        return values


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_register_advance(self):
        """Register money that came for the prepaid order past the bank: cash, card terminal."""
        self.ensure_one()
        if not self.is_prepaid or self.state != "sale" or self.invoice_ids:
            raise UserError(
                self.env._(
                    "%s is not waiting for a prepayment: register the payment on its invoice.",
                    self.display_name,
                )
            )
        # What comes through a bank is in its statement: here it is cash, where there is a cash desk.
        cash = self.env["account.journal"].search(
            [("company_id", "=", self.company_id.id), ("type", "=", "cash")], limit=1
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment for %s", self.name),
            "res_model": "account.payment",
            "view_mode": "form",
            "context": {
                "default_payment_type": "inbound",
                "default_partner_type": "customer",
                "default_partner_id": self.partner_invoice_id.commercial_partner_id.id,
                **({"default_journal_id": cash.id} if cash else {}),
                "default_amount": max(self._get_rest_to_prepay(), 0.0),
                "default_currency_id": self.currency_id.id,
                "default_company_id": self.company_id.id,
                "default_memo": self.payment_code or self.name,
                "default_advance_order_id": self.id,
            },
        }
