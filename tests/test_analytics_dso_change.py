"""Why the DSO changed: each cause moves its step, and the steps lead from one figure to the other."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .analytics_common import DAY, AnalyticsCommon


@tagged("post_install", "-at_install")
class TestDsoChange(AnalyticsCommon):
    def steps(self, first=30, last=0):
        found = self.company._explain_dso(self.today - first * DAY, self.today - last * DAY)
        return dict(found)

    def change(self, act):
        """The steps that something done now moves, against what they were."""
        before = self.steps()
        act()
        self.env.flush_all()
        after = self.steps()
        return {
            step: round(after[step] - before[step], 2)
            for step in before
            if abs(after[step] - before[step]) > 0.011 and step not in ("before", "after")
        }

    def test_the_steps_lead_from_one_dso_to_the_other(self):
        self.env["receivable.kpi"].compute(self.company, self.today, self.today)
        kpi = self.env["receivable.kpi"].search([("company_id", "=", self.company.id)])
        by_day = {row.date: row.dso for row in kpi}
        for first, last in ((30, 0), (91, 0), (45, 10)):
            steps = self.steps(first, last)
            self.assertAlmostEqual(steps["before"], by_day[self.today - first * DAY], delta=0.006)
            self.assertAlmostEqual(steps["after"], by_day[self.today - last * DAY], delta=0.006)
            middle = sum(days for step, days in steps.items() if step not in ("before", "after"))
            self.assertAlmostEqual(steps["before"] + middle, steps["after"], 2)

    def test_a_dispute_takes_from_lateness(self):
        moved = self.change(
            lambda: self.env["invoice.dispute"].create(
                {"move_id": self.late.id, "amount": 400.0, "reason": "price", "date": self.today}
            )
        )
        self.assertEqual(set(moved), {"disputes", "lateness"})
        self.assertGreater(moved["disputes"], 0)
        self.assertAlmostEqual(moved["disputes"], -moved["lateness"], delta=0.02)

    def test_money_that_is_not_applied_takes_from_lateness(self):
        def receive():
            self.env["account.payment"].create(
                {
                    "partner_id": self.customer.id,
                    "amount": 500.0,
                    "payment_type": "inbound",
                    "date": self.today,
                    "journal_id": self.company_data["default_journal_bank"].id,
                }
            ).action_post()

        moved = self.change(receive)
        self.assertEqual(set(moved), {"unapplied", "lateness"})
        self.assertGreater(moved["unapplied"], 0)

    def test_a_write_off_stands_apart(self):
        account = self.company_data["default_account_expense"]
        self.company.match_write_off_account_id = account

        def write_off():
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=self.late.ids
            ).create(
                {
                    "amount": 900.0,
                    "payment_date": self.today,
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": account.id,
                    "writeoff_label": "hopeless",
                }
            )._create_payments()

        moved = self.change(write_off)
        self.assertLess(moved["write_off"], 0)
        self.assertLess(moved["lateness"], 0)
        self.assertNotIn("disputes", moved)

    def test_longer_terms(self):
        """An invoice of today, not due for long: not due in days of sales grows."""
        moved = self.change(lambda: self.make_invoice(900.0, due_in=120, invoice_date=self.today))
        self.assertGreater(moved["terms"], 0)

    def test_stored_every_night_for_three_spans(self):
        changes = self.env["receivable.dso.change"]
        changes._compute_changes(self.company)
        changes._compute_changes(self.company)
        rows = changes.search([("company_id", "=", self.company.id)])
        # Nothing was sold a year ago.
        self.assertEqual(set(rows.mapped("span")), {"month", "quarter"})
        self.assertEqual(len(rows), 16)
        self.assertEqual(rows[0].step, "before")

    def test_wizard(self):
        wizard = self.env["receivable.dso.change.wizard"].create({"date_from": self.today - 30 * DAY})
        wizard.action_explain()
        self.assertEqual([line.step for line in wizard.line_ids][::7], ["before", "after"])
        self.assertEqual(wizard.action_graph()["domain"], [("id", "in", wizard.line_ids.ids)])
        for first, last in ((0, 0), (0, -1), (900, 0)):
            wizard.write({"date_from": self.today - first * DAY, "date_to": self.today - last * DAY})
            with self.assertRaises(UserError):
                wizard.action_explain()

    def test_access(self):
        clerk = new_test_user(self.env, "dso_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["receivable.dso.change"].with_user(clerk).search([])
        other = self.setup_other_company()["company"]
        self.env["receivable.dso.change"]._compute_changes(self.company)
        stranger = new_test_user(
            self.env,
            "dso_stranger",
            groups="invoice_to_cash.group_manager",
            company_id=other.id,
            company_ids=[fields.Command.set(other.ids)],
        )
        self.assertFalse(
            self.env["receivable.dso.change"].with_user(stranger).search([("company_id", "!=", other.id)])
        )
