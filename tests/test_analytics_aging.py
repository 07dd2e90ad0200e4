"""Aging as of any day, against the definition written in SQL of its own."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .analytics_common import DAY, AnalyticsCommon


@tagged("post_install", "-at_install")
class TestAging(AnalyticsCommon):
    def aging(self, day=None):
        return self.env["receivable.aging"].with_context(receivable_as_of=day and fields.Date.to_string(day))

    def test_every_day_is_as_the_ledger_was(self):
        for days in (0, 1, 5, 6, 19, 20, 21, 60, 129, 131, 200):
            day = self.today - days * DAY
            found = {row.line_id.id: row.residual for row in self.aging(day).search([])}
            self.assertEqual(found, self.by_definition(day), f"{days} days ago")

    def test_buckets(self):
        def buckets(day):
            return {row.move_id: row.bucket for row in self.aging(day).search([])}

        self.assertEqual(buckets(None), {self.late: "b2", self.partial: "b1", self.future: "b0"})
        self.assertEqual(
            buckets(self.today - 21 * DAY),
            {self.late: "b1", self.partial: "b0", self.paid: "b3"}
            | ({self.future: "b0"} if self.future.date <= self.today - 21 * DAY else {}),
        )

    def test_two_days_in_one_transaction(self):
        """The cache knows ids only, so a row of another day must be another record."""
        then = self.aging(self.today - 6 * DAY).search([("move_id", "=", self.partial.id)])
        self.assertEqual(then.residual, 500.0)
        now = self.aging().search([("move_id", "=", self.partial.id)])
        self.assertEqual(now.residual, 300.0)
        self.assertEqual(then.residual, 500.0)
        self.assertNotEqual(then.id, now.id)

    def test_instalments_age_each_by_its_own_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "half now, half later",
                "line_ids": [
                    fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        invoice = self.make_invoice(
            100.0, due_in=0, invoice_payment_term_id=term.id, invoice_date=self.today - 40 * DAY
        )
        rows = self.aging().search([("move_id", "=", invoice.id)], order="days desc")
        self.assertEqual([(row.bucket, row.residual) for row in rows], [("b2", 50.0), ("b0", 50.0)])

    def test_credit_notes_reduce_and_unapplied_money_stands_apart(self):
        credit = self.make_invoice(50.0, move_type="out_refund", due_in=-3)
        self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 70.0,
                "payment_type": "inbound",
                "date": self.today,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()
        rows = {row.kind: row for row in self.aging().search([("kind", "in", ("credit_note", "unapplied"))])}
        self.assertEqual(rows["credit_note"].move_id, credit)
        self.assertEqual((rows["credit_note"].bucket, rows["credit_note"].residual), ("b1", -50.0))
        self.assertEqual((rows["unapplied"].bucket, rows["unapplied"].residual), ("b5", -70.0))

    def test_sums_by_age_are_those_of_the_items(self):
        """Grouping by age alone is answered in one pass of its own: it must tell what the items tell."""
        self.make_invoice(50.0, move_type="out_refund", due_in=-65)
        self.make_invoice(60.0, due_in=-30)
        self.make_invoice(61.0, due_in=-31)
        self.make_invoice(62.0, due_in=-90)
        self.make_invoice(63.0, due_in=-91)
        self.make_invoice(64.0, due_in=0)
        self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 70.0,
                "payment_type": "inbound",
                "date": self.today - 10 * DAY,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()
        reader = new_test_user(self.env, "aging_sums", groups="invoice_to_cash.group_collector")
        for days in (0, 6, 30, 61):
            for domain in (
                [],
                [("kind", "=", "invoice")],
                [("days", ">", 0)],
                [("move_id", "!=", self.late.id)],
                [("id", "=", 0)],
            ):
                aging = self.aging(self.today - days * DAY).with_user(reader)
                sums = {}
                for row in aging.search(domain):
                    sums[row.bucket] = sums.get(row.bucket, 0.0) + row.residual
                found = aging._read_group(domain, ["bucket"], ["residual:sum"])
                self.assertEqual(found, sorted(sums.items()), f"{days} days ago, {domain}")
        stranger = new_test_user(self.env, "aging_sums_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.aging().with_user(stranger)._read_group([], ["bucket"], ["residual:sum"])

    def test_age_from_the_invoice_date(self):
        self.company.aging_basis = "invoice_date"
        row = self.aging().search([("move_id", "=", self.future.id)])
        self.assertEqual(row.days, (self.today - self.future.invoice_date).days)

    def test_accounts_that_become_receivable_are_seen_at_once(self):
        known = self.company._get_receivable_account_ids()
        account = self.env["account.account"].create(
            {"name": "Retention", "code": "I2CR", "account_type": "asset_receivable", "reconcile": True}
        )
        self.assertEqual(set(self.company._get_receivable_account_ids()), {*known, account.id})
        account.account_type = "asset_current"
        self.assertEqual(set(self.company._get_receivable_account_ids()), set(known))
        account.account_type = "asset_receivable"
        self.assertIn(account.id, self.company._get_receivable_account_ids())
        account.unlink()
        self.assertEqual(set(self.company._get_receivable_account_ids()), set(known))

    def test_foreign_currency_at_booking_rate(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self.make_invoice(80.0, due_in=-1, currency_id=currency.id)
        row = self.aging().search([("move_id", "=", invoice.id)])
        self.assertEqual((row.residual, row.residual_currency), (40.0, 80.0))

    def test_queries_do_not_grow_with_rows(self):
        self.aging().search([]).mapped("residual")
        few = len(self.aging().search([]))
        with self.assertQueryCount(4):
            self.aging().with_context(fresh=1).search_fetch([], ["residual", "bucket"])
        for _index in range(5):
            self.make_invoice(10.0)
        self.env.flush_all()
        with self.assertQueryCount(4):
            self.assertEqual(len(self.aging().search_fetch([], ["residual", "bucket"])), few + 5)

    def test_wizard_prints_the_table_of_the_day(self):
        wizard = self.env["receivable.aging.date"].create({"date": self.today - 6 * DAY})
        table = wizard._get_table()
        self.assertEqual(table["total"], sum(self.by_definition(wizard.date).values()))
        action = wizard.action_show()
        self.assertEqual(action["context"]["receivable_as_of"], fields.Date.to_string(wizard.date))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "invoice_to_cash.receivable_aging_table", wizard.ids
        )
        self.assertIn("СтройСервис", html.decode())
        wizard.date = self.today + DAY
        with self.assertRaises(UserError):
            wizard.action_show()

    def test_access(self):
        collector = new_test_user(self.env, "aging_collector", groups="invoice_to_cash.group_collector")
        self.assertTrue(self.aging().with_user(collector).search([]))
        clerk = new_test_user(self.env, "aging_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.aging().with_user(clerk).search([])
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "aging_stranger",
            groups="invoice_to_cash.group_manager",
            company_id=other.id,
            company_ids=[fields.Command.set(other.ids)],
        )
        rows = self.aging().with_user(stranger).with_company(other).search([])
        self.assertFalse(rows.filtered(lambda row: row.company_id != other))
