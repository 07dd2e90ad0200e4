"""The jobs: quiet hours by the customer's clock, batches, a ladder's year on trial."""

import datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_dunning_reminders import DUE, DunningCommon


@tagged("post_install", "-at_install")
class TestDunningJobs(DunningCommon):
    def run_job(self, moment, xmlid="cron_remind"):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(f"invoice_to_cash.{xmlid}").method_direct_trigger()

    def states(self):
        return {r.partner_id: r.state for r in self.reminders.search([("company_id", "=", self.company.id)])}

    def test_the_job_sends_in_the_working_hours_of_each_customer(self):
        self.company.write(
            {
                "dunning_enabled": True,
                "receivables_tz": "Asia/Almaty",
                "dunning_hour_from": 9,
                "dunning_hour_to": 18,
            }
        )
        self.alfa.tz, self.beta.tz = "Asia/Almaty", "Europe/Lisbon"
        self.invoice(self.alfa)
        self.invoice(self.beta)
        # 3 o'clock UTC: 8 in Almaty, 4 in Lisbon.
        self.run_job("2026-06-13 03:00:00")
        self.assertEqual(self.states(), {self.alfa: "draft", self.beta: "draft"})
        waiting = self.reminders.search([("partner_id", "=", self.alfa.id)])
        self.assertIn("09:00", waiting.why)
        self.run_job("2026-06-13 05:00:00", "cron_send_reminders")
        self.assertEqual(self.states(), {self.alfa: "sent", self.beta: "draft"})
        self.run_job("2026-06-13 09:00:00", "cron_send_reminders")
        self.assertEqual(self.states(), {self.alfa: "sent", self.beta: "sent"})

    def test_what_was_prepared_yesterday_is_not_sent_by_the_hourly_job(self):
        self.company.write({"dunning_enabled": True, "receivables_tz": "UTC"})
        self.alfa.tz = "UTC"
        self.invoice(self.alfa)
        self.run_job("2026-06-13 03:00:00")
        self.run_job("2026-06-14 10:00:00", "cron_send_reminders")
        self.assertEqual(self.states(), {self.alfa: "draft"})
        self.run_job("2026-06-14 10:00:00")
        self.assertEqual(self.states(), {self.alfa: "sent"})

    def test_a_conflict_with_another_worker_is_tried_again(self):
        class Conflict(SerializationFailure):
            pgcode = "40001"

        kind = type(self.reminders)
        send, tries = kind.send, []

        def busy(reminders, *args):
            tries.append(reminders)
            if len(tries) == 1:
                raise Conflict("could not serialize access due to concurrent update")
            return send(reminders, *args)

        self.company.write({"dunning_enabled": True, "receivables_tz": "UTC"})
        self.alfa.tz = "UTC"
        self.invoice(self.alfa)
        with patch.object(kind, "send", busy), patch("odoo.service.model.time.sleep"):
            self.run_job("2026-06-13 10:00:00")
        self.assertEqual((len(tries), self.states()), (2, {self.alfa: "sent"}))

    def test_the_queries_of_changed_messages_do_not_grow_with_their_number(self):
        def measure(count):
            partners = self.env["res.partner"].create(
                [{"name": f"C{i}", "email": f"c{i}@example.com"} for i in range(count)]
            )
            moves = self.env["account.move"].union(*(self.invoice(partner) for partner in partners))
            self.generate(3)
            for move in moves:
                self.pay(move, 100.0)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ready = self.generate(3).filtered(lambda reminder: reminder.partner_id in partners)
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            self.assertEqual(ready.mapped("amount_due"), [900.0] * count)
            self.assertEqual(ready.line_ids.mapped("residual"), [900.0] * count)
            self.assertEqual(ready.line_ids.mapped("active_key"), [True] * count)
            self.assertEqual(set(ready.mapped("state")), {"draft"})
            return queries

        few = measure(3)
        self.assertLessEqual(measure(15), few + 2)

    def test_letters_go_in_batches_and_those_whose_files_have_to_be_made_in_smaller_ones(self):
        self.company.dunning_pdf_limit = 2
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "email": f"p{number}@example.com"} for number in range(5)]
        )
        for partner in partners:
            self.invoice(partner)
            self.invoice(partner, 70.0)
            self.invoice(partner, 80.0)
        ready = self.generate(3)
        module = "odoo.addons.invoice_to_cash.models.dunning.dunning_jobs"

        def sizes():
            batches = ready._split_for_sending()
            self.assertEqual(self.reminders.union(*batches), ready)
            return [len(batch) for batch in batches]

        with patch(f"{module}.BATCH", 3):
            self.assertEqual(sizes(), [3, 2])
        # Two PDFs each, as many as the limit allows.
        with patch(f"{module}.BATCH_PDFS", 4):
            self.assertEqual(sizes(), [2, 2, 1])
            made = ready[:2].line_ids.move_id
            self.env["ir.attachment"].create(
                [
                    {
                        "name": f"{move.id}.pdf",
                        "raw": b"%PDF",
                        "res_model": "account.move",
                        "res_id": move.id,
                        "res_field": "invoice_pdf_report_file",
                    }
                    for move in made
                ]
            )
            self.assertEqual(sizes(), [4, 1])
            # A letter that needs many is sent alone, never left out.
            with patch(f"{module}.BATCH_PDFS", 1):
                self.assertEqual(sizes(), [3, 1, 1])

    def test_a_conflict_is_no_letters_fault(self):
        kind = type(self.reminders)
        self.invoice(self.alfa)
        ready = self.generate(3)
        with (
            patch.object(kind, "_dispatch", side_effect=SerializationFailure()),
            self.assertRaises(SerializationFailure),
        ):
            ready.send(self.on(3))
        self.assertNotEqual(ready.hold_reason, "not_rendered")

    def test_a_person_may_send_at_night(self):
        self.invoice(self.alfa)
        with freeze_time("2026-06-13 23:30:00"):
            self.assertTrue(self.generate(3).send())

    def test_hours_that_end_before_they_begin_are_refused(self):
        with self.assertRaises(ValidationError):
            self.company.write({"dunning_hour_from": 18, "dunning_hour_to": 9})

    def test_batches_decide_the_same_as_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "email": f"p{number}@example.com"} for number in range(5)]
        )
        for partner in partners:
            self.invoice(partner)
        with patch("odoo.addons.invoice_to_cash.models.dunning.dunning_generate.BATCH", 2):
            first = self.generate(3)
        self.assertEqual(first.partner_id, partners)
        self.assertEqual(self.generate(3), first)

    def test_the_queries_of_a_batch_do_not_grow_with_its_customers(self):
        def add(count):
            partners = self.env["res.partner"].create(
                [{"name": f"C{i}", "email": f"c{i}@example.com"} for i in range(count)]
            )
            for partner in partners:
                self.invoice(partner)
                self.invoice(partner, 50.0)

        def measure(day):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reminders = self.generate(day)
            self.env.flush_all()
            return len(reminders), self.env.cr.sql_log_count - before

        add(4)
        measure(3)
        self.reminders.search([]).unlink()
        few, queries_few = measure(3)
        self.reminders.search([]).unlink()
        add(20)
        measure(3)
        self.reminders.search([]).unlink()
        many, queries_many = measure(3)
        self.assertEqual((few, many), (4, 24))
        self.assertLessEqual(queries_many, queries_few + 2)


