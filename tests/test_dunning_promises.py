"""Pauses and promises: kept and broken by value date, what they silence, who is told."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .dunning_records_common import RecordsCommon


@tagged("post_install", "-at_install")
class TestDunningPauses(RecordsCommon):
    def test_a_pause_of_the_customer_ends_by_itself(self):
        self.debt()
        pause = self.env["dunning.pause"].create(
            {"partner_id": self.alfa.id, "date_until": self.day(4), "reason": "on leave"}
        )
        profile = self.env["payer.profile"]._get_or_create(self.company, self.alfa)
        self.assertEqual((profile.paused_until, profile.pause_reason), (self.day(4), "on leave"))
        self.assertEqual((pause.state, pause.user_id), ("active", self.env.user))
        reminder = self.generate_today()
        self.assertEqual((reminder.state, reminder.hold_reason), ("held", "paused"))
        self.assertIn("on leave", reminder.why)
        self.assertEqual(self.generate_today(4).hold_reason, "paused")
        self.assertEqual(self.generate_today(5).state, "draft")

    def test_a_pause_of_one_invoice_leaves_the_others_chased(self):
        paused, other = self.debt(), self.debt(amount=500.0)
        self.env["dunning.pause"].create(
            {"move_id": paused.id, "date_until": self.day(4), "reason": "wrong sum"}
        )
        self.assertEqual(self.generate_today().line_ids.move_id, other)
        self.assertIn("wrong sum", paused.agreement_notice)
        self.assertFalse(other.agreement_notice)
        self.assertFalse(self.alfa.payer_profile_id.is_paused)

    def test_a_pause_that_begins_later_does_not_silence_today(self):
        self.debt()
        self.env["dunning.pause"].create(
            {
                "partner_id": self.alfa.id,
                "date_from": self.day(2),
                "date_until": self.day(4),
                "reason": "stock-taking",
            }
        )
        self.assertEqual(self.decision().kind.value, "send")
        self.assertEqual(self.decision(day=2).reason.value, "paused")

    def test_ended_early_it_is_kept_with_who_ended_it(self):
        self.debt()
        pause = self.env["dunning.pause"].create(
            {"partner_id": self.alfa.id, "date_until": self.day(4), "reason": "on leave"}
        )
        pause.action_end()
        self.assertEqual((pause.state, pause.ended_by_id), ("ended", self.env.user))
        self.assertEqual(self.decision().kind.value, "send")

    def test_a_day_on_the_profile_is_a_record_and_its_change_another(self):
        profile = self.env["payer.profile"]._get_or_create(self.company, self.alfa)
        profile.write({"paused_until": self.day(4), "pause_reason": "on leave"})
        profile.paused_until = self.day(9)
        pauses = self.env["dunning.pause"].search([("partner_id", "=", self.alfa.id)])
        self.assertEqual(pauses.mapped("state"), ["active", "ended"])
        self.assertEqual((profile.paused_until, profile.pause_reason), (self.day(9), "on leave"))
        self.assertIn(profile, profile.search([("is_paused", "=", True)]))
        profile.paused_until = False
        self.assertFalse(profile.is_paused)
        self.assertNotIn(profile, profile.search([("is_paused", "=", True)]))
        self.assertEqual(set(pauses.mapped("state")), {"ended"})

    def test_a_pause_cannot_end_before_it_begins(self):
        with self.assertRaises(ValidationError):
            self.env["dunning.pause"].create(
                {
                    "partner_id": self.alfa.id,
                    "date_from": self.day(4),
                    "date_until": self.day(2),
                    "reason": "x",
                }
            )

    def test_the_number_of_queries_does_not_depend_on_the_customers(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@x.example"} for n in range(8)]
        )
        for partner in partners:
            self.debt(partner)
            self.env["dunning.pause"].create(
                {"partner_id": partner.id, "date_until": self.day(4), "reason": "x"}
            )
            self.promise(partner=partner, amount=10)
        counts = []
        for group in (partners[:2], partners[:2], partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.company._decide_dunning(self.today, group)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], "the first run fills the caches")


@tagged("post_install", "-at_install")
class TestPaymentPromises(RecordsCommon):
    def test_a_promise_silences_its_invoices_until_its_last_day(self):
        promised, other = self.debt(), self.debt(amount=500.0)
        promise = self.promise(promised)
        self.assertEqual((promise.partner_id, promise.amount, promise.state), (self.alfa, 1000.0, "open"))
        self.assertEqual(promise.last_day, self.day(3 + self.company.promise_grace_days))
        self.assertEqual(self.generate_today().line_ids.move_id, other)
        self.assertIn("1,000.00", promised.agreement_notice)
        waiting = {item.position.key[0]: item for item in self.decision(day=5).all_items}[promised.id]
        self.assertEqual(waiting.reason.value, "promised")

    def test_money_keeps_it_at_once(self):
        move = self.debt()
        promise = self.promise(move)
        self.paid(move, 400.0)
        self.assertEqual((promise.state, promise.paid_amount), ("open", 400.0))
        self.paid(move, 600.0, day=2)
        self.assertEqual((promise.state, promise.decided_on), ("kept", self.day(2)))

    def test_what_was_paid_before_counts_for_nothing(self):
        move = self.debt()
        self.paid(move, 300.0)
        promise = self.promise(move)
        self.assertEqual((promise.amount, promise.baseline), (700.0, 300.0))
        promise._judge(self.day(20))
        self.assertEqual((promise.state, promise.missing_amount), ("broken", 700.0))

    def test_broken_its_owner_is_told_once(self):
        promise = self.promise(self.debt())
        for day in (5, 6, 7):
            promise._judge(self.day(day))
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.decided_on, self.day(6))
        task = promise.activity_ids
        self.assertEqual((len(task), task.user_id), (1, self.env.user))
        self.assertIn("1,000.00", task.summary)

    def test_money_booked_late_with_a_value_date_in_time_mends_it(self):
        move = self.debt()
        promise = self.promise(move)
        promise._judge(self.day(9))
        self.assertEqual(promise.state, "broken")
        self.paid(move, 1000.0, day=3)
        self.assertEqual(promise.state, "kept")
        self.assertFalse(promise.activity_ids)

    def test_the_value_date_of_the_bank_counts(self):
        move = self.debt()
        promise = self.promise(move)
        journal = self.company_data["default_journal_bank"]
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": self.day(9),
                "bank_value_date": self.day(4),
                "payment_ref": move.name,
                "amount": 1000.0,
                "partner_id": self.alfa.id,
            }
        )
        receivable = move.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        suspense = line.move_id.line_ids.filtered(lambda item: item.account_id == journal.suspense_account_id)
        suspense.account_id = receivable.account_id
        (suspense | receivable).reconcile()
        self.assertEqual((promise.state, promise.decided_on), ("kept", self.day(4)))

    def test_undoing_the_payment_opens_it_again(self):
        move = self.debt()
        promise = self.promise(move)
        payment = self.paid(move, 1000.0)
        self.assertEqual(promise.state, "kept")
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual((promise.state, promise.paid_amount), ("open", 0.0))

    def test_a_credit_note_over_all_of_it_is_neither_kept_nor_broken(self):
        move = self.debt()
        promise = self.promise(move)
        note = self.debt(move_type="out_refund")
        (move | note).line_ids.filtered(lambda item: item.account_type == "asset_receivable").reconcile()
        self.assertEqual(promise.state, "void")

    def test_money_of_those_who_promised_nothing_asks_nothing(self):
        move, partials = self.debt(), self.env["account.partial.reconcile"]
        partials._follow_agreements(move, self.alfa)
        with self.assertQueryCount(0):
            partials._follow_agreements(move, self.alfa)
        promise = self.promise(move)  # after the look-up, in the same transaction
        self.paid(move, move.amount_total)
        self.assertEqual(promise.state, "kept")

    def test_a_sum_is_for_the_oldest_and_any_money_keeps_it(self):
        old, young = self.debt(late=9), self.debt(late=5)
        promise = self.promise(amount=900.0)
        self.assertFalse(promise.move_ids)
        self.assertEqual(self.generate_today().line_ids.move_id, young)
        self.paid(young, 900.0)
        self.assertEqual(promise.state, "kept")
        self.assertTrue(old.amount_residual)

    def test_an_unapplied_payment_that_may_be_theirs_breaks_no_promise(self):
        promise = self.promise(self.debt())
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.day(2),
                "payment_ref": "payment",
                "amount": 77.0,
                "partner_id": self.alfa.id,
            }
        )
        promise._judge(self.day(9))
        self.assertEqual(promise.state, "open")
        line.move_id.button_draft()
        line.unlink()
        promise._judge(self.day(9))
        self.assertEqual(promise.state, "broken")

    def test_broken_the_ladder_goes_on_one_step_up(self):
        move = self.debt(late=3)
        self.generate_today().send()
        self.assertEqual(move.dunning_level, 3)
        promise = self.promise(move, day=1)
        promise._judge(self.day(4))
        self.assertEqual(promise.state, "broken")
        item = next(i for i in self.decision(day=4).all_items if i.position.key[0] == move.id)
        self.assertEqual(item.position.promise_broken, self.day(3))
        self.assertEqual((item.reason.value, item.step.level), ("promise_broken", 4))

    def test_a_new_day_takes_the_place_of_the_old_one(self):
        move = self.debt()
        first = self.promise(move)
        second = self.promise(move, day=6)
        self.assertEqual((first.state, second.state), ("replaced", "open"))
        self.assertEqual(self.company._get_dunning_promises(self.alfa)[0], {move.id: self.day(8)})

    def test_withdrawn_the_reminders_go_on(self):
        move = self.debt()
        self.promise(move).action_cancel()
        self.assertEqual(self.generate_today().line_ids.move_id, move)

    def test_promises_that_cannot_be(self):
        move = self.debt()
        with self.assertRaises(UserError):
            self.promise(move, day=-1)
        with self.assertRaises(ValidationError):
            self.promise(move, amount=1000.01)
        with self.assertRaises(ValidationError):
            self.promise(move | self.debt(self.beta))
        with self.assertRaises(ValidationError):
            self.promise(self.debt(move_type="out_refund"))

    def test_the_portal_may_not_promise_for_ever(self):
        move = self.debt()
        with self.assertRaisesRegex(UserError, "next 14 days"):
            self.promise(move, day=15, source="portal")
        for _number in range(2):
            promise = self.promise(move, day=1, source="portal")
            promise._judge(self.day(9))
        with self.assertRaisesRegex(UserError, "write to us"):
            self.promise(move, day=1, source="portal")
        self.assertTrue(self.promise(move, day=1, source="phone"))

    def test_the_job_judges_what_has_passed(self):
        promise = self.promise(self.debt())
        promise.write({"given_on": self.day(-20), "date": self.day(-9)})
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_agreements").method_direct_trigger()
        self.assertEqual(promise.state, "broken")

    def test_the_rate_of_the_customer_and_of_the_company(self):
        kept, broken = self.debt(), self.debt(amount=500.0)
        first, second = self.promise(kept), self.promise(broken)
        self.paid(kept, 1000.0)
        second._judge(self.day(9))
        self.assertEqual((first.state, second.state), ("kept", "broken"))
        profile = self.env["payer.profile"]._get_or_create(self.company, self.alfa)
        self.assertEqual((profile.promises_matured, profile.promise_kept_rate), (2, 50.0))
        self.assertEqual(self.company._count_promises(self.day(0), self.day(9)), (1, 2))
        self.assertEqual(self.company._count_promises(self.day(6), self.day(9)), (0, 0))

    def test_salespeople_read_promises_of_their_customers_only(self):
        seller = new_test_user(
            self.env,
            "promise_seller",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.alfa.user_id = seller
        mine, other = self.promise(amount=10), self.promise(partner=self.beta, amount=10)
        found = self.env["payment.promise"].with_user(seller).search([])
        self.assertIn(mine, found)
        self.assertNotIn(other, found)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            mine.with_user(seller).note = "mine"

    def test_a_collector_notes_a_promise(self):
        collector = new_test_user(
            self.env,
            "promise_collector",
            groups="invoice_to_cash.group_collector",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        move = self.debt()
        promise = self.env["payment.promise"].with_user(collector).register(self.alfa, self.day(2), move)
        self.assertEqual(promise.user_id, collector)
        promise._judge(self.day(9))
        self.assertEqual(promise.state, "broken")

    def test_other_companies_do_not_see_it(self):
        other = self.setup_other_company()["company"]
        promise = self.promise(amount=10)
        foreign = new_test_user(
            self.env,
            "promise_foreign",
            groups="invoice_to_cash.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["payment.promise"].with_user(foreign).search([("id", "=", promise.id)]))

    def test_a_promise_is_an_answer(self):
        move = self.debt(late=40)
        self.generate_today(-20).send()
        self.assertEqual(self.company._get_unanswered(self.alfa, {}, self.today), {self.alfa.id: 1})
        self.promise(move)
        self.assertFalse(self.company._get_unanswered(self.alfa, {}, self.today))

    def test_promises_and_plans_are_in_the_forecast(self):
        move, planned = self.debt(), self.debt(amount=300.0)
        self.promise(move, amount=600.0)
        plan = self.env["payment.plan"].create(
            {
                "move_ids": [Command.set(planned.ids)],
                "company_id": self.company.id,
                "count": 2,
                "first_date": self.day(5),
                "unit": "day",
                "every": 5,
            }
        )
        plan.action_divide()
        plan.action_confirm()
        agreed = self.company._get_agreed_dates(self.today)
        found = {
            item.move_id: [(kind, day, float(amount)) for kind, day, amount, _kept in agreed[item.id]]
            for item in self.env["account.move.line"].browse(agreed)
        }
        self.assertEqual(
            found,
            {
                move: [("promise", self.day(3), 600.0)],
                planned: [("plan", self.day(5), 150.0), ("plan", self.day(10), 150.0)],
            },
        )
        self.assertFalse(self.company._get_agreed_dates(self.day(-1)))
