"""What is known of a payer: score, habits, exposure, timeline, and the signal to the account's owner."""

import datetime

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import ReceivablesCommon

DAY = datetime.timedelta(days=1)


class PayerCommon(ReceivablesCommon):
    def compute(self, *partners):
        partners = self.env["res.partner"].union(*partners) or self.customer
        self.env["payer.profile"]._compute_segments(self.company, partners)
        return self.profile(partners[0])

    def profile(self, partner=None):
        return self.env["payer.profile"]._get_or_create(self.company, partner or self.customer)

    def settle(self, due_in, late, amount=100.0, parts=1):
        """An invoice due ``-due_in`` days ago, paid ``late`` days after that, in equal parts."""
        invoice = self.make_invoice(amount, due_in=due_in)
        for part in range(parts):
            day = self.today + (due_in + late) * DAY - (parts - 1 - part) * DAY
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"payment_date": day, "amount": amount / parts})._create_payments()
        return invoice


@tagged("post_install", "-at_install")
class TestPayerScore(PayerCommon):
    def test_score_with_its_parts_in_words(self):
        profile = self.compute()
        self.assertEqual((profile.score, profile.score_grade, profile.score_html), (0, "none", False))
        self.assertFalse(profile.proposal_text, "no empty proposal stands above the form")
        for _number in range(3):
            self.settle(-30, 0)
        profile = self.compute()
        self.assertEqual((profile.score, profile.score_grade), (100, "good"))
        self.settle(-60, 30)
        self.make_invoice(100.0, due_in=-45)
        profile = self.compute()
        # In time 3 of 5: 24 of 40; mean of 0, 0, 0, 30 is 7.5: 17.5 of 20; 45 of 90 days: 10 of 20; 10 of 10.
        self.assertEqual((profile.score, profile.score_grade), (68, "watch"))
        self.assertIn("60", profile.score_html)
        self.assertIn("24 of 40", profile.score_html)
        self.assertEqual(self.customer.payer_score, 68)

    def test_history_by_month_and_change(self):
        for _number in range(3):
            self.settle(-30, 0)
        profile = self.compute()
        self.compute()
        # The months before, of which the first score told, are another test's.
        history = profile.score_ids.filtered(lambda row: row.date == self.today.replace(day=1))
        self.assertEqual(
            (history.date, history.score, history.segment_id),
            (self.today.replace(day=1), 100, profile.segment_id),
        )
        self.assertEqual(profile.score_change, 0, "nothing to compare with")
        self.env["payer.score"].sudo().create(
            {"profile_id": profile.id, "date": self.today.replace(day=1) - 120 * DAY, "score": 60}
        )
        self.assertEqual(self.compute().score_change, 40)

    def test_the_first_score_brings_the_months_before(self):
        """On installation the trend is there at once: from the ledger as it was at each month end."""
        for due_in in (-300, -290, -280):
            self.settle(due_in, 0)
        month = self.today.replace(day=1)
        for late in (40, 45):
            self.settle((month - DAY - self.today).days - late - 20, late)
        profile = self.compute()
        history = {row.date: row for row in profile.score_ids}
        months = [month - relativedelta(months=back) for back in range(13)]
        last_paid = self.today - 280 * DAY
        ends = {first: first + relativedelta(months=1) - DAY for first in months[1:]}
        expected = {first for first, end in ends.items() if end >= last_paid} | {month}
        self.assertEqual(set(history), expected, "no month with fewer than three invoices")
        oldest = min(expected)
        self.assertEqual((history[oldest].score, history[oldest].mean_days_late), (100, 0.0))
        self.assertEqual(history[months[1]].score, profile.score)
        # 3 of 5 in time: 24 of 40; late by 17 of 60 days: 14.3 of 20; open debt and answers: 30 of 30.
        self.assertAlmostEqual(history[months[1]].mean_days_late, 17.0)
        self.assertEqual(profile.score, 76)
        self.assertEqual(profile.score_change, 76 - history[months[3]].score)
        history[months[2]].sudo().score = 1
        self.compute()
        self.assertEqual(history[months[2]].score, 1, "written once")

    def test_habits(self):
        self.settle(-40, 2)
        self.settle(-60, 3, parts=2)
        self.settle(-75, 10)
        self.settle(-300, 100)
        profile = self.compute()
        self.assertAlmostEqual(profile.median_days_late, 6.5)
        self.assertAlmostEqual(profile.recent_days_late, 5.0)
        self.assertEqual(profile.pay_trend, "better")
        self.assertAlmostEqual(profile.share_partial, 25.0)
        self.assertFalse(profile.pay_quotes)

    def test_quotes(self):
        journal = self.company_data["default_journal_bank"]
        for _number in range(4):
            invoice = self.make_invoice(100.0)
            line = self.env["account.bank.statement.line"].create(
                {
                    "journal_id": journal.id,
                    "date": self.today,
                    "amount": 100.0,
                    "payment_ref": invoice.payment_code,
                    "payment_purpose": f"pays {invoice.payment_code}",
                }
            )
            self.assertEqual(line.match_payments()["applied"], 1)
        self.assertEqual(self.compute().pay_quotes, "code")

    def test_exposure_with_what_is_ordered(self):
        self.company.account_use_credit_limit = True
        self.customer.credit_limit = 2500.0
        self.make_invoice(1000.0)
        self.make_order(amount=800.0).action_confirm()
        profile = self.profile()
        self.assertEqual((profile.exposure_open, profile.exposure_unbilled), (1000.0, 800.0))
        self.assertEqual((profile.exposure, profile.exposure_limit, profile.exposure_free), (1800, 2500, 700))

    def test_queries_do_not_grow_with_customers(self):
        def queries(partners):
            profiles = self.env["payer.profile"]._get_or_create(self.company, partners)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            profiles._compute_scores(self.company)
            return self.env.cr.sql_log_count - before

        partners = self.env["res.partner"].union(*(self.make_customer(f"ТОО {n}") for n in range(12)))
        for partner in partners:
            self.make_invoice(100.0, due_in=-5, partner=partner)
        queries(partners[:1])
        self.assertLessEqual(queries(partners), queries(partners[:2]))


