from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core import references
from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestPaymentCode(ReceivablesCommon):
    def test_a_posted_invoice_has_a_valid_code(self):
        invoice = self.make_invoice()
        self.assertTrue(references.is_valid(invoice.payment_code))

    def test_drafts_bills_and_credit_notes_have_none(self):
        self.assertFalse(self.make_invoice(post=False).payment_code)
        bill = self.init_invoice("in_invoice", partner=self.customer, amounts=[10.0], post=True)
        refund = self.init_invoice("out_refund", partner=self.customer, amounts=[10.0], post=True)
        self.assertFalse(bill.payment_code)
        self.assertFalse(refund.payment_code)

    def test_the_code_survives_a_correction_and_is_not_copied(self):
        invoice = self.make_invoice()
        code = invoice.payment_code
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.payment_code, code)
        copy = invoice.copy()
        copy.action_post()
        self.assertNotEqual(copy.payment_code, code)

    def test_it_is_the_reference_where_the_journal_says_so(self):
        journal = self.company_data["default_journal_sale"]
        plain = self.make_invoice()
        self.assertEqual(plain.payment_reference, plain.name)
        journal.invoice_reference_model = "i2c"
        coded = self.make_invoice()
        self.assertEqual(coded.payment_reference, coded.payment_code)
        self.assertEqual(
            coded._get_invoice_next_payment_values()["next_payment_reference"], coded.payment_code
        )

    def test_the_codes_of_many_take_no_more_queries_than_of_few(self):
        def queries(number):
            invoices = self.env["account.move"].concat(
                *[self.make_invoice(post=False) for _n in range(number)]
            )
            self.env.flush_all()
            before = self.cr.sql_log_count
            invoices._assign_payment_code()
            self.env.flush_all()
            self.assertEqual(len(set(invoices.mapped("payment_code"))), number)
            return self.cr.sql_log_count - before

        queries(1)  # warms the caches
        self.assertEqual(queries(2), queries(8))

    def test_the_database_refuses_a_second_one(self):
        first, second = self.make_invoice(), self.make_invoice()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            second.payment_code = first.payment_code
            second.flush_recordset()
