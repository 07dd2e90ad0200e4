"""The nightly figures and the forecast: killed between any two statements, and by two workers at once."""

import datetime
from unittest.mock import patch
from uuid import uuid4

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.analytics import receivable_kpi_compute

DAY = datetime.timedelta(days=1)
#: days of the ledger; the batches of the test are shorter
LENGTH = 70
TABLES = (
    *("receivable_kpi", "receivable_kpi_stale", "receivable_dso_change"),
    *("cash_forecast_item", "cash_forecast", "cash_forecast_error"),
    *("account_partial_reconcile", "account_bank_statement_line", "account_move_line", "account_move"),
)


class Killed(Exception):
    pass


@tagged("post_install", "-at_install")
class TestAnalyticsWorkers(TransactionCase):
    """The ledger is committed, in a company of its own, and removed afterwards."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        env = self.worker()
        company = env["res.company"].create({"name": f"Figures {uuid4()}"})
        self.company_id = company.id
        self.addCleanup(self._remove)
        self.today = company._receivables_today()
        env = env(context={"allowed_company_ids": [company.id]})
        partner = env["res.partner"].create({"name": "ТОО Ночь", "is_company": True})

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
        partner.property_account_receivable_id = receivable
        journal = env["account.journal"].create(
            {"name": "Sale", "type": "sale", "code": "NGT", "default_account_id": income.id}
        )
        env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "journal_id": journal.id,
                    "invoice_date": self.today - ago * DAY,
                    "invoice_date_due": self.today - (ago - 20) * DAY,
                    "invoice_line_ids": [
                        fields.Command.create(
                            {"name": "x", "price_unit": 100 + ago, "tax_ids": False, "account_id": income.id}
                        )
                    ],
                }
                for ago in (LENGTH, 40, 3)
            ]
        ).action_post()
        env.cr.commit()
        # The other companies of the database are none of this test's.
        only = patch.object(
            self.env.registry["res.company"], "search", lambda this, *args, **kwargs: this.browse(company.id)
        )
        batches = patch.object(receivable_kpi_compute, "DAYS_PER_BATCH", 30)
        for each in (only, batches):
            each.start()
            self.addCleanup(each.stop)

    def worker(self):
        cr = self.connection.cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self):
        with self.connection.cursor() as cr:
            for table in TABLES:
                cr.execute(f"DELETE FROM {table} WHERE company_id = %s", [self.company_id])

    def forget(self, *tables):
        with self.connection.cursor() as cr:
            for table in tables or TABLES[:6]:
                cr.execute(f"DELETE FROM {table} WHERE company_id = %s", [self.company_id])

    def rows(self, table, *columns):
        names = ", ".join(columns)
        with self.connection.cursor() as cr:
            cr.execute(
                f"SELECT {names} FROM {table} WHERE company_id = %s ORDER BY {names}",
                [self.company_id],
            )
            return cr.fetchall()

    def stored(self):
        return (
            self.rows("receivable_kpi", "date", "receivable", "overdue_30", "sales", "dso"),
            self.rows("receivable_dso_change", "span", "step", "days"),
            self.rows("receivable_kpi_stale", "date"),
            self.rows("cash_forecast", "period", "date", "expected", "p90"),
            self.rows("cash_forecast_item", "week", "line_id", "expected"),
            self.rows("cash_forecast_error", "week", "horizon", "expected"),
        )

    def run_job(self, model, kill_at=None):
        """The whole job; with ``kill_at`` the worker dies before that statement. True if it ended."""
        env = self.worker()
        left = kill_at
        execute = type(env.cr).execute

        def counting(cr, *args, **kwargs):
            nonlocal left
            if left is not None and cr is env.cr:
                if not left:
                    raise Killed
                left -= 1
            return execute(cr, *args, **kwargs)

        try:
            with patch.object(type(env.cr), "execute", counting):
                env[model]._cron_compute()
                env.cr.commit()
        except Killed:
            env.cr.rollback()
            return False
        finally:
            env.cr.close()
        return True

    def test_killed_anywhere_the_next_run_completes_it(self):
        self.assertTrue(self.run_job("receivable.kpi"))
        self.assertTrue(self.run_job("cash.forecast"))
        expected = self.stored()
        self.assertEqual(len(expected[0]), LENGTH + 1)
        self.assertFalse(expected[2])
        self.assertTrue(expected[3] and expected[4] and expected[5])
        for model, tables in (("receivable.kpi", TABLES[:3]), ("cash.forecast", TABLES[3:6])):
            kill_at, ended = 0, False
            while not ended:
                self.forget(*tables)
                ended = self.run_job(model, kill_at)
                self.assertTrue(self.run_job(model))
                self.assertEqual(self.stored(), expected, f"{model} killed before statement {kill_at}")
                # Each statement of the first batches, then one of a few: the rest repeats them.
                kill_at += 1 if kill_at < 40 else 5
            self.assertGreater(kill_at, 10)

    def test_a_change_while_the_job_runs_is_not_forgotten(self):
        self.assertTrue(self.run_job("receivable.kpi"))
        job, clerk = self.worker(), self.worker()
        company = job["res.company"].browse(self.company_id)
        job["receivable.kpi"].compute(company, self.today - 5 * DAY, self.today)
        clerk["receivable.kpi.stale"]._mark([(self.company_id, self.today - 10 * DAY)])
        clerk.cr.commit()
        job.cr.commit()
        self.assertEqual(self.rows("receivable_kpi_stale", "date"), [(self.today - 10 * DAY,)])
        self.assertTrue(self.run_job("receivable.kpi"))
        self.assertFalse(self.rows("receivable_kpi_stale", "date"))

    def test_the_slower_of_two_workers_is_tried_again(self):
        """Also on the first night, when nothing is there yet that both would want to replace."""
        for _night in range(2):
            for model in ("receivable.kpi", "cash.forecast"):
                slow = self.worker()
                slow.cr.execute("SELECT 1 FROM receivable_kpi")  # its view of the data is from now
                self.assertTrue(self.run_job(model))
                expected = self.stored()
                company = slow["res.company"].browse(self.company_id)
                with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                    if model == "receivable.kpi":
                        slow[model].compute(company, self.today, self.today)
                    else:
                        slow[model].compute(company)
                slow.cr.rollback()
                slow.transaction.clear()
                self.assertTrue(self.run_job(model))
                self.assertEqual(self.stored(), expected)
