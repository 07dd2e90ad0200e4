import logging
from dataclasses import replace

from odoo import fields, models

from ...core.dunning import Sent, judge
from .dunning_generate import QUIET

_logger = logging.getLogger(__name__)


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def send(self, today=None):
        """Put the ready messages among these into the mail queue.

        Each is decided anew just before: what was paid, paused or excluded since
        it was prepared is not sent, and says so. Mail and state are written in
        one transaction: a message is sent once or not at all.

        :param today: the day to decide for; that of ``generate``, else the company's today.
        :return: the messages that were queued
        """
        self.check_access("write")
        queued = self.browse()
        for company, reminders in self.exists().grouped("company_id").items():
            day = today or self.env.context.get("dunning_today") or company._receivables_today()
            ready = reminders.filtered(lambda reminder: reminder.state == "draft").try_lock_for_update()
            ready.invalidate_recordset(["state"])
            ready = ready.filtered(lambda reminder: reminder.state == "draft")
            if not ready:
                continue
            # sudo: what is due does not depend on the rights of whoever presses the button.
            accounts = company.sudo()._get_dunning_accounts(day, ready.partner_id)
            ready._refresh(company, day, ready.partner_id, accounts)
            ready = ready.filtered(lambda reminder: reminder.state == "draft")
            queued |= ready._queue_mails(accounts)
        if queued:
            # The queue's own job runs hourly: a letter should not wait for it.
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return queued

    def _mark_failed(self, reason, detail):
        self.with_context(**QUIET).write(
            {"state": "failed", "hold_reason": reason, "failure": detail, "sent_at": False}
        )

    def _note_on_invoices(self):
        """Tell the invoices: an event each."""
        for (company, step), reminders in self.grouped(lambda one: (one.company_id, one.step_id)).items():
            name = step.with_context(lang=company._get_note_language()).name
            reminders.line_ids.move_id._log_tracking_event("reminded", "mail", detail=name)

    def _note_next_steps(self, accounts):
        """Store level and next day of the invoices of these, which have just been sent or handed over.

        Of one company. Nothing else has changed since it was decided: what was sent is added to the facts.
        """
        if not self:
            return
        told = {(reminder.partner_id.id, reminder.currency_id.name): reminder for reminder in self}
        lines = self._get_told_lines()
        items = []
        for account, ladder in accounts:
            reminder = told.get((account.partner, account.currency))
            if not reminder:
                continue
            day = reminder.date
            by_hand = reminder.state == "handed_over"
            sent = {
                (move, position): Sent(level, occurrence, day, by_hand)
                for move, position, level, occurrence, *_figures in lines.get(reminder.id, ())
            }
            moves = {move for move, _position in sent}
            for position in account.positions:
                if position.key in sent:
                    position = replace(position, sent=(*position.sent, sent[position.key]))
                if position.key[0] in moves:
                    items.append(judge(position, account, ladder, day))
        self.company_id._store_dunning_figures(items, clear=False)

    def _note_delivery(self, delivered, reason):
        """What the mail server said about the letters."""
        if delivered:
            # Sent again from the mail queue after a failure: it counts, unless another took its place.
            for reminder in self.filtered(lambda r: r.state == "failed" and r.hold_reason == "mail_failed"):
                lines = reminder.line_ids
                taken = self.env["dunning.reminder.line"].search_count(
                    [
                        ("active_key", "=", True),
                        ("move_id", "in", lines.move_id.ids),
                        ("level", ">=", reminder.level),
                    ]
                )
                if not taken:
                    reminder.with_context(**QUIET).write(
                        {
                            "state": "sent",
                            "hold_reason": False,
                            "failure": False,
                            "sent_at": fields.Datetime.now(),
                        }
                    )
                    ways = reminder.dispatch_ids.filtered(lambda way: way.channel == "mail")
                    ways.write({"state": "sent", "detail": False})
            return
        failed = self.filtered(lambda reminder: reminder.state == "sent")
        mails = failed.dispatch_ids.filtered(lambda way: way.channel == "mail")
        mails.write({"state": "failed", "detail": reason})
        # A letter on paper reaches the customer all the same: the step has been taken.
        on_paper = failed.filtered(lambda r: "letter" in r.dispatch_ids.mapped("channel"))
        (failed - on_paper)._mark_failed("mail_failed", reason)
        failed._schedule_address_task()
