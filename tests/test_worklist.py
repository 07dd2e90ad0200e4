"""The screen of today: each source turns on and off with the facts, and each step does what it says."""

import datetime

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ReceivablesCommon

DAY = datetime.timedelta(days=1)


class WorklistCommon(ReceivablesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worklist = cls.env["receivable.worklist"]

    def works(self, source=None, scope="all", user=None):
        worklist = self.worklist.with_user(user) if user else self.worklist
        return [
            item for item in worklist.get_today(scope)["items"] if source is None or item["source"] == source
        ]

    def act(self, item, step=None):
        return self.worklist.act(item["source"], item["res_id"], step or item["actions"][0]["key"])

    def bank_line(self, amount, partner=None, days_ago=0, currency=None, **values):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.today - days_ago * DAY,
                "amount": amount,
                "payment_ref": "for goods",
                "partner_id": partner and partner.id,
                **values,
            }
        )
        line.match_payments()
        return line

    def letter(self, invoice, state, days_ago=0, **values):
        item = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return (
            self.env["dunning.reminder"]
            .sudo()
            .create(
                {
                    "partner_id": invoice.partner_id.id,
                    "company_id": self.company.id,
                    "currency_id": invoice.currency_id.id,
                    "date": self.today - days_ago * DAY,
                    "tone": "escalation",
                    "level": 5,
                    "state": state,
                    "line_ids": [
                        Command.create(
                            {
                                "move_id": invoice.id,
                                "move_line_id": item.id,
                                "position": 1,
                                "level": 5,
                                "due_date": invoice.invoice_date_due,
                                "residual": invoice.amount_residual,
                            }
                        )
                    ],
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestWorklist(WorklistCommon):
    def test_empty_when_nothing_needs_a_human(self):
        data = self.worklist.get_today()
        self.assertEqual((data["items"], data["sources"]), ([], []))
        self.make_invoice(500.0, due_in=20)._mark_sent()
        self.assertEqual(self.works(), [], "a sent invoice that is not due needs nobody")

    def test_money_without_an_invoice(self):
        line = self.bank_line(700.0, days_ago=5)
        [work] = self.works()
        self.assertEqual((work["source"], work["amount"], work["days"]), ("unmatched", 700.0, 5))
        action = self.act(work)
        self.assertEqual(action["tag"], "invoice_to_cash.reconciliation")
        self.assertEqual(action["params"]["domain"], [("id", "=", work["res_id"])])
        self.env["payment.match"].search([("statement_line_id", "=", line.id)]).sudo().state = "dismissed"
        self.assertEqual(self.works(), [])

    def test_money_in_another_currency_counts_in_the_company_s(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self.bank_line(100.0, foreign_currency_id=euro.id, amount_currency=200.0)
        [work] = self.works("unmatched")
        self.assertEqual(work["amount"], 100.0)

    def test_money_that_goes_out_is_nobody_s_work_here(self):
        self.bank_line(-300.0)
        self.assertEqual(self.works(), [])

    def test_letter_to_approve(self):
        letter = self.letter(self.make_invoice(900.0, due_in=-14), "waiting")
        [work] = self.works("approval")
        self.assertEqual((work["amount"], work["title"]), (900.0, self.customer.name))
        self.company.dunning_auto_send = False
        self.assertIn("outbox", self.act(work)["done"])
        self.assertEqual((letter.state, letter.approved_by_id), ("draft", self.env.user))
        self.assertEqual(self.works("approval"), [])
        self.assertIn("already", self.act(work)["done"], "an old screen does not approve twice")

    def test_letter_not_today(self):
        letter = self.letter(self.make_invoice(900.0, due_in=-14), "waiting")
        self.act(self.works("approval")[0], "cancel")
        self.assertEqual(letter.state, "cancelled")

    def test_letter_that_could_not_be_sent(self):
        invoice = self.make_invoice(900.0, due_in=-14)
        self.letter(invoice, "failed", days_ago=3, hold_reason="mail_failed")
        [work] = self.works("failed_letter")
        self.assertEqual(work["days"], 3)
        self.letter(invoice, "sent", line_ids=False)
        self.assertEqual(self.works("failed_letter"), [], "another got through")

    def test_hand_over_until_it_is_paid_or_with_the_lawyer(self):
        invoice = self.make_invoice(400.0, due_in=-30)
        invoice._mark_sent()
        self.company.large_overdue = 1.0
        case = self.env["dunning.handover"]._open_for(self.company, self.customer, "All steps done")
        [work] = self.works()
        self.assertEqual(
            (work["source"], work["amount"], work["text"]), ("hand_over", 400.0, "All steps done")
        )
        self.assertEqual(work["owner"]["id"], case.owner_id.id)
        self.assertEqual(work["also"], ["Large overdue debt"], "said once")
        self.assertEqual((self.act(work)["res_model"], work["res_id"]), ("dunning.handover", case.id))
        case.sudo().state = "lawyer"
        self.assertEqual(self.works("hand_over"), [])
        case.sudo().state = "open"
        self.pay(invoice)
        self.assertEqual(self.works(), [])

    def test_broken_promise_until_a_new_one_or_the_money(self):
        invoice = self.make_invoice(900.0, due_in=-5)
        promises = self.env["payment.promise"]
        promise = promises.register(self.customer, self.today, invoice, 600.0)
        self.assertEqual(self.works("promise"), [])
        promise._judge(self.today + 20 * DAY)
        self.assertEqual(promise.state, "broken")
        [work] = self.works("promise")
        self.assertEqual((work["amount"], work["title"]), (600.0, self.customer.name))
        self.assertEqual(self.act(work)["res_id"], promise.id)
        newer = promises.register(self.customer, self.today + DAY, invoice, 600.0)
        self.assertEqual(self.works("promise"), [], "there is a new promise")
        newer.sudo().state = "cancelled"
        self.assertEqual(len(self.works("promise")), 1)
        self.pay(invoice)
        self.assertEqual(self.works("promise"), [])

    def test_broken_plan(self):
        invoice = self.make_invoice(900.0, due_in=-5)
        plan = self.env["payment.plan"].create(
            {"partner_id": self.customer.id, "move_ids": [Command.set(invoice.ids)], "count": 3}
        )
        self.assertEqual(self.works("plan"), [])
        plan.sudo().write({"state": "broken", "broken_on": self.today - 2 * DAY, "open_amount": 900.0})
        [work] = self.works("plan")
        self.assertEqual((work["amount"], work["days"]), (900.0, 2))
        self.assertEqual(self.act(work)["res_id"], plan.id)

    def test_dispute_past_its_deadline(self):
        invoice = self.make_invoice(1000.0, due_in=5)
        owner = new_test_user(self.env, "dispute_owner", groups="invoice_to_cash.group_collector")
        dispute = self.env["invoice.dispute"].create(
            {
                "move_id": invoice.id,
                "amount": 250.0,
                "reason": "price",
                "owner_id": owner.id,
                "deadline": self.today,
            }
        )
        self.assertEqual(self.works("dispute"), [], "its deadline is today")
        dispute.deadline = self.today - 2 * DAY
        [work] = self.works("dispute")
        self.assertEqual((work["amount"], work["days"], work["owner"]["id"]), (250.0, 2, owner.id))
        self.act(work, "later")
        self.assertEqual(dispute.deadline, self.today + 7 * DAY)
        self.assertEqual(self.works("dispute"), [])

    def test_invoice_that_did_not_arrive(self):
        invoices = self.make_invoice(100.0) | self.make_invoice(200.0)
        invoices._note_undelivered("bounced", "buh@stroyservis.example")
        [work] = self.works("undelivered")
        self.assertEqual((work["amount"], "2" in work["text"]), (300.0, True), "one row per customer")
        self.assertEqual(self.act(work)["res_model"], "account.move.send.batch.wizard")
        invoices.sudo().delivery_state = "sent"
        self.assertEqual(self.works("undelivered"), [])

    def test_invoice_not_sent(self):
        invoice = self.make_invoice(100.0, due_in=-10)
        self.assertEqual([work["amount"] for work in self.works("unsent")], [100.0])
        self.act(self.works("unsent")[0], "by_hand")
        self.assertTrue(invoice.sent_at)
        self.assertEqual(self.works("unsent"), [])
        self.make_invoice(100.0, due_in=-60)
        self.assertEqual(self.works("unsent"), [], "of three months ago: it was before, or carried")

    def test_never_opened_only_where_openings_are_known(self):
        invoice = self.make_invoice(100.0, due_in=3)
        invoice._mark_sent(moment=fields.Datetime.now() - 9 * DAY)
        self.company.tracking_pixel = False
        self.assertEqual(self.works("unopened"), [])
        self.company.tracking_pixel = True
        self.assertEqual(len(self.works("unopened")), 1)
        self.customer.opens_not_tracked = True
        self.assertEqual(self.works("unopened"), [])
        self.customer.opens_not_tracked = False
        invoice.sudo().first_viewed_at = fields.Datetime.now()
        self.assertEqual(self.works("unopened"), [])

    def test_large_overdue(self):
        self.company.large_overdue = 1000.0
        small = self.make_customer("ТОО Small")
        self.make_invoice(999.0, due_in=-5, partner=small)._mark_sent()
        invoice = self.make_invoice(1500.0, due_in=-5)
        invoice._mark_sent()
        [work] = self.works()
        self.assertEqual(
            (work["source"], work["amount"], work["title"]), ("large_overdue", 1500.0, self.customer.name)
        )
        self.pay(invoice, 600.0)
        self.assertEqual(self.works(), [])
        self.company.large_overdue = 0.0
        self.assertEqual(len(self.works()), 2, "each holds more than 5 %")

    def test_large_overdue_without_what_is_disputed(self):
        self.company.large_overdue = 1000.0
        invoice = self.make_invoice(1500.0, due_in=-5)
        invoice._mark_sent()
        self.env["invoice.dispute"].create({"move_id": invoice.id, "amount": 1500.0, "reason": "price"})
        self.assertEqual(self.works(), [])

    def test_new_chronic_debtor(self):
        self.make_invoice(300.0, due_in=10)._mark_sent()
        new, chronic = (self.env.ref(f"invoice_to_cash.segment_{code}") for code in ("new", "chronic"))
        profile = self.env["payer.profile"]._get_or_create(self.company, self.customer)
        profile.sudo().segment_id = chronic
        change = (
            self.env["payer.segment.change"]
            .sudo()
            .create(
                {
                    "profile_id": profile.id,
                    "date": self.today - 3 * DAY,
                    "new_segment_id": chronic.id,
                    "reason": "Late: 70 %",
                }
            )
        )
        self.assertEqual(self.works(), [], "found by the first night: no news")
        change.old_segment_id = new
        [work] = self.works("chronic")
        self.assertEqual((work["amount"], work["text"]), (300.0, "Late: 70 %"))
        self.assertEqual(self.act(work)["res_id"], profile.id)
        change.date = self.today - 14 * DAY
        self.assertEqual(self.works(), [], "no longer new")

    def test_statement_missing(self):
        journal = self.company_data["default_journal_bank"]
        feed = self.env["bank.feed"].create(
            {"name": "Halyk", "journal_ids": journal.ids, "kind": "mail", "alias_name": "today-halyk"}
        )
        self.assertEqual(self.works("statement"), [])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE bank_feed SET create_date = create_date - interval '12 days' WHERE id = %s", [feed.id]
        )
        self.env.invalidate_all()
        [work] = self.works("statement")
        self.assertEqual(work["res_id"], journal.id)
        self.assertIn(journal.name, work["text"])
        self.assertEqual(self.act(work)["type"], "ir.actions.act_window")

    def test_order_to_look_at(self):
        order = self.make_order(amount=800.0)
        order.action_confirm()
        order.sudo().write({"invoicing_state": "review", "invoicing_review": "No contract"})
        [work] = self.works("order")
        self.assertEqual((work["amount"], work["text"]), (800.0, f"{order.name} · No contract"))
        collector = new_test_user(self.env, "order_collector", groups="invoice_to_cash.group_collector")
        self.assertEqual(self.works(user=collector), [], "who may not open orders is not shown them")

    # -- order, owners, marks -------------------------------------------------------
    def test_most_worthwhile_first_as_sql_and_core_agree(self):
        self.company.large_overdue = 1.0
        for number, (amount, due_in) in enumerate([(500, -300), (400, -20), (450, -1), (100, -30)]):
            self.make_invoice(amount, due_in=due_in, partner=self.make_customer(f"ТОО {number}"))._mark_sent()
        items = self.works()
        self.assertEqual(
            [item["worth"] for item in items], sorted((item["worth"] for item in items), reverse=True)
        )
        sources = self.worklist._get_allowed_sources()
        for limit in range(1, 5):
            rows = self.worklist._fetch(sources, "all", per_source=limit)["large_overdue"]
            self.assertEqual([row["res_id"] for row in rows], [item["res_id"] for item in items][:limit])
            self.assertEqual(rows[0]["total_count"], 4, "all are counted, whatever is shown")

    def test_mine_my_team_all(self):
        self.company.large_overdue = 1.0
        me, mate, other = (
            new_test_user(
                self.env,
                login,
                groups="invoice_to_cash.group_collector,sales_team.group_sale_salesman_all_leads",
            )
            for login in ("today_me", "today_mate", "today_other")
        )
        self.env["crm.team"].create({"name": "Almaty", "member_ids": [Command.set((me | mate).ids)]})
        for user in (me, mate, other, self.env["res.users"]):
            partner = self.make_customer(f"ТОО {user.name}", user_id=user.id)
            self.make_invoice(100.0, due_in=-5, partner=partner)._mark_sent()
        owners = {
            scope: sorted(
                (item["owner"] or {"name": ""})["name"] for item in self.works("large_overdue", scope, me)
            )
            for scope in ("mine", "team", "all")
        }
        self.assertEqual(owners["mine"], [me.name])
        self.assertEqual(owners["team"], sorted(["", me.name, mate.name]), "with what is nobody's")
        self.assertEqual(len(owners["all"]), 4)

    def test_take_and_put_off(self):
        self.company.large_overdue = 1.0
        self.make_invoice(100.0, due_in=-5)._mark_sent()
        [work] = self.works()
        collector = new_test_user(self.env, "today_taker", groups="invoice_to_cash.group_collector")
        marks = self.env["receivable.work.mark"].with_user(collector)
        key = (work["source"], work["res_id"])
        marks.set_mark([key], user_id=collector.id)
        self.assertEqual(self.works(scope="mine", user=collector)[0]["owner"]["id"], collector.id)
        marks.set_mark([key], days=2)
        self.assertEqual(self.works(), [])
        marks.search([]).until = self.today
        self.assertEqual(len(self.works()), 1, "on its day it is back")
        self.assertEqual(marks.search_count([]), 1)
        with self.assertRaises(UserError):
            marks.set_mark([key], days=1000)
        with self.assertRaises(UserError):
            marks.set_mark([("unmatched", 1)], days=1)
        with self.assertRaises(UserError):
            self.worklist.with_user(collector).act("unmatched", 1, "decide")

    def test_access_and_company(self):
        self.bank_line(700.0)
        self.company.large_overdue = 1.0
        self.make_invoice(100.0, due_in=-5)._mark_sent()
        clerk = new_test_user(self.env, "today_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.worklist.with_user(clerk).get_today()
        cash = new_test_user(self.env, "today_cash", groups="invoice_to_cash.group_cash_application")
        self.assertEqual({item["source"] for item in self.works(user=cash)}, {"unmatched"})
        collector = new_test_user(self.env, "today_collector", groups="invoice_to_cash.group_collector")
        self.assertEqual({item["source"] for item in self.works(user=collector)}, {"large_overdue"})
        other = self.setup_other_company()["company"]
        self.assertEqual(self.worklist.with_company(other).get_today()["items"], [])

    def test_queries_do_not_grow_with_the_ledger(self):
        self.company.large_overdue = 1.0

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.worklist.get_today()
            return self.env.cr.sql_log_count - before

        self.make_invoice(10.0, due_in=-5)
        self.bank_line(10.0)
        queries()
        few = queries()
        for number in range(6):
            self.make_invoice(10.0, due_in=-5, partner=self.make_customer(f"ТОО {number}"))
            self.bank_line(10.0 + number)
        self.assertLessEqual(queries(), few)

    def test_every_source_has_a_list_behind_and_a_next_step(self):
        for key, source in self.worklist._get_allowed_sources().items():
            with self.subTest(key):
                self.assertTrue(source.actions)
                self.assertIn(
                    self.worklist.open_all(key)["type"], ("ir.actions.act_window", "ir.actions.client")
                )


@tagged("post_install", "-at_install")
class TestWorklistTour(WorklistCommon, HttpCase):
    def test_it_opens_and_is_worked_through_by_key(self):
        self.company.large_overdue = 1.0
        for name, amount in (("ТОО Large", 90_000.0), ("ТОО Small", 10.0)):
            self.make_invoice(amount, due_in=-5, partner=self.make_customer(name))._mark_sent()
        user = new_test_user(
            self.env, "today_reader", groups="base.group_user,invoice_to_cash.group_collector"
        )
        self.start_tour("/odoo/action-invoice_to_cash.action_today", "i2c_today", login=user.login)
