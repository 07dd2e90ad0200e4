"""What a collector does in the outbox, and the preview of the coming days."""

import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_dunning_reminders import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningOutbox(DunningCommon):
    def escalated(self, partners):
        """Messages of these customers that wait for approval."""
        for partner in partners:
            self.invoice(partner)
        for day in (3, 7):
            self.run_day(day)
        return self.generate(14)

    def test_many_are_approved_at_once_and_only_those_that_wait(self):
        waiting = self.escalated(self.alfa | self.beta)
        self.assertEqual(set(waiting.mapped("state")), {"waiting"})
        other = self.env["res.partner"].create({"name": "Gamma", "email": "gamma@example.com"})
        self.invoice(other, due=self.on(11))
        chosen = self.generate(14)
        chosen.action_approve()
        self.assertEqual(set(chosen.mapped("state")), {"draft"})
        self.assertEqual(waiting.approved_by_id, self.env.user)
        self.assertFalse(chosen.filtered(lambda r: r.partner_id == other).approved_by_id)
        with self.assertRaises(UserError):
            chosen.action_approve()

    def test_approve_and_send_is_one_click(self):
        waiting = self.escalated(self.alfa).with_context(dunning_today=self.on(14))
        waiting.action_approve_and_send()
        self.assertEqual(waiting.state, "sent")

    def test_a_skipped_step_never_comes_and_the_next_one_does_on_its_day(self):
        invoice = self.invoice(self.alfa)
        self.invoice(self.beta)
        reminders = self.generate(3)
        skipped = reminders.filtered(lambda r: r.partner_id == self.alfa)
        skipped.action_skip()
        self.assertEqual((skipped.state, skipped.hold_reason), ("skipped", "step_skipped"))
        self.assertIn("Overdue", skipped.message_ids[0].body)
        self.assertEqual(reminders.send().partner_id, self.beta)
        for day in (4, 5, 6):
            self.assertFalse(self.run_day(day).filtered(lambda r: r.partner_id == self.alfa))
        sent = self.run_day(7).filtered(lambda r: r.partner_id == self.alfa)
        self.assertEqual((sent.level, invoice.dunning_level), (4, 4))
        with self.assertRaises(UserError):
            sent.action_skip()

    def test_what_somebody_else_works_on_is_left_alone(self):
        reminder = self.escalated(self.alfa)
        with patch.object(type(reminder), "try_lock_for_update", lambda records, **_k: records.browse()):
            for action in ("action_approve", "action_cancel", "action_skip", "action_edit_letter"):
                with self.assertRaises(UserError):
                    getattr(reminder, action)()
        self.assertEqual(reminder.state, "waiting")

    def test_what_went_out_meanwhile_cannot_be_changed(self):
        self.invoice(self.alfa)
        reminder = self.generate(3)
        seen_as = self.reminders.browse(reminder.id)
        self.assertEqual(seen_as.state, "draft")
        self.env.flush_all()
        # As another transaction leaves it: the screen of the collector does not know yet.
        self.env.cr.execute("UPDATE dunning_reminder SET state = 'sent' WHERE id = %s", [reminder.id])
        for action in ("action_cancel", "action_skip", "action_edit_letter"):
            with self.assertRaises(UserError):
                getattr(seen_as, action)()

    def test_a_message_that_is_gone_says_so(self):
        self.invoice(self.alfa)
        reminder = self.generate(3)
        reminder.sudo().unlink()
        with self.assertRaisesRegex(UserError, "reload"):
            reminder.action_cancel()

    def test_readers_can_do_nothing(self):
        self.invoice(self.alfa)
        reminder = self.generate(3)
        reader = self.env["res.users"].create(
            {
                "name": "Reader",
                "login": "i2c_outbox_reader",
                "group_ids": [Command.set(self.env.ref("account.group_account_readonly").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        for action in ("action_approve", "action_cancel", "action_skip", "action_print_letters"):
            with self.assertRaises(AccessError):
                getattr(reminder.with_user(reader), action)()
        with self.assertRaises(AccessError):
            self.env["dunning.forecast"].with_user(reader).action_open()


@tagged("post_install", "-at_install")
class TestDunningForecast(DunningCommon):
    def lines(self):
        """Of the test's customers: {(customer, days from today): line}."""
        today = self.company._receivables_today()
        forecast = self.env["dunning.forecast"].with_company(self.company)
        forecast = forecast.with_context(allowed_company_ids=self.company.ids)
        found = self.env["dunning.forecast"].search(forecast.action_open()["domain"])
        return {(line.partner_id, (line.date - today).days): line for line in found}

    def invoice_in(self, days, partner, amount=1000.0):
        """An invoice that is due in so many days from today."""
        due = self.company._receivables_today() + datetime.timedelta(days)
        return self.invoice(partner, amount, due=due)

    def test_day_by_day_who_gets_what_and_who_does_not_and_why(self):
        first = self.invoice_in(3, self.alfa)
        self.invoice_in(0, self.beta, 500.0)
        self.beta.reminders_enabled = False
        lines = self.lines()
        self.assertEqual(
            {day: (line.kind, line.tone) for (partner, day), line in lines.items() if partner == self.alfa},
            {0: ("1_send", "soft"), 3: ("1_send", "neutral"), 6: ("1_send", "business")},
        )
        self.assertEqual(lines[self.alfa, 6].why, "Overdue by 3 days")
        self.assertEqual((lines[self.alfa, 0].invoices, lines[self.alfa, 0].amount), (first.name, 1000.0))
        held = lines[self.beta, 0]
        self.assertEqual((held.kind, held.why), ("4_held", "Reminders are off for this customer"))

    def test_the_first_day_is_what_the_outbox_prepares(self):
        self.invoice_in(-3, self.alfa)
        self.invoice_in(0, self.beta)
        lines = self.lines()
        for reminder in self.reminders.generate(self.company):
            line = lines[reminder.partner_id, 0]
            self.assertEqual(
                (line.tone, line.level, line.amount), (reminder.tone, reminder.level, reminder.amount_due)
            )

    def test_the_preview_leaves_no_trace_but_its_own_lines(self):
        invoice = self.invoice_in(0, self.alfa)
        reminders = self.reminders.search_count([])
        self.env.flush_all()
        first = self.lines()
        again = self.lines()
        self.assertEqual(len(first), len(again))
        self.assertEqual(self.reminders.search_count([]), reminders)
        self.assertEqual(invoice.dunning_level, 0)
        self.assertEqual(
            self.env["dunning.forecast"].search_count([("create_uid", "=", self.env.uid)]), len(again)
        )

    def test_a_collector_sees_the_preview(self):
        self.invoice_in(0, self.alfa)
        collector = self.env["res.users"].create(
            {
                "name": "Collector",
                "login": "i2c_forecast",
                "group_ids": [Command.set(self.env.ref("invoice_to_cash.group_collector").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        forecast = self.env["dunning.forecast"].with_user(collector)
        lines = forecast.search(forecast.action_open()["domain"])
        self.assertIn(self.alfa, lines.partner_id)
        self.assertFalse(self.env["dunning.forecast"].search([("create_uid", "=", self.env.uid)]) & lines)
        self.assertEqual(lines[:1].action_open_customer()["res_model"], "dunning.reminder")
