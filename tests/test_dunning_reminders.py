import datetime
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.mail.tests.common import MailCommon

DUE = datetime.date(2026, 6, 10)  # a Wednesday


class DunningCommon(AccountTestInvoicingCommon, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company = cls.company_data["company"]
        cls.env.user.group_ids |= cls.env.ref("invoice_to_cash.group_manager")
        cls.reminders = cls.env["dunning.reminder"]
        cls.ladder = cls.env.ref("invoice_to_cash.ladder_standard").copy(
            {"name": "Every day", "company_id": cls.company.id, "skip_weekend": False}
        )
        cls.company.dunning_ladder_id = cls.ladder
        cls.alfa, cls.beta = cls.env["res.partner"].create(
            [
                {"name": "Alfa Stroy", "email": "alfa@example.com", "is_company": True, "lang": "en_US"},
                {"name": "Beta Trade", "email": "beta@example.com", "is_company": True, "lang": "en_US"},
            ]
        )

    @classmethod
    def invoice(cls, partner, amount=1000.0, due=DUE, currency=None, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": values.pop("move_type", "out_invoice"),
                "partner_id": partner.id,
                "invoice_date": due - relativedelta(days=14),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "currency_id": (currency or cls.company.currency_id).id,
                "invoice_line_ids": [
                    Command.create({"name": "Cement", "price_unit": amount, "tax_ids": False})
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def pay(cls, move, amount):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create({"amount": amount, "payment_date": DUE}).action_create_payments()

    def on(self, day):
        return DUE + datetime.timedelta(day)

    def generate(self, day, company=None):
        return self.reminders.generate(company or self.company, self.on(day))

    def run_day(self, day):
        """Generate and send; what was sent."""
        return self.generate(day).send()


@tagged("post_install", "-at_install")
class TestDunningReminders(DunningCommon):
    def test_one_message_covers_all_invoices_of_a_customer(self):
        first, second = self.invoice(self.alfa), self.invoice(self.alfa, 500.0, self.on(3))
        self.invoice(self.alfa, 300.0, self.on(60))
        self.invoice(self.beta)
        sent = self.run_day(3)
        self.assertEqual(len(sent), 2)
        alfa = sent.filtered(lambda reminder: reminder.partner_id == self.alfa)
        self.assertEqual(alfa.line_ids.move_id, first | second)
        self.assertEqual(alfa.line_ids.sorted("due_date").mapped("level"), [3, 2])
        self.assertEqual((alfa.level, alfa.tone, alfa.amount_due), (3, "business", 1500.0))
        self.assertEqual((first.dunning_level, second.dunning_level), (3, 2))
        self.assertEqual(first.dunning_next_date, self.on(7))

    def test_the_mail_shows_invoices_total_links_and_pay_button(self):
        first, second = self.invoice(self.alfa), self.invoice(self.alfa, 500.0, self.on(1))
        sent = self.run_day(3)
        mail = sent.mail_id
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.alfa)
        self.assertIn(first.name, mail.subject)
        for text in (
            first.name,
            second.name,
            first.payment_code,
            "1,500.00",
            "/i2c/invoice?t=",
            "Alfa Stroy",
        ):
            self.assertIn(text, mail.body_html)
        self.assertNotIn("access_token", mail.body_html)
        self.assertEqual(sent.letter_html, mail.body_html)
        self.assertEqual(first.tracking_event_ids.filtered(lambda e: e.kind == "reminded").detail, "Overdue")

    def test_the_letter_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        template = self.env.ref("invoice_to_cash.mail_template_reminder_business")
        template.with_context(lang="ru_RU").subject = "Просрочен платёж"
        self.alfa.lang = "ru_RU"
        self.invoice(self.alfa)
        self.assertEqual(self.run_day(3).mail_id.subject, "Просрочен платёж")

    def test_a_second_run_the_same_day_sends_nothing(self):
        self.invoice(self.alfa)
        self.assertEqual(len(self.run_day(3)), 1)
        self.assertFalse(self.run_day(3))
        self.assertFalse(self.generate(3).filtered(lambda reminder: reminder.state == "draft"))

    def test_generating_twice_keeps_one_message(self):
        self.invoice(self.alfa)
        first = self.generate(3)
        self.assertEqual(self.generate(3), first)
        self.assertEqual(len(first.line_ids), 1)

    def test_day_by_day_each_step_goes_once_on_its_day(self):
        invoice = self.invoice(self.alfa)
        seen = []
        for day in range(-6, 30):
            reminders = self.generate(day)
            if waiting := reminders.filtered(lambda reminder: reminder.state == "waiting"):
                waiting.action_approve()
            seen += [(day, reminder.level) for reminder in reminders.send()]
            seen += [(day, r.level) for r in reminders.exists() if r.state == "handed_over"]
        self.assertEqual(seen, [(-3, 1), (0, 2), (3, 3), (7, 4), (14, 5), (21, 6)])
        self.assertEqual(invoice.dunning_level, 6)

    def test_a_partial_payment_neither_skips_nor_repeats(self):
        invoice = self.invoice(self.alfa)
        self.run_day(3)
        self.pay(invoice, 400.0)
        self.assertFalse(self.run_day(4))
        sent = self.run_day(7)
        self.assertEqual((sent.level, sent.amount_due), (4, 600.0))
        self.assertFalse(self.run_day(8))

    def test_what_is_paid_between_preparing_and_sending_is_not_sent(self):
        paid, other = self.invoice(self.alfa), self.invoice(self.alfa, 500.0)
        gone = self.invoice(self.beta)
        reminders = self.generate(3)
        self.pay(paid, 1000.0)
        self.pay(gone, 1000.0)
        sent = reminders.send()
        self.assertEqual(sent.partner_id, self.alfa)
        self.assertEqual(sent.line_ids.move_id, other)
        self.assertEqual(sent.amount_due, 500.0)
        stopped = reminders - sent
        self.assertEqual((stopped.state, stopped.hold_reason), ("cancelled", "nothing_due"))

    def test_a_pause_set_before_sending_holds_the_message(self):
        self.invoice(self.alfa)
        reminders = self.generate(3)
        self.alfa.write({"reminders_paused_until": self.on(9), "reminders_pause_reason": "on leave"})
        self.assertFalse(reminders.send())
        self.assertEqual((reminders.state, reminders.hold_reason), ("held", "paused"))
        self.assertIn("on leave", reminders.why)
        self.assertEqual(self.run_day(10).level, 3)

    def test_switched_off_customers_are_held_back(self):
        self.company.dunning_new_customers = False
        self.invoice(self.alfa)
        self.assertEqual(self.generate(3).hold_reason, "not_switched_on")
        self.alfa.reminders_enabled = True
        self.assertEqual(len(self.run_day(3)), 1)

    def test_no_address_is_held_with_one_task_for_the_responsible(self):
        self.company.dunning_user_id = self.env.user
        self.alfa.email = False
        self.invoice(self.alfa)
        for day in (3, 4):
            reminder = self.generate(day)
            self.assertEqual((reminder.state, reminder.hold_reason), ("held", "no_email"))
        tasks = self.alfa.activity_ids
        self.assertEqual(tasks.activity_type_id, self.env.ref("invoice_to_cash.activity_no_address"))
        self.assertEqual((len(tasks), tasks.user_id), (1, self.env.user))

    def test_the_invoice_contact_gets_the_letter(self):
        contact = self.env["res.partner"].create(
            {"name": "Books", "type": "invoice", "parent_id": self.alfa.id, "email": "books@example.com"}
        )
        self.invoice(self.alfa)
        self.assertEqual(self.run_day(3).mail_id.recipient_ids, contact)

    def test_credit_is_set_off_and_silences_when_it_covers(self):
        self.invoice(self.alfa)
        note = self.invoice(self.alfa, 300.0, move_type="out_refund")
        reminder = self.generate(3)
        self.assertEqual(
            (reminder.amount_total, reminder.amount_credit, reminder.amount_due), (1000, 300, 700)
        )
        self.assertIn("700.00", reminder.letter_html)
        self.invoice(self.alfa, 700.0, move_type="out_refund")
        self.assertEqual(self.generate(3).hold_reason, "net_creditor")
        self.assertNotIn(note, reminder.line_ids.move_id)

    def test_money_that_is_not_applied_yet_silences_its_likely_payer(self):
        self.invoice(self.alfa)
        self.invoice(self.beta)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": DUE,
                "payment_ref": "payment for goods",
                "amount": 1000.0,
                "partner_id": self.alfa.id,
            }
        )
        reminders = self.generate(3)
        self.assertEqual(
            {reminder.partner_id: reminder.hold_reason for reminder in reminders},
            {self.alfa: "unmatched_cash", self.beta: False},
        )
        line.partner_id = False
        self.assertEqual(len(self.run_day(3)), 2)

    def test_two_currencies_are_two_messages_never_one_sum(self):
        other = self.setup_other_currency("EUR")
        self.invoice(self.alfa)
        self.invoice(self.alfa, 50.0, currency=other)
        reminders = self.generate(3)
        self.assertEqual(len(reminders), 2)
        # Sent one after the other, as a collector may do it.
        for reminder in reminders:
            self.assertEqual(reminder.send(), reminder)
        self.assertEqual(
            {r.currency_id: r.amount_due for r in reminders}, {self.company.currency_id: 1000.0, other: 50.0}
        )

    def test_the_minimum_holds_back_small_debts(self):
        self.company.dunning_minimum = 1500.0
        self.invoice(self.alfa)
        self.assertEqual(self.generate(3).hold_reason, "below_minimum")
        self.invoice(self.alfa, 500.0)
        self.assertEqual(self.generate(3).state, "draft")

    def test_instalments_are_reminded_each_at_its_own_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/70",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 14}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 44}),
                ],
            }
        )
        self.invoice(self.alfa, invoice_payment_term_id=term.id)
        sent = self.run_day(3)
        self.assertEqual((sent.line_ids.position, sent.amount_due), (1, 300.0))
        second = self.generate(30).line_ids.filtered(lambda line: line.position == 2)
        self.assertEqual((second.level, second.residual), (2, 700.0))

    def test_no_level_is_written_twice_for_a_position(self):
        self.invoice(self.alfa)
        sent = self.run_day(3)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            sent.sudo().copy({"state": "sent", "line_ids": [Command.create(sent.line_ids.copy_data()[0])]})

    def test_a_new_ladder_and_a_reset_invoice_repeat_no_tone(self):
        invoice = self.invoice(self.alfa)
        self.run_day(3)
        self.company.dunning_ladder_id = self.ladder.copy({"name": "Other"})
        self.assertFalse(self.run_day(6))
        invoice.button_draft()
        invoice.action_post()
        self.assertFalse(self.run_day(6))
        self.assertEqual(self.run_day(7).level, 4)

    def test_escalation_waits_until_it_is_approved(self):
        self.invoice(self.alfa)
        for day in (3, 7):
            self.run_day(day)
        reminder = self.generate(14)
        self.assertEqual((reminder.state, reminder.level), ("waiting", 5))
        self.assertFalse(reminder.send())
        with self.assertRaises(UserError):
            reminder.action_send()
        self.assertEqual(self.generate(15), reminder)
        reminder.action_approve()
        self.assertEqual(self.generate(16).state, "draft")
        self.assertEqual(self.run_day(16), reminder)
        self.assertEqual(reminder.approved_by_id, self.env.user)

    def test_hand_over_makes_one_task_and_stops_the_letters(self):
        self.company.dunning_user_id = self.env.user
        self.invoice(self.alfa)
        for day in (3, 7):
            self.run_day(day)
        self.generate(14).action_approve()
        self.run_day(14)
        later = self.invoice(self.alfa, 100.0, self.on(22))
        handed = self.generate(21)
        self.assertEqual((handed.state, handed.level), ("handed_over", 6))
        self.assertEqual(len(handed.activity_ids), 1)
        self.assertEqual(handed.activity_ids.user_id, self.env.user)
        again = self.generate(22)
        self.assertEqual((again.state, again.hold_reason), ("held", "with_person"))
        self.assertEqual(again.line_ids.move_id, later)
        self.assertFalse(again.activity_ids)

    def test_cancelled_by_hand_is_left_out_that_day_only(self):
        self.invoice(self.alfa)
        reminder = self.generate(3)
        reminder.action_cancel()
        self.assertEqual(self.generate(3).hold_reason, "skipped_today")
        self.assertEqual(self.run_day(4).level, 3)
        with self.assertRaises(UserError):
            self.reminders.search([("state", "=", "sent"), ("partner_id", "=", self.alfa.id)]).action_cancel()

    def test_a_letter_that_did_not_arrive_is_not_counted(self):
        self.invoice(self.alfa)
        sent = self.run_day(3)
        sent.mail_id._postprocess_sent_message(
            [], [], failure_reason="no such user", failure_type="mail_smtp"
        )
        self.assertEqual((sent.state, sent.hold_reason), ("failed", "mail_failed"))
        self.assertTrue(self.alfa.activity_ids)
        self.assertEqual(self.run_day(4).level, 3)

    def test_one_letter_that_cannot_be_made_stops_no_other(self):
        self.invoice(self.alfa)
        self.invoice(self.beta)
        reminders = self.generate(3)
        original = type(self.reminders)._get_letter_block

        def broken(reminder):
            if reminder.partner_id == self.beta:
                raise ValueError("no")
            return original(reminder)

        with (
            patch.object(type(self.reminders), "_get_letter_block", broken),
            mute_logger("odoo.addons.mail.models.mail_render_mixin"),
        ):
            sent = reminders.send()
        self.assertEqual(sent.partner_id, self.alfa)
        self.assertEqual((reminders - sent).state, "failed")
        self.assertEqual(len(self.run_day(4)), 1)

    def test_the_next_step_is_shown_on_the_customer(self):
        today = self.company._receivables_today()
        self.invoice(self.alfa, due=today + datetime.timedelta(20))
        self.assertFalse(self.alfa.reminder_next_step)
        profile = self.env["payer.profile"]._get_or_create(self.company, self.alfa)
        self.alfa.invalidate_recordset()
        self.assertEqual(profile.next_step, "Due soon")
        self.assertEqual(self.alfa.reminder_next_date, today + datetime.timedelta(17))
        self.alfa.reminders_enabled = False
        self.alfa.invalidate_recordset()
        profile.invalidate_recordset()
        self.assertEqual(self.alfa.reminder_next_step, "Reminders are off for this customer")

    def test_the_number_of_queries_does_not_grow_with_the_customers(self):
        def add(count):
            partners = self.env["res.partner"].create(
                [{"name": f"C{i}", "email": f"c{i}@example.com"} for i in range(count)]
            )
            for partner in partners:
                self.invoice(partner)

        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            decided = self.company._decide_dunning(self.on(3))
            return len(decided), self.env.cr.sql_log_count - before

        add(3)
        measure()
        few, queries_few = measure()
        add(9)
        many, queries_many = measure()
        self.assertEqual((few, many), (3, 12))
        self.assertEqual(queries_few, queries_many)

    def test_the_daily_run_looks_at_companies_that_want_it(self):
        self.company.dunning_ladder_id.skip_weekend = False
        # Whatever the clock of the machine shows.
        self.company.write({"dunning_hour_from": 0, "dunning_hour_to": 0})
        invoice = self.invoice(self.alfa, due=self.company._receivables_today())
        cron = self.env.ref("invoice_to_cash.cron_remind")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(invoice.dunning_level)
        self.company.dunning_enabled = True
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(invoice.dunning_level, 2)

    def test_a_ladder_must_rise_with_time(self):
        with self.assertRaises(ValidationError):
            self.ladder.step_ids.filtered(lambda step: step.level == 4).offset = 1

    def test_a_reader_can_neither_generate_nor_send(self):
        self.invoice(self.alfa)
        reminders = self.generate(3)
        reader = self.env["res.users"].create(
            {
                "name": "Reader",
                "login": "i2c_reader",
                "group_ids": [Command.set(self.env.ref("account.group_account_readonly").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        with self.assertRaises(AccessError):
            reminders.with_user(reader).send()
        with self.assertRaises(AccessError):
            self.reminders.with_user(reader).generate(self.company)

    def test_a_collector_can_do_the_whole_day(self):
        self.invoice(self.alfa)
        collector = self.env["res.users"].create(
            {
                "name": "Collector",
                "login": "i2c_collector",
                "email": "collector@example.com",
                "group_ids": [Command.set(self.env.ref("invoice_to_cash.group_collector").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        reminders = self.reminders.with_user(collector).generate(self.company, self.on(3))
        self.assertTrue(reminders.letter_html)
        self.assertEqual(reminders.send(), reminders)
        reminders.profile_id.with_user(collector).paused_until = fields.Date.today()
        self.assertTrue(self.alfa.with_user(collector).reminder_count)
