from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tests.common import MailCommon

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestInvoicingRules(ReceivablesCommon, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.rule = cls.env["invoicing.rule"].create({"name": "All by itself", "depth": "send"})

    def test_a_confirmed_order_becomes_a_posted_invoice_that_is_sent(self):
        order = self.make_order(amount=700.0)
        order.action_confirm()
        invoice = order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.amount_total, 700.0)
        self.assertEqual(order.invoicing_rule_id, self.rule)
        self.assertEqual(invoice.tracking_status, "created")
        self.assertTrue(invoice.sending_data, "the invoice is not queued for sending")
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()
            self.env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()
        self.env.invalidate_all()  # the job has its own cache
        log = invoice.tracking_event_ids.mapped(lambda event: (event.kind, event.detail))
        self.assertEqual(invoice.tracking_status, "sent", log)
        self.assertTrue(invoice.sent_at)
        self.assertEqual(order.tracking_status, "sent")
        mail = self._mails[-1]
        self.assertIn("buh@stroyservis.example", mail["email_to"][0])
        self.assertIn(invoice.payment_code, mail["body"])
        self.assertIn("/i2c/invoice?t=", mail["body"])
        self.assertNotIn("access_token", mail["body"], "the eternal portal token is in a mail of ours")
        self.assertTrue(mail["attachments"], "the PDF is missing")

    def test_depth_and_terms_of_the_rule(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "14 days",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 14})],
            }
        )
        self.rule.write({"depth": "draft", "payment_term_id": term.id})
        order = self.make_order()
        order.action_confirm()
        self.assertEqual(order.invoice_ids.state, "draft")
        self.assertEqual(order.invoice_ids.invoice_payment_term_id, term)

    def test_without_a_fitting_rule_nothing_happens(self):
        self.rule.customer_kind = "government"
        order = self.make_order()
        order.action_confirm()
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.invoicing_review)
        self.assertFalse(order.invoicing_state)

    def test_missing_requisites_wait_for_a_look_with_the_reasons(self):
        bare = self.env["res.partner"].create(
            {"name": "ТОО Без реквизитов", "is_company": True, "country_id": self.env.ref("base.kz").id}
        )
        order = self.make_order(partner=bare)
        fine = self.make_order()
        (order + fine).action_confirm()
        self.assertFalse(order.invoice_ids)
        self.assertTrue(fine.invoice_ids, "one order that waits has stopped another")
        for word in ("e-mail", "BIN/IIN", "street"):
            self.assertIn(word, order.invoicing_review)
        self.assertEqual(len(order.activity_ids), 1)
        bare.write({"email": "a@b.example", "vat": "190640012345", "street": "x", "city": "y"})
        order.action_apply_invoicing_rule()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertFalse(order.invoicing_review)
        self.assertFalse(order.activity_ids, "the task outlives its reason")

    def test_no_second_invoice_for_an_order(self):
        order = self.make_order()
        order.action_confirm()
        order.action_apply_invoicing_rule()
        order._apply_invoicing_rules()
        self.assertEqual(len(order.invoice_ids), 1)
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        ).create({"journal_id": order.invoice_ids.journal_id.id}).refund_moves()
        count = len(order.invoice_ids)
        order._apply_invoicing_rules()
        self.assertEqual(len(order.invoice_ids), count, "an invoice was made again after its credit note")

    def test_a_salesperson_without_accounting_rights_can_confirm(self):
        seller = new_test_user(self.env, "seller", groups="sales_team.group_sale_salesman")
        order = self.make_order(user_id=seller.id)
        order.with_user(seller).action_confirm()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.with_user(seller).tracking_status, "created")
