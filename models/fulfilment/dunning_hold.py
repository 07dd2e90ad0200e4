"""A letter that stops the deliveries of its customer until nothing is overdue any more."""

from odoo import fields, models
from odoo.tools import format_date


class DunningStep(models.Model):
    _inherit = "dunning.step"

    holds_deliveries = fields.Boolean(
        help="With the letter the deliveries of the customer stop; they go on when nothing is overdue.",
    )


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _note_on_invoices(self):
        """Extend: what was sent by a step that holds deliveries stops them."""
        super()._note_on_invoices()
        stopping = self.filtered("step_id.holds_deliveries")
        for (company, step, day), sent in stopping.grouped(
            lambda reminder: (reminder.company_id, reminder.step_id, reminder.date)
        ).items():
            # One language, whoever sends: the company's.
            lang = company.partner_id.lang or self.env.lang
            reason = self.with_context(lang=lang).env._(
                "%(letter)s of %(day)s",
                letter=step.with_context(lang=lang).name,
                day=format_date(self.env, day, lang_code=lang),
            )
            # sudo: who may send the letter may do what it says; profiles of its customers only.
            sent.sudo().profile_id._set_delivery_hold(reason)
