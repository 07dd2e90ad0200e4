"""Two workers on the same lines, with real transactions; a worker that is killed leaves nothing half done."""

from uuid import uuid4

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import LockError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

TABLES = (
    "payment_match",
    "account_partial_reconcile",
    "account_bank_statement_line",
    "account_move_line",
    "account_move",
)


@tagged("post_install", "-at_install")
class TestWorkers(TransactionCase):
    """The ledger is committed, in a company of its own, and removed afterwards."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        env = self.worker()
        company = env["res.company"].create({"name": f"Two workers {uuid4()}"})
        self.addCleanup(self._remove, company.id)
        env = env(context={"allowed_company_ids": [company.id]})
        partner = env["res.partner"].create({"name": "ТОО Два", "is_company": True})

        def account(code, account_type):
            return env["account.account"].create(
                {
                    "code": code,
                    "name": code,
                    "account_type": account_type,
                    "reconcile": account_type == "asset_receivable",
                    "company_ids": [fields.Command.set(company.ids)],
                }
            )

        receivable, income = account("I2C1", "asset_receivable"), account("I2C2", "income")
        bank, suspense = account("I2C3", "asset_cash"), account("I2C4", "asset_current")
        partner.property_account_receivable_id = receivable
        sale = env["account.journal"].create(
            {"name": "Sale", "type": "sale", "code": "W2S", "default_account_id": income.id}
        )
        journal = env["account.journal"].create(
            {
                "name": "Bank",
                "type": "bank",
                "code": "W2B",
                "default_account_id": bank.id,
                "suspense_account_id": suspense.id,
            }
        )
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": sale.id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": [
                    fields.Command.create(
                        {"name": "x", "price_unit": 500, "tax_ids": False, "account_id": income.id}
                    )
                ],
            }
        )
        invoice.action_post()
        line = env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": "2026-02-10",
                "amount": 500,
                "payment_ref": invoice.payment_code,
            }
        )
        self.ids = company.id, invoice.id, line.id
        env.cr.commit()

    def worker(self):
        cr = self.connection.cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self, company_id):
        with self.connection.cursor() as cr:
            for table in TABLES:
                cr.execute(f"DELETE FROM {table} WHERE company_id = %s", [company_id])

    def line(self, env):
        company_id, _invoice_id, line_id = self.ids
        env = env(context={"allowed_company_ids": [company_id]})
        return env["account.bank.statement.line"].browse(line_id)

    def assert_refused(self, env):
        """PostgreSQL or we say no; the request or job is tried again with a new view of the data."""
        with mute_logger("odoo.sql_db"):
            try:
                self.line(env).match_payments()
                env.cr.commit()
                self.fail("booked or stored on an old view of the data")
            except (SerializationFailure, LockError):
                env.cr.rollback()
        env.transaction.clear()

    def assert_paid_once(self):
        env = self.worker()
        company_id, invoice_id, _line_id = self.ids
        invoice = env["account.move"].browse(invoice_id)
        self.assertEqual((invoice.amount_residual, invoice.tracking_status), (0, "paid"))
        self.assertEqual(env["account.partial.reconcile"].search_count([("company_id", "=", company_id)]), 1)
        self.assertEqual(env["payment.match"].search_count([("company_id", "=", company_id)]), 1)
        self.assertEqual(len(self.line(env).line_ids), 2)

    def test_the_second_leaves_what_the_first_has_in_hands(self):
        first, second = self.worker(), self.worker()
        self.assertEqual(self.line(first).match_payments()["applied"], 1)
        first.flush_all()
        self.assertEqual(sum(self.line(second).match_payments().values()), 0)
        first.cr.commit()
        second.cr.rollback()
        second.invalidate_all()
        self.assertEqual(sum(self.line(second).match_payments().values()), 0)
        second.cr.commit()
        self.assert_paid_once()

    def test_who_began_earlier_does_not_book_it_again(self):
        first, second = self.worker(), self.worker()
        self.assertFalse(self.line(second).is_reconciled)  # its view of the data is from now
        self.line(first).match_payments()
        first.cr.commit()
        self.assert_refused(second)
        self.assert_paid_once()

    def test_a_decision_that_was_only_stored_is_not_stored_twice(self):
        setting = self.worker()
        setting["res.company"].browse(self.ids[0]).match_automation = "off"
        setting.cr.commit()
        first, second = self.worker(), self.worker()
        self.assertFalse(self.line(second).is_reconciled)
        self.assertEqual(self.line(first).match_payments()["suggested"], 1)
        first.cr.commit()
        self.assert_refused(second)
        self.line(second).payment_match_ids.action_accept()
        second.cr.commit()
        self.assert_paid_once()

    def test_a_killed_worker_leaves_nothing(self):
        first, second = self.worker(), self.worker()
        self.line(first).match_payments()
        first.flush_all()
        first.cr.rollback()
        self.assertEqual(self.line(second).match_payments()["applied"], 1)
        second.cr.commit()
        self.assert_paid_once()
