"""The jobs of the reminders: prepare every morning, send while the customers' clocks show working hours."""

import datetime
import logging
from functools import partial

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import retrying
from odoo.tools import SQL

from ...core.dunning.hours import SendingHours

_logger = logging.getLogger(__name__)
#: Messages sent between two commits, and the PDFs that are made for them at most: each may take a second.
BATCH, BATCH_PDFS = 200, 100


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

    def _split_for_sending(self) -> list:
        """These in batches of ``BATCH`` or, where files have to be made first, of fewer; one query."""
        limits = {company: company.dunning_pdf_limit for company in self.company_id}
        missing = self._count_missing_pdfs()
        batches, size, pdfs = [], BATCH, 0
        for reminder in self:
            step = reminder.step_id
            to_make = (
                min(missing.get(reminder.id, 0), limits[reminder.company_id]) if step.attach_invoices else 0
            )
            to_make += step.send_letter
            if size >= BATCH or (pdfs and pdfs + to_make > BATCH_PDFS):
                batches.append(self.browse())
                size = pdfs = 0
            batches[-1] |= reminder
            size, pdfs = size + 1, pdfs + to_make
        return batches

    def _count_missing_pdfs(self) -> dict:
        """{reminder id: its invoices that have no PDF yet}."""
        self.env["dunning.reminder.line"].flush_model(["reminder_id", "move_id"])
        self.env["ir.attachment"].flush_model(["res_model", "res_field", "res_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT line.reminder_id, COUNT(DISTINCT line.move_id)
                      FROM dunning_reminder_line line
                     WHERE line.reminder_id = ANY(%s) AND line.move_id IS NOT NULL
                       AND NOT EXISTS (
                           SELECT FROM ir_attachment file
                            WHERE file.res_model = 'account.move' AND file.res_id = line.move_id
                              AND file.res_field = 'invoice_pdf_report_file'
                       )
                     GROUP BY line.reminder_id
                    """,
                    self.ids,
                )
            )
        )

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
            left = len(ready)
            for batch in ready._split_for_sending():
                # Another worker may just have sent the same: the second try sees it.
                retrying(batch.send, self.env)
                left -= len(batch)
                if not progress._commit_progress(len(batch), remaining=left):
                    return
