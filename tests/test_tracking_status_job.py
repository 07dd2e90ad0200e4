import datetime
import random
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from ..core import statuses
from .common import ReceivablesCommon

FIELDS = ["tracking_status", "status_next_date"]


@tagged("post_install", "-at_install")
class TestStatusJob(ReceivablesCommon):
    """The hourly job: one statement that says what ``core.statuses`` says."""

    def kinds(self, invoice):
        return invoice.tracking_event_ids.sorted("id").mapped("kind")

    def on_day(self, days):
        start = self.company._receivables_day_start(self.today)
        return freeze_time(start + timedelta(days=days, hours=1))

    def run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_tracking_status").method_direct_trigger()
        self.env.invalidate_all()

    def test_it_says_what_core_says(self):
        """Invoices at random, on many days: after the job each is as if computed anew."""
        dice = random.Random(20261125)
        terms = self.env["account.payment.term"].create(
            [
                {
                    "name": f"{days} days",
                    "line_ids": [
                        Command.create(
                            {"value": "percent", "value_amount": 100 / len(days), "nb_days": number}
                        )
                        for number in days
                    ],
                }
                for days in ((10,), (5, 20), (0, 4, 9, 30))
            ]
        )
        invoices = self.env["account.move"]
        for number in range(24):
            invoice = self.make_invoice(
                amount=100.0 * (number + 1),
                invoice_payment_term_id=dice.choice(terms).id,
                invoice_date=self.today - timedelta(days=dice.randrange(8)),
            )
            if dice.random() < 0.6:
                invoice._mark_sent()
            if dice.random() < 0.4:
                invoice._mark_viewed("link")
            if dice.random() < 0.4:
                self.pay(invoice, round(invoice.amount_total * dice.choice((0.1, 0.5, 1.0)), 2))
            invoices |= invoice
        for day in (1, 2, 3, 6, 7, 11, 17, 21, 28, 40):
            with self.on_day(day):
                self.run_job()
                by_job = [move[name] for move in invoices for name in FIELDS]
                expected = []
                for move in invoices:
                    status, change = statuses.status(
                        move._get_status_facts(), self.company._receivables_today(), 3
                    )
                    expected += [status, change or False]
                self.assertEqual(by_job, expected, f"on day {day}")
        self.assertGreater(len(set(invoices.mapped("tracking_status"))), 1)

    def test_each_change_is_an_event(self):
        invoice = self.make_invoice(due_in=10)
        for day in (7, 8, 11, 12):
            with self.on_day(day):
                self.run_job()
        self.assertEqual(self.kinds(invoice), ["created", "due_soon", "overdue"])

    def test_only_rows_whose_day_has_come(self):
        first, second = self.make_invoice(due_in=5), self.make_invoice(due_in=50)
        with self.on_day(2):
            moved = self.env["account.move"]._move_statuses(self.company)
            self.assertEqual(moved & (first | second), first)
            again = self.env["account.move"]._move_statuses(self.company)
        self.assertFalse(again & (first | second))

    def test_one_statement_whatever_the_number(self):
        for _n in range(6):
            self.make_invoice(due_in=5)
        with self.on_day(20):
            self.env.flush_all()
            self.company._receivables_today()
            with self.assertQueryCount(1):
                self.env["account.move"]._move_statuses(self.company)

    def test_another_notice_period_moves_the_statuses(self):
        invoice = self.make_invoice(due_in=8)
        self.company.receivables_due_soon_days = 10
        self.run_job()
        self.assertEqual(invoice.tracking_status, "due_soon")
        self.company.receivables_due_soon_days = 2
        self.run_job()
        self.assertEqual(invoice.tracking_status, "created")
        self.assertEqual(invoice.status_next_date, self.today + timedelta(days=6))

    def test_another_time_zone_moves_the_statuses(self):
        with freeze_time("2026-03-09 20:00:00"):  # the 10th in Almaty
            self.company.receivables_tz = "UTC"
            invoice = self.make_invoice(
                invoice_date=datetime.date(2026, 3, 1), invoice_date_due=datetime.date(2026, 3, 9)
            )
            self.assertEqual(invoice.tracking_status, "due_soon")
            self.company.receivables_tz = "Asia/Almaty"
            self.run_job()
            self.assertEqual(invoice.tracking_status, "overdue")

    def test_each_company_has_its_own_day(self):
        other = self.setup_other_company()["company"]
        other.receivables_tz = "Pacific/Honolulu"
        with freeze_time("2026-03-09 20:00:00"):
            self.assertEqual(other._receivables_today(), datetime.date(2026, 3, 9))
            self.assertEqual(self.company._receivables_today(), datetime.date(2026, 3, 10))

    def test_the_job_looks_as_far_as_the_company_that_is_ahead(self):
        other = self.setup_other_company()["company"]
        other.receivables_tz = "Pacific/Honolulu"
        companies = self.env["res.company"]
        with freeze_time("2026-03-09 12:00:00"):
            self.assertEqual(companies._get_latest_receivables_today(), datetime.date(2026, 3, 9))
            other.receivables_tz = "Pacific/Kiritimati"
            self.assertEqual(companies._get_latest_receivables_today(), datetime.date(2026, 3, 10))
            other.partner_id.tz = "Asia/Almaty"
            self.assertEqual(other.receivables_tz, "Asia/Almaty")
            self.assertEqual(companies._get_latest_receivables_today(), datetime.date(2026, 3, 9))
            self.env["account.move"]._get_companies_due()
            with self.assertQueryCount(1):
                self.env["account.move"]._get_companies_due()


