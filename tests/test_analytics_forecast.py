"""The forecast of receipts from the ledger: what is stored, how wrong it was, and what-if."""

import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .analytics_common import DAY, AnalyticsCommon


@tagged("post_install", "-at_install")
class TestForecast(AnalyticsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecast = cls.env["cash.forecast"]
        cls.monday = cls.today - cls.today.weekday() * DAY

    def make_history(self, delay=10, number=26, partner=None, amount=100.0):
        """Invoices of the past months, a week apart, paid so many days late."""
        for week in range(number):
            due = -7 * week - delay - 1
            invoice = self.make_invoice(amount, due_in=due, partner=partner)
            self.pay_on(invoice, amount, self.today + (due + delay) * DAY)

    def rows(self, period="week"):
        return self.forecast.search([("company_id", "=", self.company.id), ("period", "=", period)])

    def test_thirteen_weeks_in_days_and_weeks(self):
        done = self.forecast.compute(self.company)
        weeks, days = self.rows(), self.rows("day")
        self.assertEqual((len(weeks), len(days)), (13, 91 - self.today.weekday()))
        self.assertEqual(done["weeks"], 13)
        self.assertEqual(weeks[0].date, self.monday)
        self.assertEqual(days[0].date, self.today)
        for week in weeks:
            of_days = days.filtered(lambda day, week=week: 0 <= (day.date - week.date).days < 7)
            self.assertAlmostEqual(sum(of_days.mapped("expected")), week.expected, delta=0.5)
            items = self.env["cash.forecast.item"].search(week.action_open_items()["domain"])
            self.assertAlmostEqual(sum(items.mapped("expected")), week.expected - week.pace, delta=0.1)
            self.assertLessEqual(week.p10, week.p50)
            self.assertLessEqual(week.p50, week.p90)

    def test_without_history_by_due_date(self):
        self.forecast.compute(self.company)
        item = self.env["cash.forecast.item"].search([("move_id", "=", self.future.id)])
        self.assertEqual((item.basis, item.expected, item.probability), ("due", 300.0, 1.0))
        due = self.future.invoice_date_due
        due += (7 - due.weekday()) * DAY if due.weekday() > 4 else 0 * DAY
        self.assertEqual(item.week, due - due.weekday() * DAY)

    def test_habit_of_the_customer_moves_the_date(self):
        partner = self.make_customer("ТОО Привычка")
        self.make_history(partner=partner)
        invoice = self.make_invoice(700.0, due_in=20, partner=partner)
        self.forecast.compute(self.company)
        items = self.env["cash.forecast.item"].search([("move_id", "=", invoice.id)])
        self.assertEqual(set(items.mapped("basis")), {"payer"})
        likely = max(items, key=lambda item: item.probability)
        self.assertLessEqual(abs((likely.week - (self.today + 30 * DAY)).days), 7)
        self.assertLessEqual(sum(items.mapped("expected")), 700.01)

    def test_who_pays_at_the_end_of_the_month_is_expected_then(self):
        partner = self.make_customer("ТОО Конец месяца")
        month = self.today.replace(day=1)
        for _back in range(6):
            end = month - DAY
            month = end.replace(day=1)
            for early in (25, 8):  # due in the middle and at the beginning of the month
                due_in = (end - self.today).days - early
                self.pay_on(self.make_invoice(100.0, due_in=due_in, partner=partner), 100.0, end)
        facts = self.company._get_forecast_facts(self.today)
        self.assertEqual(facts.month_ends.payers, {partner.id})
        self.assertAlmostEqual(facts.month_ends.share, 1200.0 / 1600.0)
        invoice = self.make_invoice(700.0, due_in=1, partner=partner)
        self.make_history(number=10, partner=self.make_customer("ТОО Другая"))
        self.forecast.compute(self.company)
        items = self.env["cash.forecast.item"].search([("move_id", "=", invoice.id)])
        ends = set()
        for ahead in range(100):
            day = self.today + ahead * DAY
            if (day + DAY).day == 1:
                day += (7 - day.weekday()) * DAY if day.weekday() > 4 else 0 * DAY
                ends.add(day - day.weekday() * DAY)
        self.assertTrue(items)
        self.assertLessEqual(set(items.mapped("week")), ends)

    def test_money_that_is_there_is_not_expected_again(self):
        self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 1000.0,
                "payment_type": "inbound",
                "date": self.today,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()
        self.forecast.compute(self.company)
        items = self.env["cash.forecast.item"].search([("company_id", "=", self.company.id)])
        self.assertNotIn(self.late, items.move_id)
        self.assertIn(self.partial, items.move_id)

    def test_disputed_money_waits_for_its_deadline(self):
        self.env["invoice.dispute"].create(
            {
                "move_id": self.future.id,
                "amount": 300.0,
                "reason": "price",
                "deadline": self.future.invoice_date_due + 14 * DAY,
            }
        )
        self.forecast.compute(self.company)
        items = self.env["cash.forecast.item"].search([("move_id", "=", self.future.id)])
        self.assertGreaterEqual(min(items.mapped("week")), self.future.invoice_date_due + 14 * DAY - 6 * DAY)

    def test_past_weeks_are_judged_by_what_was_known_then(self):
        self.make_history()
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 100.0):
            self.env["receivable.kpi"]._cron_compute()
            self.forecast._cron_compute()
            self.assertFalse(self.forecast._get_missing_weeks(self.company))
        errors = self.env["cash.forecast.error"].search([("company_id", "=", self.company.id)])
        past = errors.filtered(lambda row: row.is_over and row.horizon == "1")
        self.assertEqual(len(past), 12)
        kpi = self.env["receivable.kpi"]
        for row in past:
            days = kpi.search(
                [
                    ("company_id", "=", self.company.id),
                    ("date", ">=", row.week),
                    ("date", "<=", row.week + 6 * DAY),
                ]
            )
            self.assertAlmostEqual(row.actual, sum(days.mapped("collected")))
            self.assertAlmostEqual(row.missed, abs(row.actual - row.expected))
            self.assertEqual(row.is_inside, row.p10 <= row.actual <= row.p90)
        # What is booked today is not known to a week of the past.
        before = past[-1].expected
        self.pay_on(self.late, 1000.0, self.today)
        self.forecast._look_back(self.company, past[-1].week)
        self.assertAlmostEqual(past[-1].expected, before)
        found = self.forecast._get_errors(self.company)
        self.assertGreaterEqual(found["1"].coverage, 0)

    def test_a_late_bank_file_corrects_what_came_in(self):
        self.make_history()
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 100.0):
            self.env["receivable.kpi"]._cron_compute()
            self.forecast._cron_compute()
            row = self.env["cash.forecast.error"].search(
                [("week", "=", self.monday - 14 * DAY), ("horizon", "=", "1")]
            )
            before, expected = row.actual, row.expected
            self.pay_on(self.late, 1000.0, row.week + 2 * DAY)
            self.env["receivable.kpi"]._cron_compute()
            self.forecast._cron_compute()
        self.assertAlmostEqual(row.actual, before + 1000.0)
        self.assertAlmostEqual(row.expected, expected)

    def test_twice_is_as_once(self):
        def told():
            self.forecast.compute(self.company)
            return [
                (row.date, row.expected, row.p10, row.p90) for row in self.rows() | self.rows("day")
            ], self.env["cash.forecast.item"].search_count([("company_id", "=", self.company.id)])

        self.assertEqual(told(), told())

    def test_query_count_does_not_depend_on_items(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.forecast.compute(self.company)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(6):
            self.make_invoice(10.0, due_in=number, partner=self.make_customer(f"ТОО {number}"))
        self.assertEqual(queries(), few)

    def test_what_if_a_customer_pays_a_month_late(self):
        self.forecast.compute(self.company)
        stored = [(row.date, row.expected) for row in self.rows()]
        wizard = self.env["cash.forecast.scenario"].create({"days": 28})
        with self.assertRaises(UserError):
            wizard.action_compute()
        wizard.partner_ids = self.customer
        wizard.action_compute()
        lines = wizard.line_ids
        self.assertEqual(len(lines), 13)
        self.assertAlmostEqual(lines[0].expected, self.rows()[0].expected, delta=0.05)
        self.assertLess(lines[2].gap, 0.0)
        self.assertAlmostEqual(wizard.lowest, -min(line.gap for line in lines), delta=0.01)
        self.assertEqual(wizard.lowest_week.weekday(), 0)
        self.assertEqual([(row.date, row.expected) for row in self.rows()], stored)
        self.assertEqual(wizard.action_graph()["domain"], [("scenario_id", "=", wizard.id)])

    def test_access(self):
        collector = new_test_user(self.env, "forecast_collector", groups="invoice_to_cash.group_collector")
        self.assertTrue(self.forecast.with_user(collector).compute(self.company)["items"])
        self.assertTrue(self.env["cash.forecast.item"].with_user(collector).search([]))
        clerk = new_test_user(self.env, "forecast_clerk", groups="base.group_user")
        for model in ("cash.forecast", "cash.forecast.item", "cash.forecast.error", "cash.forecast.scenario"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(clerk).search([])
        with self.assertRaises(AccessError):
            self.forecast.with_user(clerk).compute(self.company)
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "forecast_stranger",
            groups="invoice_to_cash.group_manager",
            company_id=other.id,
            company_ids=[fields.Command.set(other.ids)],
        )
        self.assertFalse(self.forecast.with_user(stranger).search([("company_id", "!=", other.id)]))
        with self.assertRaises(AccessError):
            self.forecast.with_user(stranger).compute(self.company)

    def test_dates_are_those_of_the_company(self):
        self.forecast.compute(self.company)
        self.assertEqual(self.rows()[0].computed_on, self.today)
        self.assertIsInstance(self.rows()[0].date, datetime.date)
