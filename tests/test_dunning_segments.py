"""Segments of payers from the ledger, their history and the hand that overrides them."""

import datetime

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import ReceivablesCommon

DAY = datetime.timedelta(days=1)


@tagged("post_install", "-at_install")
class TestSegments(ReceivablesCommon):
    def compute(self, *partners):
        partners = self.env["res.partner"].union(*partners) or self.customer
        self.env["payer.profile"]._compute_segments(self.company, partners)
        return self.profile(partners[0])

    def profile(self, partner=None):
        return self.env["payer.profile"].search(
            [("partner_id", "=", (partner or self.customer).id), ("company_id", "=", self.company.id)]
        )

    def settle(self, due_in, late, partner=None, amount=100.0):
        """An invoice due ``-due_in`` days ago, paid ``late`` days after that."""
        invoice = self.make_invoice(amount, due_in=due_in, partner=partner)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": self.today + (due_in + late) * DAY})._create_payments()
        return invoice

    def remind(self, days_ago, partner=None):
        partner = partner or self.customer
        invoice = self.env["account.move"].search([("partner_id", "=", partner.id)], limit=1)
        return (
            self.env["dunning.reminder"]
            .sudo()
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "date": self.today - days_ago * DAY,
                    "tone": "business",
                    "level": 3,
                    "state": "sent",
                    "line_ids": [
                        fields.Command.create(
                            {
                                "move_id": invoice.id,
                                "position": 1,
                                "level": 3,
                                "occurrence": days_ago,
                                "due_date": self.today - (days_ago + 5) * DAY,
                                "residual": 100.0,
                            }
                        )
                    ],
                }
            )
        )

    def code(self, *partners):
        return self.compute(*partners).segment_id.code

    def test_new_reliable_chronic(self):
        self.settle(-40, 0)
        self.assertEqual(self.code(), "new")
        self.settle(-30, 1)
        self.settle(-20, -5)
        self.assertEqual(self.code(), "reliable")
        self.assertEqual(self.profile().invoices, 3)
        for _number in range(5):
            self.settle(-60, 25)
        self.assertEqual(self.code(), "chronic")
        self.assertAlmostEqual(self.profile().mean_days_late, (0 + 1 - 5 + 5 * 25) / 8)
        self.assertIn("62.5", self.profile().segment_reason)

    def test_a_customer_who_answers_is_not_a_problem(self):
        for _number in range(3):
            self.settle(-200, 0)
        self.make_invoice(100.0, due_in=-70)
        self.remind(40)
        self.remind(20)
        self.assertEqual(self.code(), "problem")
        self.assertEqual((self.profile().unanswered, self.profile().overdue_days), (2, 70))
        self.assertEqual(self.customer.with_company(self.company).trust, "bad")
        self.env["mail.message"].create(
            {
                "author_id": self.customer.id,
                "message_type": "email",
                "model": "res.partner",
                "res_id": self.customer.id,
                "date": fields.Datetime.now(),
                "body": "We pay on Friday",
            }
        )
        self.assertEqual(self.profile().unanswered, 2)
        self.assertNotEqual(self.code(), "problem")
        self.assertEqual(self.profile().unanswered, 0)
        self.assertEqual(self.customer.with_company(self.company).trust, "normal")

    def test_a_disputed_invoice_is_nobodys_delay(self):
        invoice = self.make_invoice(100.0, due_in=-200)
        self.env["invoice.dispute"].create({"move_id": invoice.id, "amount": 100.0, "reason": "quality"})
        self.assertEqual(self.code(), "new")
        self.assertEqual(self.profile().overdue_days, 0)

    def test_history_and_trust(self):
        for _number in range(3):
            self.settle(-30, 0)
        profile = self.compute()
        self.assertEqual(self.customer.with_company(self.company).trust, "good")
        self.compute()
        self.assertEqual(len(profile.segment_change_ids), 1, "only changes are kept")
        self.assertEqual(profile.segment_change_ids.new_segment_id.code, "reliable")
        self.assertTrue(profile.segment_change_ids.reason)

    def test_by_hand_until_its_day(self):
        profile = self.compute()
        problem = self.env.ref("invoice_to_cash.segment_problem")
        with self.assertRaises(ValidationError):
            profile.override_segment_id = problem
        profile.write(
            {
                "override_segment_id": problem.id,
                "override_until": self.today + 5 * DAY,
                "override_reason": "Their director has left",
            }
        )
        self.assertEqual(profile.segment_id, problem)
        self.compute()
        self.assertEqual(profile.segment_id, problem, "the night does not undo the hand")
        self.assertIn("director", profile.segment_reason)
        profile.override_until = self.today - DAY
        self.assertEqual(profile.segment_id.code, "new")

    def test_another_rule_another_segment(self):
        self.env["payer.segment.rule"].create(
            {
                "sequence": 1,
                "segment_id": self.env.ref("invoice_to_cash.segment_chronic").id,
                "condition_ids": [
                    fields.Command.create({"metric": "mean_days_late", "operator": ">=", "limit": 1})
                ],
            }
        )
        self.settle(-30, 1)
        self.assertEqual(self.code(), "chronic")

    def test_queries_do_not_grow_with_customers(self):
        def queries(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["payer.profile"]._compute_segments(self.company, partners)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = self.env["res.partner"].union(*(self.make_customer(f"ТОО {n}") for n in range(2)))
        many = self.env["res.partner"].union(*(self.make_customer(f"ТОО {n}") for n in range(2, 22)))
        for partner in few | many:
            self.make_invoice(100.0, due_in=-5, partner=partner)
        queries(few[:1])
        self.assertLessEqual(queries(many), queries(few) + 10)

    def test_other_companies_see_nothing(self):
        self.settle(-30, 40)
        self.compute()
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "segment_stranger",
            groups="invoice_to_cash.group_manager",
            company_id=other.id,
            company_ids=[fields.Command.set(other.ids)],
        )
        self.assertFalse(
            self.env["payer.segment.change"]
            .with_user(stranger)
            .search([("profile_id", "=", self.profile().id)])
        )
        collector = new_test_user(self.env, "segment_collector", groups="invoice_to_cash.group_collector")
        with self.assertRaises(AccessError):
            self.env["payer.segment.rule"].with_user(collector).create(
                {"segment_id": self.env.ref("invoice_to_cash.segment_new").id}
            )