@tagged("post_install", "-at_install")
class TestStatusFacts(ReceivablesCommon):
    """Everything that can happen to an invoice, by what Odoo really does."""

    def kinds(self, invoice):
        return invoice.tracking_event_ids.sorted("id").mapped("kind")

    def instalments(self, *days):
        term = self.env["account.payment.term"].create(
            {
                "name": "parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100 / len(days), "nb_days": number})
                    for number in days
                ],
            }
        )
        return self.make_invoice(invoice_payment_term_id=term.id, invoice_date=self.today)

    def test_instalments(self):
        invoice = self.instalments(2, 30)
        self.assertEqual(invoice.tracking_status, "due_soon")
        self.assertEqual(invoice.status_next_date, self.today + timedelta(days=3))
        self.pay(invoice, 500.0)
        self.assertEqual(invoice.tracking_status, "partial")
        self.assertEqual(invoice.status_next_date, self.today + timedelta(days=31))
        self.pay(invoice)
        self.assertEqual((invoice.tracking_status, invoice.status_next_date), ("paid", False))

    def test_a_credit_note_of_a_part(self):
        invoice = self.make_invoice()
        refund = self.init_invoice("out_refund", partner=self.customer, amounts=[300.0], taxes=[], post=True)
        (invoice | refund).line_ids.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(invoice.tracking_status, "partial")
        self.assertFalse(refund.tracking_status)
        self.pay(invoice)
        self.assertEqual((invoice.tracking_status, invoice.paid_how), ("paid", "registered"))

    def test_cancelling_the_payment_opens_it_again(self):
        invoice = self.make_invoice(due_in=-2)
        payment = self.pay(invoice)
        self.assertEqual(invoice.tracking_status, "paid")
        payment.action_draft()
        payment.action_cancel()
        self.env.flush_all()
        self.assertEqual(invoice.tracking_status, "overdue")
        self.assertFalse(invoice.paid_how)

    def test_reset_to_draft_and_back(self):
        invoice = self.make_invoice(due_in=1)
        invoice.button_draft()
        self.env.flush_all()
        self.assertEqual((invoice.tracking_status, invoice.status_next_date), (False, False))
        invoice.invoice_date_due = self.today + timedelta(days=40)
        invoice.action_post()
        self.env.flush_all()
        self.assertEqual(invoice.tracking_status, "created")
        self.assertEqual(invoice.status_next_date, self.today + timedelta(days=37))
        invoice.button_draft()
        invoice.button_cancel()
        self.env.flush_all()
        self.assertFalse(invoice.tracking_status)

    def test_another_due_date(self):
        invoice = self.make_invoice(due_in=-3)
        self.assertEqual(invoice.tracking_status, "overdue")
        invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable").date_maturity = (
            self.today + timedelta(days=20)
        )
        self.env.flush_all()
        self.assertEqual(invoice.tracking_status, "created")
        self.assertEqual(invoice.status_next_date, self.today + timedelta(days=17))
        self.assertEqual(self.kinds(invoice)[-1], "reopened")

    def test_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 3.0)])
        invoice = self.make_invoice(currency_id=currency.id)
        self.pay(invoice, 400.0)
        self.assertEqual(invoice.tracking_status, "partial")
        self.assertAlmostEqual(invoice.paid_share, 40.0)
        # The rate moves: what is paid in full in its currency is paid.
        self.env["res.currency.rate"].create(
            {"name": self.today, "rate": 2.0, "currency_id": currency.id, "company_id": self.company.id}
        )
        self.pay(invoice)
        self.assertEqual((invoice.tracking_status, invoice.status_next_date), ("paid", False))

    def test_nothing_to_pay_is_paid(self):
        self.assertEqual(self.make_invoice(amount=0.0).tracking_status, "paid")

    def test_one_event_however_often_it_is_computed(self):
        invoices = self.env["account.move"]
        for _n in range(4):
            invoices |= self.make_invoice(post=False)
        invoices.action_post()
        self.pay(invoices[0])
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices[1:].ids)
            .create({"payment_date": self.today, "group_payment": False})
        )
        wizard._create_payments()
        self.env.flush_all()
        for invoice in invoices:
            self.assertEqual(self.kinds(invoice), ["created", "paid"])

    def test_a_savepoint_that_is_rolled_back_takes_its_events_with_it(self):
        invoice = self.make_invoice()
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                self.pay(invoice)
                self.env.flush_all()
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        self.env.invalidate_all()
        self.assertEqual(invoice.tracking_status, "created")
        self.pay(invoice)
        self.env.flush_all()
        self.assertEqual(self.kinds(invoice), ["created", "paid"])

    def test_search_and_group(self):
        late, fresh = self.make_invoice(due_in=-3), self.make_invoice()
        self.env.flush_all()
        moves = self.env["account.move"]
        self.assertIn(late, moves.search([("tracking_status", "=", "overdue")]))
        groups = dict(moves._read_group([("id", "in", (late | fresh).ids)], ["tracking_status"], ["__count"]))
        self.assertEqual(groups, {"overdue": 1, "created": 1})
        self.assertTrue(fields.Date.to_date(fresh.status_next_date))
