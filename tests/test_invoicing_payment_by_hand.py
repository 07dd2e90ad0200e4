from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestPaymentByHand(ReceivablesCommon):
    """Cash or a card terminal: a payment that a person registers for a prepaid order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.rule = cls.env["invoicing.rule"].create(
            {"name": "Prepaid", "moment": "prepayment", "depth": "post"}
        )
        cls.goods = cls.env["product.product"].create(
            {"name": "Brick", "type": "consu", "invoice_policy": "delivery", "taxes_id": False}
        )
        cls.cash = cls.company_data["default_journal_cash"]
        cls.order = cls.make_prepaid_order()

    @classmethod
    def make_prepaid_order(cls, amount=1000.0, **values):
        line = Command.create(
            {"product_id": cls.goods.id, "product_uom_qty": 10, "price_unit": amount / 10, "tax_ids": False}
        )
        order = cls.make_order(order_line=[line], **values)
        order.action_confirm()
        return order

    def make_payment(self, memo, amount=1000.0, **values):
        return self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "journal_id": self.cash.id,
                "memo": memo,
                **values,
            }
        )

    def run_job(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"invoice_to_cash.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_code_in_the_memo_links_it_lets_the_goods_go_and_the_invoice_takes_it_over(self):
        order = self.order
        self.assertTrue(order.picking_ids.payment_hold)
        # As a cashier types it: lower case, among other words.
        payment = self.make_payment(f"наличные за {order.payment_code.lower()} спасибо")
        self.assertEqual(payment.advance_order_id, order)
        self.assertFalse(order._is_paid_in_advance(), "a draft is no money")
        payment.action_post()
        self.assertTrue(order._is_paid_in_advance())
        self.run_job("cron_release_deliveries")
        picking = order.picking_ids
        self.assertFalse(picking.payment_hold)
        for move in picking.move_ids:
            move.quantity = 10
            move.picked = True
        picking._action_done()
        self.run_job("cron_continue_invoicing")
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids.amount_residual, 0.0)
        self.assertTrue(payment.is_reconciled)
        self.assertEqual(order.prepaid_amount, 1000.0, "money is counted twice")

    def test_the_number_of_the_order_links_as_a_whole_word_only(self):
        self.assertEqual(self.make_payment(f"Счёт №{self.order.name}.").advance_order_id, self.order)
        self.assertFalse(self.make_payment(f"{self.order.name}9").advance_order_id)
        self.assertFalse(self.make_payment("Оплата за товар").advance_order_id)
        self.assertFalse(self.make_payment(False).advance_order_id)

    def test_nothing_is_guessed(self):
        other = self.make_prepaid_order()
        two = self.make_payment(f"{self.order.payment_code} {other.payment_code}")
        self.assertFalse(two.advance_order_id, "which of two orders, a person says")
        stranger = self.make_customer("ТОО Другой")
        self.assertFalse(self.make_payment(self.order.payment_code, partner_id=stranger.id).advance_order_id)
        out = self.make_payment(self.order.payment_code, payment_type="outbound")
        self.assertFalse(out.advance_order_id)

    def test_what_a_person_chose_stays_and_must_be_of_the_customer(self):
        other = self.make_prepaid_order()
        payment = self.make_payment(self.order.payment_code, advance_order_id=other.id)
        self.assertEqual(payment.advance_order_id, other)
        stranger = self.make_customer("ТОО Другой")
        with self.assertRaises(ValidationError):
            self.make_payment("", partner_id=stranger.id, advance_order_id=other.id)

    def test_back_in_draft_it_is_no_money_and_may_be_for_another_order(self):
        other = self.make_prepaid_order()
        payment = self.make_payment(self.order.payment_code)
        payment.action_post()
        payment.action_draft()
        self.assertEqual(self.order.prepaid_amount, 0.0)
        payment.advance_order_id = other
        payment.action_post()
        self.assertEqual((self.order.prepaid_amount, other.prepaid_amount), (0.0, 1000.0))
        payment.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(other.prepaid_amount, 0.0)

    def test_without_outstanding_accounts_it_is_money_too(self):
        # As Odoo sets up a new company; it makes the entry all the same.
        self.cash.inbound_payment_method_line_ids.payment_account_id = False
        self.make_payment(self.order.payment_code).action_post()
        self.assertTrue(self.order._is_paid_in_advance())

    def test_the_button_of_the_order_fills_in_everything(self):
        self.make_payment(self.order.payment_code, amount=400.0).action_post()
        action = self.order.action_register_advance()
        with Form(self.env["account.payment"].with_context(**action["context"])) as form:
            self.assertEqual((form.amount, form.journal_id), (600.0, self.cash))
        payment = form.record
        self.assertEqual((payment.memo, payment.advance_order_id), (self.order.payment_code, self.order))
        payment.action_post()
        self.assertTrue(self.order._is_paid_in_advance())

    def test_an_order_that_waits_for_no_prepayment_has_no_such_button(self):
        self.rule.moment = "delivery"
        order = self.make_prepaid_order()
        with self.assertRaises(UserError):
            order.action_register_advance()
