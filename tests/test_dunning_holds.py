"""What letters stop, and what stops letters: deliveries, and a bank statement that is missing."""

from odoo import Command
from odoo.tests import tagged

from .test_dunning_reminders import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningHolds(DunningCommon):
    def send_official(self, holds):
        step = self.ladder.step_ids.filtered(lambda step: step.tone == "official")
        self.assertTrue(step.holds_deliveries, "the shipped official letter stops deliveries")
        step.holds_deliveries = holds
        self.invoice(self.alfa)
        self.run_day(3)
        self.assertFalse(self.profile().delivery_hold)
        sent = self.run_day(7)
        self.assertEqual(sent.tone, "official")
        return step

    def profile(self):
        return self.env["payer.profile"]._get_or_create(self.company, self.alfa)

    def test_a_letter_that_stops_deliveries_says_so_on_the_customer(self):
        step = self.send_official(True)
        profile = self.profile()
        self.assertEqual((profile.delivery_hold, profile.delivery_hold_by), (True, "reminders"))
        self.assertIn(step.name, profile.delivery_hold_reason)
        profile._end_holds_of_reminders(self.company)
        self.assertTrue(profile.delivery_hold, "it is still overdue")
        invoice = self.env["account.move"].search([("partner_id", "=", self.alfa.id)])
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        profile._end_holds_of_reminders(self.company)
        self.assertFalse(profile.delivery_hold)

    def test_other_letters_stop_nothing(self):
        self.send_official(False)
        self.assertFalse(self.profile().delivery_hold)

    def test_a_hold_of_a_person_stays_theirs(self):
        self.profile().write({"delivery_hold": True, "delivery_hold_reason": "in court"})
        self.invoice(self.alfa)
        self.run_day(3)
        self.run_day(7)
        profile = self.profile()
        self.assertEqual((profile.delivery_hold_by, profile.delivery_hold_reason), ("person", "in court"))

    def test_nothing_above_neutral_goes_without_the_statements_that_a_feed_promises(self):
        journal = self.company_data["default_journal_bank"]
        feed = self.env["bank.feed"].create(
            {
                "name": "Bank",
                "kind": "mail",
                "alias_name": "bank-files",
                "journal_ids": [Command.set(journal.ids)],
                "user_id": self.env.uid,
            }
        )
        self.invoice(self.alfa)
        self.invoice(self.beta, due=self.on(3))  # due today: a neutral letter
        self.cr.execute("UPDATE bank_feed SET create_date = %s WHERE id = %s", [self.on(-30), feed.id])
        self.env.invalidate_all()
        self.assertEqual(
            {reminder.partner_id: (reminder.state, reminder.hold_reason) for reminder in self.generate(3)},
            {self.alfa: ("held", "statement_missing"), self.beta: ("draft", False)},
        )
        self.env["bank.statement.import.log"].sudo().create(
            {
                "company_id": self.company.id,
                "journal_id": journal.id,
                "user_id": self.env.uid,
                "filename": "bank.txt",
                "date_to": self.on(2),
            }
        )
        self.assertEqual(set(self.generate(3).mapped("state")), {"draft"})
        self.cr.execute("DELETE FROM bank_statement_import_log")
        feed.active = False
        self.env.invalidate_all()
        self.assertEqual(set(self.generate(3).mapped("state")), {"draft"}, "nobody promised files")