@tagged("post_install", "-at_install")
class TestPayerTimeline(PayerCommon):
    def test_everything_said_and_done(self):
        invoice = self.make_invoice(500.0, due_in=-5)
        invoice._mark_sent()
        self.pay(invoice, 200.0)
        self.env["invoice.dispute"].create({"move_id": invoice.id, "amount": 50.0, "reason": "price"})
        invoice.message_post(body="We pay on Friday", author_id=self.customer.id, message_type="email")
        self.customer.message_post(body="They have moved", message_type="comment")
        call = self.customer.activity_schedule("mail.mail_activity_data_call", summary="Asked for the money")
        call.action_feedback(feedback="Promised to pay")
        self.env["payment.promise"].register(self.customer, self.today + 5 * DAY, invoice, 100.0)
        stranger = self.make_customer("ТОО Stranger")
        stranger.message_post(body="Not of this customer", message_type="comment")
        story = self.profile().timeline
        words = " | ".join(f"{event['label']} {event['words']}" for event in story)
        for expected in (
            "Payment:",
            "Disputed",
            "Promise",
            "We pay on Friday",
            "They have moved",
            "Promised to pay",
        ):
            self.assertIn(expected, words)
        self.assertNotIn("Not of this customer", words)
        self.assertEqual(
            [event["moment"] for event in story], sorted((e["moment"] for e in story), reverse=True)
        )
        self.assertTrue(next(e for e in story if "Friday" in e["words"])["by_customer"])

    def test_a_salesperson_sees_own_customers_only(self):
        seller = new_test_user(self.env, "payer_seller", groups="sales_team.group_sale_salesman")
        mine, other = self.make_customer("ТОО Mine", user_id=seller.id), self.make_customer("ТОО Other")
        for partner in (mine, other):
            self.make_invoice(100.0, due_in=-5, partner=partner)
            self.profile(partner)
        visible = self.env["payer.profile"].with_user(seller).search([])
        self.assertEqual(visible.partner_id, mine)
        action = mine.with_user(seller).action_open_payer_profile()
        form = Form(visible, view=self.env.ref("invoice_to_cash.view_payer_profile_sales"))
        self.assertEqual(form.exposure, 100.0)
        self.assertEqual(action["res_id"], visible.id)
        self.assertTrue(visible.timeline)
        self.assertFalse(any(event["model"] for event in visible.timeline), "nothing to open without rights")
        with self.assertRaises(AccessError):
            visible.reminders_enabled = False
        with self.assertRaises(AccessError):
            self.profile(other).with_user(seller).read(["score"])
        self.assertFalse(other.with_user(seller).action_open_payer_profile())
        collector = new_test_user(
            self.env,
            "payer_collector",
            groups="invoice_to_cash.group_collector,sales_team.group_sale_salesman",
        )
        self.assertEqual(len(self.env["payer.profile"].with_user(collector).search([])), 2)

    def test_other_companies_see_nothing(self):
        self.settle(-30, 0)
        self.compute()
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "payer_stranger",
            groups="invoice_to_cash.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in ("payer.profile", "payer.score"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))


@tagged("post_install", "-at_install")
class TestChronicSignal(PayerCommon):
    def change(self, old, new, days_ago=0):
        segment = {code: self.env.ref(f"invoice_to_cash.segment_{code}").id for code in (old, new) if code}
        return (
            self.env["payer.segment.change"]
            .sudo()
            .create(
                {
                    "profile_id": self.profile().id,
                    "date": self.today - days_ago * DAY,
                    "old_segment_id": segment.get(old, False),
                    "new_segment_id": segment[new],
                    "reason": "Late: 70 %",
                }
            )
        )

    def tasks(self):
        kind = self.env.ref("invoice_to_cash.activity_chronic_delay")
        return self.customer.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_once_per_episode(self):
        owner = new_test_user(self.env, "account_owner", groups="sales_team.group_sale_salesman")
        self.customer.user_id = owner
        self.change(None, "chronic", days_ago=400)
        self.assertFalse(self.tasks(), "found at installation: no news")
        self.change("chronic", "reliable", days_ago=300)
        self.change("reliable", "chronic", days_ago=200)
        self.assertEqual((len(self.tasks()), self.tasks().user_id), (1, owner))
        self.change("chronic", "problem", days_ago=150)
        self.assertEqual(len(self.tasks()), 1, "the same episode")
        self.change("problem", "occasional", days_ago=100)
        self.change("occasional", "chronic", days_ago=90)
        self.assertEqual(len(self.tasks()), 1, "had left for ten days only")
        self.change("chronic", "reliable", days_ago=60)
        self.change("reliable", "problem", days_ago=5)
        self.assertEqual(len(self.tasks()), 2, "a new episode")

    def test_from_the_ledger(self):
        self.settle(-40, 0)
        self.compute()
        for _number in range(5):
            self.settle(-60, 25)
        self.assertEqual(self.compute().segment_id.code, "chronic")
        self.assertEqual(len(self.tasks()), 1)
        self.assertIn("83", str(self.tasks().note))
        self.compute()
        self.assertEqual(len(self.tasks()), 1)
        self.assertEqual(self.tasks().date_deadline, self.today)
