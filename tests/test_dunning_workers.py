"""Two workers at the same reminders, with real transactions: nothing goes twice, nothing is lost."""

import datetime
from uuid import uuid4

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

DAY = datetime.date(2026, 6, 13)
TABLES = (
    "dunning_silence",
    "dunning_dispatch",
    "dunning_reminder",
    "payer_profile",
    "invoice_tracking_event",
    "account_move_line",
    "account_move",
)


@tagged("post_install", "-at_install")
class TestDunningWorkers(TransactionCase):
    """The ledger is committed, in a company of its own, and removed afterwards."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        env = self.worker()
        company = env["res.company"].create(
            {
                "name": f"Two workers {uuid4()}",
                "email": "office@seller.example",
                "dunning_new_customers": True,
                "dunning_minimum": 0,
                "dunning_pdf_limit": 0,
            }
        )
        self.addCleanup(self._remove, company.id)
        env = env(context={"allowed_company_ids": [company.id]})
        partner = env["res.partner"].create(
            {"name": "ТОО Два", "is_company": True, "email": "two@buyer.example", "company_id": company.id}
        )

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

        income = account("I2C2", "income")
        partner.property_account_receivable_id = account("I2C1", "asset_receivable")
        sale = env["account.journal"].create(
            {"name": "Sale", "type": "sale", "code": "W2S", "default_account_id": income.id}
        )
        ladder = env.ref("invoice_to_cash.ladder_standard").copy(
            {"name": "Two workers", "company_id": company.id, "skip_weekend": False}
        )
        company.dunning_ladder_id = ladder
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": sale.id,
                "invoice_date": "2026-05-27",
                "invoice_date_due": "2026-06-10",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    fields.Command.create(
                        {"name": "x", "price_unit": 500, "tax_ids": False, "account_id": income.id}
                    )
                ],
            }
        )
        invoice.action_post()
        self.company_id = company.id
        self.prepare(env)
        env.cr.commit()

    def worker(self):
        cr = self.connection.cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self, company_id):
        with self.connection.cursor() as cr:
            cr.execute(
                "DELETE FROM mail_message WHERE model = 'dunning.reminder'"
                " AND res_id IN (SELECT id FROM dunning_reminder WHERE company_id = %s)",
                [company_id],
            )
            for table in TABLES:
                cr.execute(f"DELETE FROM {table} WHERE company_id = %s", [company_id])

    def reminders(self, env):
        env = env(context={"allowed_company_ids": [self.company_id]})
        return env["dunning.reminder"].search([("company_id", "=", self.company_id)])

    def prepare(self, env, day=DAY):
        company = env["res.company"].browse(self.company_id)
        return env["dunning.reminder"].with_company(company).generate(company, day)

    def count_mails(self, env):
        ids = self.reminders(env).ids
        return env["mail.mail"].search_count([("model", "=", "dunning.reminder"), ("res_id", "in", ids)])

    def assert_sent_once(self):
        env = self.worker()
        reminder = self.reminders(env)
        self.assertEqual((len(reminder), reminder.state), (1, "sent"))
        self.assertEqual(self.count_mails(env), 1)
        self.assertEqual(len(reminder.dispatch_ids), 2)  # mail and portal notice
        self.assertEqual(reminder.line_ids.move_id.dunning_level, 3)

    def test_what_one_worker_is_sending_the_other_passes_by(self):
        first, second = self.worker(), self.worker()
        self.assertEqual(len(self.reminders(first).send(DAY)), 1)
        # Neither waits for the first nor sends the same.
        self.assertFalse(self.reminders(second).send(DAY))
        with self.assertRaisesRegex(UserError, "being sent or prepared right now"):
            self.reminders(second).action_cancel()
        second.cr.rollback()
        first.cr.commit()
        second.invalidate_all()
        self.assertFalse(self.reminders(second).send(DAY))
        second.cr.commit()
        self.assert_sent_once()

    def test_who_looked_before_the_other_sent_does_not_send_again(self):
        first, second = self.worker(), self.worker()
        self.assertEqual(self.reminders(second).state, "draft")  # its view of the data is from now
        self.reminders(first).send(DAY)
        first.cr.commit()
        with mute_logger("odoo.sql_db"):
            try:
                sent = self.reminders(second).send(DAY)
                second.cr.commit()
            except SerializationFailure:
                # As any job or button: tried again with a new view.
                second.cr.rollback()
                second.transaction.clear()
                sent = self.reminders(second).send(DAY)
        self.assertFalse(sent)
        second.cr.commit()
        self.assert_sent_once()

    def test_a_worker_killed_before_the_end_has_sent_nothing(self):
        first, second = self.worker(), self.worker()
        self.assertEqual(len(self.reminders(first).send(DAY)), 1)
        first.flush_all()
        first.cr.rollback()
        self.assertEqual(self.count_mails(second), 0)
        self.assertEqual(len(self.reminders(second).send(DAY)), 1)
        second.cr.commit()
        self.assert_sent_once()

    def test_one_worker_at_a_time_prepares(self):
        first, second = self.worker(), self.worker()
        tomorrow = DAY + datetime.timedelta(days=1)
        self.prepare(first, tomorrow)
        with self.assertRaisesRegex(UserError, "being prepared right now"):
            self.prepare(second, tomorrow)
        second.cr.rollback()
        first.cr.commit()
        second.invalidate_all()
        self.assertEqual(len(self.prepare(second, tomorrow)), 1)
        second.cr.commit()
        self.assertEqual(len(self.reminders(self.worker())), 1)
