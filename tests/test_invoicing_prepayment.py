import datetime
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from ..core import references
from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestPrepayment(ReceivablesCommon, MailCommon):
    """The счёт на оплату of an order, its money, and the invoice that takes both over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.rule = cls.env["invoicing.rule"].create(
            {"name": "Prepaid", "moment": "prepayment", "depth": "send"}
        )
        cls.goods = cls.env["product.product"].create(
            {"name": "Brick", "type": "consu", "invoice_policy": "delivery", "taxes_id": False}
        )
        cls.bank_journal = cls.company_data["default_journal_bank"]

    def make_goods_order(self, amount=1000.0, **values):
        line = Command.create(
            {"product_id": self.goods.id, "product_uom_qty": 10, "price_unit": amount / 10, "tax_ids": False}
        )
        return self.make_order(order_line=[line], **values)

    def pay_in_advance(self, order, amount):
        """Bank money as the matching books it: a credit of the customer that names the order."""
        receivable = order.partner_id.property_account_receivable_id
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank_journal.id,
                "payment_ref": order.payment_code,
                "amount": amount,
                "date": self.today,
                "partner_id": order.partner_id.id,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.write({"account_id": receivable.id, "advance_order_id": order.id})
        return suspense

    def deliver(self, order, quantity=10):
        picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]
        for move in picking.move_ids:
            move.quantity = quantity
            move.picked = True
        picking._action_done()

    def run_job(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"invoice_to_cash.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def send_bills(self):
        with self.mock_mail_gateway():
            self.run_job("cron_send_bills")
            with self.enter_registry_test_mode():
                self.env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()
            # Not the notices to our own people.
            return [mail for mail in self._mails if "stroyservis" in mail["email_to"][0]]

    def test_the_bill_is_sent_with_code_and_last_day_and_there_is_no_invoice(self):
        order = self.make_goods_order()
        order.action_confirm()
        self.assertTrue(references.is_valid(order.payment_code))
        self.assertEqual(order.proforma_valid_until, self.today + datetime.timedelta(days=5))
        self.assertEqual((order.bill_state, order.invoicing_state), ("queued", "waiting"))
        mails = self.send_bills()
        self.assertEqual(order.bill_state, "sent")
        self.assertFalse(order.invoice_ids)
        (mail,) = mails
        self.assertIn("buh@stroyservis.example", mail["email_to"][0])
        self.assertIn(order.payment_code, mail["body"])
        self.assertNotIn("access_token", mail["body"])
        self.assertEqual(len(mail["attachments"]), 1)
        sent = order.message_ids.filtered("attachment_ids")
        self.assertEqual(sent.author_id, order.user_id.partner_id, "a job, not a person, has written")
        self.assertFalse(self.send_bills(), "the счёт went out twice")

    def test_the_document_of_the_order_shows_code_and_day(self):
        order = self.make_goods_order()
        order.action_confirm()
        document = order._get_document()
        self.assertEqual(document["code"], order.payment_code)
        self.assertEqual(document["until"], order.proforma_valid_until)

    def test_the_invoice_takes_over_code_and_money(self):
        order = self.make_goods_order()
        order.action_confirm()
        advance = self.pay_in_advance(order, 1000.0)
        self.assertEqual(order.prepaid_amount, 1000.0)
        self.assertTrue(order._is_paid_in_advance())
        self.run_job("cron_continue_invoicing")
        self.assertFalse(order.invoice_ids, "the invoice came before the goods left")
        self.deliver(order)
        self.run_job("cron_continue_invoicing")
        invoice = order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.payment_code, order.payment_code)
        self.assertTrue(advance.reconciled)
        self.assertEqual(invoice.tracking_status, "paid")
        self.assertEqual(order.prepaid_amount, 1000.0, "money is counted twice after it was taken over")
        self.assertEqual(order.invoicing_state, "done")

    def test_partial_deliveries_share_the_money_and_only_the_first_has_the_code(self):
        order = self.make_goods_order()
        order.action_confirm()
        self.pay_in_advance(order, 1000.0)
        self.deliver(order, 4)
        self.run_job("cron_continue_invoicing")
        self.deliver(order, 6)
        self.run_job("cron_continue_invoicing")
        invoices = order.invoice_ids.sorted("id")
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 0.0])
        self.assertEqual(invoices[0].payment_code, order.payment_code)
        self.assertTrue(references.is_valid(invoices[1].payment_code))
        self.assertNotEqual(invoices[1].payment_code, order.payment_code)
        self.assertEqual(order.prepaid_amount, 1000.0)

    def test_unpaid_goods_that_left_are_invoiced_all_the_same(self):
        order = self.make_goods_order()
        order.action_confirm()
        picking = order.picking_ids
        if "payment_hold_override_until" in picking._fields:
            picking.sudo().payment_hold_override_until = self.today
        self.deliver(order)
        self.run_job("cron_continue_invoicing")
        self.assertEqual(order.invoice_ids.amount_residual, 1000.0)

    def test_prepaid_services_are_invoiced_when_they_are_paid(self):
        order = self.make_order()
        order.action_confirm()
        self.assertFalse(order.invoice_ids)
        self.pay_in_advance(order, 400.0)
        self.run_job("cron_continue_invoicing")
        self.assertFalse(order.invoice_ids)
        self.pay_in_advance(order, 600.0)
        self.run_job("cron_continue_invoicing")
        self.assertEqual(order.invoice_ids.tracking_status, "paid")

    def test_the_terms_of_the_order_make_it_prepaid(self):
        self.rule.moment = "confirmation"
        term = self.env["account.payment.term"].create({"name": "100 % in advance", "is_prepayment": True})
        order = self.make_goods_order(payment_term_id=term.id)
        self.assertTrue(order.is_prepaid)
        order.action_confirm()
        self.assertEqual(order.bill_state, "queued")
        self.assertFalse(order.copy().payment_code)
        self.assertFalse(order.copy().bill_state)

    def test_prepaid_by_its_terms_and_without_a_rule_it_can_be_paid_all_the_same(self):
        self.rule.active = False
        term = self.env["account.payment.term"].create({"name": "100 % in advance", "is_prepayment": True})
        order = self.make_goods_order(payment_term_id=term.id)
        order.action_confirm()
        self.assertTrue(references.is_valid(order.payment_code))
        self.assertFalse(order.bill_state, "nobody asked for it to be sent")
        self.assertEqual([item.order_id for item in self.company._get_prepaid_orders()], order.ids)

    def test_one_gentle_reminder_before_it_lapses_and_no_dunning(self):
        order = self.make_goods_order()
        paid = self.make_goods_order()
        (order | paid).action_confirm()
        self.assertEqual(len(self.send_bills()), 2)
        (order | paid).proforma_valid_until = self.today + datetime.timedelta(days=1)
        self.pay_in_advance(paid, 1000.0)
        (mail,) = self.send_bills()
        self.assertIn(order.payment_code, mail["body"])
        self.assertFalse(self.send_bills(), "a second reminder went out")
        order.write({"proforma_valid_until": self.today - datetime.timedelta(days=1)})
        order.bill_reminded_at = False
        self.assertFalse(self.send_bills(), "a lapsed счёт was reminded of")
        positions = self.company._get_receivable_positions(self.customer)
        self.assertFalse([position for position in positions if position.amount > 0])

    def test_a_customer_without_address_is_told_to_a_person(self):
        order = self.make_goods_order()
        order.action_confirm()
        self.customer.email = False
        self.assertFalse(self.send_bills())
        self.assertEqual(order.bill_state, "failed")
        self.assertTrue(order.activity_ids)

    def test_it_can_be_sent_again_until_there_is_an_invoice(self):
        order = self.make_goods_order()
        order.action_confirm()
        code = order.payment_code
        self.send_bills()
        order.action_send_bill()
        self.assertEqual(len(self.send_bills()), 1)
        self.assertEqual(order.payment_code, code)
        plain = self.make_order()
        with self.assertRaises(UserError):
            plain.action_send_bill()

    def test_open_items_for_the_matching(self):
        order = self.make_goods_order()
        other = self.make_goods_order(amount=500.0)
        (order | other).action_confirm()
        self.pay_in_advance(order, 300.0)
        self.pay_in_advance(other, 500.0)
        (item,) = self.company._get_prepaid_orders()
        self.assertEqual((item.order_id, item.payment_code), (order.id, order.payment_code))
        self.assertEqual((item.amount, item.residual), (Decimal("1000.00"), Decimal("700.00")))
        self.assertEqual(item.partner_id, self.customer.id)
        self.assertEqual(item.valid_until, order.proforma_valid_until)
        self.assertFalse(self.company._get_prepaid_orders(self.make_customer("ТОО Другое")))
        self.deliver_anyway(order)
        self.run_job("cron_continue_invoicing")
        self.assertFalse(self.company._get_prepaid_orders(), "order and invoice are both open items")

    def deliver_anyway(self, order):
        if "payment_hold_override_until" in order.picking_ids._fields:
            order.picking_ids.sudo().payment_hold_override_until = self.today
        self.deliver(order)

    def test_items_take_no_more_queries_for_many_than_for_few(self):
        def queries(number):
            orders = self.env["sale.order"].concat(*[self.make_goods_order() for _n in range(number)])
            orders.action_confirm()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.company._get_prepaid_orders()
            return self.cr.sql_log_count - before

        queries(1)  # warms the caches
        self.assertEqual(queries(1), queries(6))

    def test_a_credited_invoice_is_no_payment(self):
        order = self.make_goods_order()
        order.action_confirm()
        self.deliver_anyway(order)
        self.run_job("cron_continue_invoicing")
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        ).create({"journal_id": order.invoice_ids.journal_id.id}).refund_moves()
        order.invoice_ids.filtered(lambda move: move.state == "draft").action_post()
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        (order.invoice_ids.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(order.prepaid_amount, 0.0)
        self.assertEqual(order._get_rest_to_prepay(), 1000.0)
