"""Figures per day against the ledger, recomputed day by day with SQL of its own."""

import datetime
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .analytics_common import DAY, AnalyticsCommon

COLUMNS = ("current", "overdue_30", "overdue_60", "overdue_90", "overdue_older")


@tagged("post_install", "-at_install")
class TestKpi(AnalyticsCommon):
    def compute(self, days=150):
        return self.env["receivable.kpi"].compute(self.company, self.today - days * DAY, self.today)

    def row(self, days_ago=0):
        return self.env["receivable.kpi"].search(
            [("company_id", "=", self.company.id), ("date", "=", self.today - days_ago * DAY)]
        )

    def by_definition_of_day(self, day):
        """{column: sum} from the definition, item by item."""
        due = {
            line.id: line.date_maturity or line.date
            for line in self.env["account.move.line"].browse(self.by_definition(day))
        }
        sums = dict.fromkeys(COLUMNS, 0.0)
        for line, amount in self.by_definition(day).items():
            if self.env["account.move.line"].browse(line).move_id.move_type == "entry":
                continue  # unapplied money stands apart
            late = (day - due[line]).days
            column = next(
                name for name, last in zip(COLUMNS, (0, 30, 60, 90, 10**6), strict=True) if late <= last
            )
            sums[column] += amount
        return sums

    def assert_ledger(self, days):
        for ago in days:
            row = self.row(ago)
            expected = self.by_definition_of_day(self.today - ago * DAY)
            self.assertEqual({name: row[name] for name in COLUMNS}, expected, f"{ago} days ago")
            self.assertEqual(row.receivable, sum(expected.values()))

    def test_each_day_is_that_of_the_ledger(self):
        self.compute()
        self.assert_ledger((0, 1, 4, 5, 6, 19, 20, 21, 39, 40, 41, 99, 100, 101, 129, 130))

    def test_flows(self):
        self.compute()
        rows = self.env["receivable.kpi"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sum(rows.mapped("sales")), 2000.0)
        self.assertEqual(sum(rows.mapped("collected")), 400.0)
        self.assertEqual(self.row(20).collected, 200.0)
        self.assertEqual((self.row(20).invoices_paid, self.row(20).days_late_total), (1, 80))
        self.assertEqual((self.row(40).invoices_due, self.row(40).invoices_in_time), (1, 0))
        self.assertAlmostEqual(self.row().dso, 1600.0 * 90 / 1800.0)

    def test_paid_in_time(self):
        invoice = self.make_invoice(100.0, due_in=-2)
        self.pay_on(invoice, 100.0, self.today - 2 * DAY)
        self.compute()
        self.assertEqual((self.row(2).invoices_due, self.row(2).invoices_in_time), (1, 1))

    def test_nightly_job_fills_what_is_missing_and_only_that(self):
        self.env["receivable.kpi.stale"].sudo().search([]).unlink()
        kpi = self.env["receivable.kpi"]
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 100.0):
            kpi._cron_compute()
            first = self.paid.date
            rows = kpi.search([("company_id", "=", self.company.id)])
            self.assertEqual(len(rows), (self.today - first).days + 1)
            calls = []
            plain = type(kpi).compute

            def spy(this, company, date_from, date_to):
                calls.append((company, date_from))
                return plain(this, company, date_from, date_to)

            with patch.object(self.env.registry["receivable.kpi"], "compute", spy):
                kpi._cron_compute()
            self.assertEqual(dict(calls)[self.company], self.today - DAY)

    def test_an_entry_dated_back_is_taken_up_from_its_day(self):
        self.compute()
        self.env["receivable.kpi.stale"].sudo().search([]).unlink()
        self.pay_on(self.late, 1000.0, self.today - 12 * DAY)
        self.assertEqual(self.company._get_kpi_start(), self.today - 12 * DAY)
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 100.0):
            self.env["receivable.kpi"]._cron_compute()
        self.assert_ledger((0, 11, 12, 13))
        self.assertFalse(self.company._get_stale_kpi())

    def test_undone_reconciliation_and_changed_due_date_are_taken_up(self):
        self.compute()
        self.env["receivable.kpi.stale"].sudo().search([]).unlink()
        self.paid.line_ids.remove_move_reconcile()
        self.assertEqual(self.company._get_kpi_start(), self.today - 20 * DAY)
        self.env["receivable.kpi.stale"].sudo().search([]).unlink()
        self.future.invoice_date_due = self.today - 1 * DAY
        self.assertLessEqual(self.company._get_kpi_start(), self.future.date)
        self.compute()
        self.assert_ledger((0, 1, 2, 20, 21))

    def test_a_job_killed_between_batches_leaves_the_rest_stale(self):
        self.compute()
        self.env["receivable.kpi.stale"].sudo().search([]).unlink()
        self.pay_on(self.late, 1000.0, self.today - 30 * DAY)
        start = self.company._get_kpi_start()
        self.env["receivable.kpi"].compute(self.company, start, start + 9 * DAY)
        self.assertEqual(self.company._get_kpi_start(), start + 10 * DAY)

    def test_query_count_does_not_depend_on_days_or_items(self):
        self.env.flush_all()
        self.compute(5)
        with self.assertQueryCount(12):
            self.compute(5)
        with self.assertQueryCount(12):
            self.compute(120)

    def test_a_span_is_the_same_as_its_days_one_by_one(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "half now, half later",
                "line_ids": [
                    fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        split = self.make_invoice(
            100.0, due_in=0, invoice_payment_term_id=term.id, invoice_date=self.today - 50 * DAY
        )
        self.pay_on(split, 50.0, self.today - 45 * DAY)
        self.pay_on(split, 50.0, self.today - 15 * DAY)
        first = self.today - 60 * DAY
        span = self.company._get_ledger_days(first, self.today)
        self.assertEqual(
            [sum(day[name] for day in span.values()) for name in ("invoices_due", "invoices_paid")], [3, 2]
        )
        for day, values in span.items():
            self.assertEqual(self.company._get_ledger_days(day, day), {day: values})

    def test_a_long_span_looks_at_each_item_once(self):
        """A set that does not fit into the memory of a hash is searched anew for every item of the ledger."""
        queries = []
        execute = type(self.env.cr).execute

        def spy(cr, query, *args, **kwargs):
            if isinstance(query, SQL) and "invoices_in_time" in query.code:
                queries.append(query)
            return execute(cr, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            self.company._get_ledger_days(self.today - 60 * DAY, self.today)
        self.env.cr.execute(SQL("EXPLAIN %s", queries[0]))
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())
        self.assertNotIn("hashed SubPlan", plan)

    def test_the_first_run_looks_back_to_the_first_invoice(self):
        done = self.env["receivable.kpi"].compute(self.company, self.today, self.today)
        self.assertEqual(done["date_from"], self.paid.date)
        self.assertEqual(done["days"], (self.today - self.paid.date).days + 1)
        self.assertIsInstance(done["date_to"], datetime.date)

    def test_rates_by_amount(self):
        """What fell due in the last 30 days, and 91 to 120 days ago; today's ledger decides what is open."""
        self.make_invoice(400.0, due_in=-95)
        self.compute()
        # Of 500 due ten days ago 200 are paid.
        self.assertAlmostEqual(self.row().collection_rate_amount, 0.4)
        # 200 of a hundred days ago are paid, 400 of 95 days ago are not.
        self.assertAlmostEqual(self.row().at_risk_rate, 400.0 / 600.0)
        self.assertAlmostEqual(self.row(21).at_risk_rate or 0.0, 0.0)
        self.assertEqual(self.row(95).billed_due, 400.0)

    def test_a_row_of_an_older_version_is_computed_again(self):
        self.compute()
        self.env["receivable.kpi.stale"].sudo().search([]).unlink()
        day = self.today - 50 * DAY
        self.env.cr.execute(
            "UPDATE receivable_kpi SET at_risk = NULL WHERE company_id = %s AND date = %s",
            (self.company.id, day),
        )
        self.assertEqual(self.company._get_kpi_start(), day)
        self.compute(0)
        self.assertNotEqual(self.company._get_kpi_start(), day)
