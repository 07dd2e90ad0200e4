"""The jobs of the reminders: prepare every morning, send while the customers' clocks show working hours."""

import datetime
import logging
from functools import partial

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import retrying

from ...core.dunning.hours import SendingHours

_logger = logging.getLogger(__name__)
#: Messages sent between two commits.
BATCH = 100


def _to_time(hours: float) -> datetime.time:
    minutes = min(round(hours * 60), 24 * 60 - 1)
    return datetime.time(minutes // 60, minutes % 60)


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_hour_from = fields.Float(
        "Send From", default=9.0, help="By the customer's clock: the job sends nothing earlier."
    )
    dunning_hour_to = fields.Float(
        "Send Until",
        default=18.0,
        help="By the customer's clock: what is ready later waits. The same hour twice means always.",
    )

    @api.constrains("dunning_hour_from", "dunning_hour_to")
    def _check_dunning_hours(self):
        for company in self:
            if not 0 <= company.dunning_hour_from <= company.dunning_hour_to <= 24:
                raise ValidationError(
                    self.env._("The hours of sending must begin before they end, between 0 and 24.")
                )

    def _get_dunning_hours(self) -> SendingHours:
        self.ensure_one()
        return SendingHours(_to_time(self.dunning_hour_from), _to_time(self.dunning_hour_to))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_hour_from = fields.Float(related="company_id.dunning_hour_from", readonly=False)
    dunning_hour_to = fields.Float(related="company_id.dunning_hour_to", readonly=False)


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    waits_for_hours = fields.Boolean(
        "Quiet Hours",
        readonly=True,
        help="Ready, and waits for the working hours of the customer; a person may send it at once.",
    )

    @api.depends("waits_for_hours")
    def _compute_why(self):
        """Extend: ready and yet not gone, because it is night where the customer is."""
        super()._compute_why()
        for reminder in self.filtered(lambda r: r.state == "draft" and r.waits_for_hours):
            hours = reminder.company_id._get_dunning_hours()
            reminder.why = self.env._(
                "%(why)s; waits for %(hour)s of the customer's clock",
                why=reminder.why,
                hour=f"{hours.first:%H:%M}",
            )

    def _split_by_hours(self, now=None):
        """Those whose recipient's clock shows working hours; the others are marked as waiting for them.

        :param now: UTC, naive
        """
        now = (now or fields.Datetime.now()).replace(tzinfo=pytz.utc)
        speaking = self.browse()
        for company, reminders in self.grouped("company_id").items():
            hours = company._get_dunning_hours()
            for reminder in reminders:
                # sudo: the time zone of the customer, to know whether it is night.
                partner = reminder.sudo().contact_id or reminder.sudo().partner_id
                zone = pytz.timezone(partner.tz or company.receivables_tz)
                if hours.is_open(now.astimezone(zone)):
                    speaking |= reminder
        quiet = self - speaking
        quiet.filtered(lambda reminder: not reminder.waits_for_hours).waits_for_hours = True
        speaking.filtered("waits_for_hours").waits_for_hours = False
        return speaking

    @api.model
    def _cron_remind(self):
        """Every morning: prepare the reminders of each company that wants it, and send what is ready.

        Customers are decided in batches, each in a transaction of its own: killed anywhere, the next
        run goes on.
        """
        progress = self.env["ir.cron"]
        for company in self.env["res.company"].search([("dunning_enabled", "=", True)]):
            reminders = company._for_job(self)
            today = company._receivables_today()
            batches = company._get_dunning_batches()
            for number, partners in enumerate(batches, 1):
                try:
                    # The server writes to the same invoices all day: on a conflict once more, as a button.
                    retrying(partial(reminders._generate_batch, company, today, partners), self.env)
                except UserError as error:
                    _logger.info("reminders of %s: %s", company.name, error)
                    break
                if not progress._commit_progress(1, remaining=len(batches) - number):
                    return
        self._cron_send()

    def _generate_batch(self, company, today, partners):
        """Decide for some customers, alone among the workers."""
        company._lock_dunning()
        return self._refresh(company, today, partners)

    @api.model
    def _cron_send(self):
        """Every hour: send what is ready of the companies that want it, where it is no quiet hour."""
        progress = self.env["ir.cron"]
        companies = self.env["res.company"].search(
            [("dunning_enabled", "=", True), ("dunning_auto_send", "=", True)]
        )
        for company in companies:
            # What was prepared another day is decided anew by the next run, not sent late.
            ready = (
                company._for_job(self)
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("state", "=", "draft"),
                        ("date", "=", company._receivables_today()),
                    ]
                )
                ._split_by_hours()
            )
            for start in range(0, len(ready), BATCH):
                batch = ready[start : start + BATCH]
                # Another worker may just have sent the same: the second try sees it.
                retrying(batch.send, self.env)
                left = max(len(ready) - start - len(batch), 0)
                if not progress._commit_progress(len(batch), remaining=left):
                    return
