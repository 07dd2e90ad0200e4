"""Act, waybill and счёт-фактура made by themselves: on delivery, on payment, once."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from .document_common import DocumentCommon


@tagged("post_install", "-at_install")
class TestClosingDocuments(DocumentCommon, MailCommon):
    def run_job(self):
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_closing_documents").method_direct_trigger()
            self.env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()
        self.env.invalidate_all()

    def make_open_invoice(self, **values):
        return self.make_document_invoice(invoice_date=self.today, **values)

    def test_on_payment(self):
        self.company.closing_documents = "payment"
        invoice = self.make_open_invoice()
        self.run_job()
        self.assertFalse(invoice.closing_state)
        self.pay(invoice)
        self.run_job()
        self.assertEqual(invoice.closing_state, "made")
        names = invoice.closing_attachment_ids.mapped("name")
        self.assertEqual(len(names), 3, names)
        self.assertEqual(
            (invoice.act_number, invoice.waybill_number, invoice.tax_invoice_number), ("1", "1", "1")
        )
        [mail] = [one for one in self._mails if "ru@buyer.example" in one["email_to"][0]]
        self.assertEqual(len(mail["attachments"]), 3)
        self.assertNotIn("access_token", mail["body"])
        self.run_job()
        self.assertFalse(self._mails, "the documents are sent once")

    def test_on_delivery(self):
        self.company.closing_documents = "delivery"
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customers["ru"].id,
                "order_line": [
                    Command.create({"product_id": self.goods.id, "product_uom_qty": 3, "price_unit": 100.0})
                ],
            }
        )
        self.env["invoicing.rule"].search([]).active = False
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_date = self.today
        invoice.action_post()
        self.run_job()
        self.assertFalse(invoice.closing_state, "nothing has left yet")
        picking = order.picking_ids
        picking.move_ids.quantity = 3
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.run_job()
        self.assertEqual(invoice.closing_state, "made")
        self.assertTrue(invoice.waybill_number)
        self.assertFalse(invoice.act_number, "there was no service")
        self.assertEqual(invoice.closing_date, self.today)

    def test_retail_and_what_is_older_than_the_switch_stay_alone(self):
        old = self.make_open_invoice()
        self.company.closing_documents = "delivery"
        self.company.closing_documents_from = self.today.replace(year=self.today.year + 1)
        self.run_job()
        self.assertFalse(old.closing_state)
        self.company.closing_documents_from = self.today
        self.customers["ru"].customer_kind = "retail"
        self.run_job()
        self.assertEqual(old.closing_state, "none")

    def test_a_failing_invoice_blocks_no_other_and_waits_with_its_reason(self):
        self.company.closing_documents = "delivery"
        bad, good = self.make_open_invoice(), self.make_open_invoice(lang="en")
        render = type(bad)._render_closing_documents

        def fail(move, forms):
            if move.id == bad.id:
                raise ValueError("disk full")
            return render(move, forms)

        with (
            patch.object(type(bad), "_render_closing_documents", fail),
            self.assertLogs("odoo.addons.invoice_to_cash.models.tracking.closing_documents", "WARNING"),
        ):
            self.run_job()
        self.assertEqual((bad.closing_state, good.closing_state), ("failed", "made"))
        self.assertTrue(bad.activity_ids)
        bad.action_make_closing_documents()
        self.assertEqual(bad.closing_state, "made")
        self.assertEqual(bad.act_number, "2", "the number of the failed try was given back")

    def test_without_an_address_they_are_made_and_kept(self):
        self.company.closing_documents = "delivery"
        self.customers["ru"].email = False
        invoice = self.make_open_invoice()
        self.run_job()
        self.assertEqual(invoice.closing_state, "made")
        self.assertEqual(len(invoice.closing_attachment_ids), 3)
        self.assertIn("no e-mail", invoice.message_ids[0].body)