@tagged("post_install", "-at_install")
class TestDunningBacktest(DunningCommon):
    def pay_on(self, move, day):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create({"payment_date": self.on(day)}).action_create_payments()

    def backtest(self, **values):
        test = self.env["dunning.backtest"].create(
            {
                "company_id": self.company.id,
                "date_from": self.on(-60),
                "date_to": self.on(60),
                "ladder_id": self.ladder.id,
                **values,
            }
        )
        test.action_run()
        return test

    def test_it_counts_what_would_have_gone_and_nothing_after_the_money(self):
        self.invoice(self.alfa)
        self.pay_on(self.invoice(self.beta), 4)
        self.pay_on(self.invoice(self.beta, due=self.on(30)), 20)
        test = self.backtest(message_limit=3)
        figures = {
            row.partner_id: (row.messages, row.highest, row.handed_over, row.over_limit)
            for row in test.customer_ids
        }
        self.assertEqual(figures, {self.alfa: (5, 6, 1, 2), self.beta: (3, 3, 0, 0)})
        tones = {row.partner_id: row.highest_tone for row in test.customer_ids}
        self.assertEqual(tones, {self.alfa: "manual", self.beta: "business"})
        self.assertEqual(test.display_name, "Back-Test of a Ladder")
        self.assertEqual(
            (test.message_count, test.hand_over_count, test.after_money_count, test.approval_count),
            (8, 1, 0, 1),
        )
        days = test.message_ids.filtered(lambda m: m.partner_id == self.beta).mapped("date")
        self.assertEqual(days, [self.on(-3), DUE, self.on(3)])

    def test_money_counts_from_the_banks_value_date_not_from_its_booking(self):
        invoice = self.invoice(self.alfa)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.on(9),
                "bank_value_date": self.on(1),
                "payment_ref": "x",
                "amount": 1000.0,
                "partner_id": self.alfa.id,
            }
        )
        suspense = line._seek_for_lines()[1]
        receivable = invoice.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        suspense.account_id = receivable.account_id
        (suspense | receivable).reconcile()
        test = self.backtest()
        self.assertEqual(test.message_ids.mapped("date"), [self.on(-3), DUE])

    def test_it_finds_the_reminders_that_really_went_out_too_late(self):
        invoice = self.invoice(self.alfa)
        self.run_day(3)
        self.pay_on(invoice, 2)
        test = self.backtest()
        self.assertEqual((test.sent_count, test.sent_after_money_count), (1, 1))
        self.assertEqual(test.after_money_count, 0)

    def test_it_gives_the_same_twice_and_changes_nothing(self):
        for number in range(4):
            self.invoice(self.alfa, 100.0 + number, self.on(number * 5))
        before = self.reminders.search_count([])
        first, second = self.backtest(), self.backtest()
        self.assertEqual(
            first.message_ids.mapped(lambda m: (m.date, m.step_id, m.amount)),
            second.message_ids.mapped(lambda m: (m.date, m.step_id, m.amount)),
        )
        self.assertEqual(self.reminders.search_count([]), before)
        self.assertTrue(first.postponed_count)

    def test_each_customers_own_ladder_is_the_default(self):
        soft = self.ladder.copy({"name": "Only one"})
        soft.step_ids.filtered(lambda step: step.level != 3).unlink()
        self.env["payer.profile"]._get_or_create(self.company, self.beta).ladder_id = soft
        self.invoice(self.alfa)
        self.invoice(self.beta)
        counts = {row.partner_id: row.messages for row in self.backtest(ladder_id=False).customer_ids}
        self.assertEqual(counts, {self.alfa: 5, self.beta: 1})

    def test_the_year_ends_yesterday(self):
        test = self.env["dunning.backtest"].with_company(self.company).create({})
        today = self.company._receivables_today()
        self.assertEqual(test.date_to, today - datetime.timedelta(days=1))
        test.action_run()
        self.assertEqual(test.state, "done")
