"""Months of reminders on Odoo's own records: payments, promises, pauses, disputes, answers, crashes.

The whole year, of 200 customers and with two workers that are killed, is ``dev/year``; the rule alone goes
through a year in ``tests/core/test_dunning_year.py``. Here a few customers go through the database with every
record by which people keep us silent, crashes at chosen places of the job.
"""

import datetime
import random
from contextlib import suppress
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .test_dunning_reminders import DUE, DunningCommon

CUSTOMERS = 16
DAYS = 45
#: Where a worker may be killed: before or after each of these.
STEPS_OF_THE_JOB = (
    ("res.company", "_store_dunning_figures"),
    ("res.company", "_note_dunning_silence"),
    ("dunning.reminder", "_prepare_reminders"),
    ("dunning.reminder", "_assign_tasks"),
    ("dunning.reminder", "_dispatch_mails"),
    ("dunning.reminder", "_note_on_invoices"),
)


class Crash(BaseException):
    """Not an Exception: nothing on the way may take it for a letter that cannot be made."""


@tagged("post_install", "-at_install")
class TestDunningYear(DunningCommon):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(7)
        self.company.write({"dunning_wrote_days": 3, "receivables_tz": "UTC"})
        self.ladder.skip_weekend = True
        self.partners = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"year{number}@example.com", "lang": "en_US"}
                for number in range(CUSTOMERS)
            ]
        )
        self.invoices = self.env["account.move"]
        for partner in self.partners:
            for _number in range(self.chance.randint(1, 2)):
                due = self.on(self.chance.randint(0, 15))
                self.invoices |= self.invoice(partner, 1000.0, due)
        self.told = []

    def live(self, today):
        """What the customers and our people do on a day."""
        chance = self.chance
        for move in self.invoices.filtered(lambda move: move.amount_residual > 0):
            late = (today - move.invoice_date_due).days
            if late > -2 and chance.random() < 0.04:
                wizard = self.env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=move.ids
                )
                amount = chance.choice([move.amount_residual, move.amount_residual / 2])
                wizard.create({"amount": amount, "payment_date": today}).action_create_payments()
            elif late > 0 and chance.random() < 0.03:
                amount = chance.choice([move.amount_residual, 100.0])
                if amount <= move.amount_residual and not move.dispute_ids:
                    self.env["invoice.dispute"].create({"move_id": move.id, "amount": amount})
            elif move.dispute_ids and chance.random() < 0.2:
                move.dispute_ids.filtered(lambda dispute: dispute.state == "open").action_reject()
            elif late > 0 and chance.random() < 0.03:
                self.env["payment.promise"].register(
                    move.commercial_partner_id, today + datetime.timedelta(chance.randint(1, 6)), moves=move
                )
        if chance.random() < 0.08:
            self.env["dunning.pause"].create(
                {
                    "partner_id": chance.choice(self.partners.ids),
                    "date_from": today,
                    "date_until": today + datetime.timedelta(chance.randint(1, 12)),
                    "reason": "on leave",
                }
            )
        sent = self.reminders.search([("state", "=", "sent"), ("partner_id", "in", self.partners.ids)])
        if sent and chance.random() < 0.15:
            reminder = sent[chance.randrange(len(sent))]
            reminder.message_post(
                body="We are looking into it", author_id=reminder.partner_id.id, message_type="email",
                subtype_xmlid="mail.mt_comment",
            )  # fmt: skip
        waiting = self.env["dunning.reply"].search([("state", "=", "waiting")])
        if waiting and chance.random() < 0.5:
            waiting[0].action_dismiss()
        self.env["payment.promise"].search([("state", "=", "open")])._judge(today)

    def work(self, today):
        reminders = self.generate((today - DUE).days)
        waiting = reminders.filtered(lambda reminder: reminder.state == "waiting")
        if waiting and self.chance.random() < 0.5:
            waiting.action_approve()
        reminders.send()

    def run_day_with_a_crash(self, today):
        model, name = self.chance.choice(STEPS_OF_THE_JOB)
        after = self.chance.random() < 0.5
        kind = type(self.env[model])
        original = getattr(kind, name)

        def killed(record, *args, **kwargs):
            if after:
                original(record, *args, **kwargs)
            raise Crash

        with suppress(Crash), patch.object(kind, name, killed), self.env.cr.savepoint():
            self.work(today)
        self.env.invalidate_all()

    def silenced(self, today):
        """Whom nobody may write to today, and about which invoices, from the records alone."""
        partners = set()
        moves = set(self.invoices.filtered(lambda move: move.amount_residual <= 0).ids)
        for move in self.invoices:
            disputed = sum(move.dispute_ids.filtered(lambda d: d.state == "open").mapped("amount"))
            if disputed >= move.amount_residual:
                moves.add(move.id)
        for promise in self.env["payment.promise"].search([("state", "=", "open")]):
            moves |= set(promise.move_ids.ids)
        pauses = self.env["dunning.pause"].search([("ended_on", "=", False)])
        for pause in pauses:
            if pause.partner_id and pause.date_from <= today <= pause.date_until and not pause.move_id:
                partners.add(pause.partner_id.id)
        partners |= set(self.env["dunning.reply"].search([("state", "=", "waiting")]).partner_id.ids)
        return partners, moves

    def test_nobody_is_written_to_twice_or_while_we_should_be_silent(self):
        for number in range(-4, DAYS):
            today = self.on(number)
            if not number % 14:
                # In one long transaction nobody else does it: a plan made for empty tables takes minutes.
                self.env.cr.execute(
                    "ANALYZE account_move, account_move_line, account_partial_reconcile, account_payment"
                )
            if today.weekday() > 4:
                continue
            with freeze_time(datetime.datetime.combine(today, datetime.time(10))):
                self.live(today)
                partners, moves = self.silenced(today)
                known = set(self.out().ids)
                if self.chance.random() < 0.3:
                    self.run_day_with_a_crash(today)
                self.work(today)
                # A second worker, or an impatient click.
                self.work(today)
                new = self.out().filtered(lambda reminder, known=known: reminder.id not in known)
                self.assertFalse(partners & set(new.partner_id.ids), today)
                self.assertFalse(moves & set(new.line_ids.move_id.ids), today)
                self.assertEqual(len(new), len(new.partner_id), today)
        lines = self.out().line_ids
        self.assertGreater(len(lines), 2 * CUSTOMERS)
        keys = lines.mapped(lambda line: (line.move_id.id, line.position, line.level, line.occurrence))
        self.assertEqual(len(keys), len(set(keys)))
        self.check_nothing_skipped(lines)

    def out(self):
        return self.reminders.search(
            [("state", "in", ("sent", "handed_over")), ("partner_id", "in", self.partners.ids)]
        )

    def check_nothing_skipped(self, lines):
        """A step milder than the harshest that went, and which never went, has a reason that was kept."""
        noted = {
            (silence.move_id.id, silence.level)
            for silence in self.env["dunning.silence"].search([("move_id", "in", self.invoices.ids)])
        }
        levels = self.ladder.step_ids.mapped("level")
        for move, group in lines.grouped("move_id").items():
            sent = set(group.mapped("level"))
            for level in levels:
                if level < max(sent) and level not in sent:
                    self.assertIn((move.id, level), noted)
