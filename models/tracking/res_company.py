from datetime import date, datetime, time

import pytz

from odoo import api, fields, models, tools

from odoo.addons.base.models.res_partner import _tz_get


def _get_today(zone: str) -> date:
    """The date that a wall calendar in the time zone shows now."""
    return fields.Datetime.now().replace(tzinfo=pytz.utc).astimezone(pytz.timezone(zone)).date()


class ResCompany(models.Model):
    _inherit = "res.company"

    receivables_tz = fields.Selection(
        _tz_get,
        string="Receivables Time Zone",
        compute="_compute_receivables_tz",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Decides when a day begins for due dates, statuses and reminders of this company.",
    )
    receivables_due_soon_days = fields.Integer(
        string="Due Soon Days",
        default=3,
        help="An unpaid invoice counts as due soon this many days before its due date.",
    )

    receivables_sla_days = fields.Integer(
        "Answer Within",
        default=5,
        help="Days after sending within which the customer should open, pay or dispute an invoice; "
        "0: no clock.",
    )
    tracking_pixel = fields.Boolean(
        "Opening of Mails",
        help="Mails with invoices carry a picture that tells when it is loaded. "
        "Links and portal visits are known without it.",
    )
    tracking_keep_days = fields.Integer(
        "Keep Openings For",
        default=365,
        help="Days after which it is forgotten who opened what; 0: never. "
        "The invoice keeps the date of the first time.",
    )
    tracking_health = fields.Selection(
        [("ok", "Reachable"), ("bad", "Not reachable")], "Links and Pictures", readonly=True
    )
    tracking_health_text = fields.Char(readonly=True)
    tracking_health_at = fields.Datetime("Checked", readonly=True)

    _due_soon_days_positive = models.Constraint(
        "CHECK (receivables_due_soon_days >= 0)",
        "The number of days for “due soon” cannot be negative.",
    )

    _tracking_days_positive = models.Constraint(
        "CHECK (COALESCE(receivables_sla_days, 0) >= 0 AND COALESCE(tracking_keep_days, 0) >= 0)",
        "A number of days cannot be negative.",
    )

    def write(self, vals):
        """Override to move the statuses when the rule or the clock that decides them changes."""
        result = super().write(vals)
        if "receivables_tz" in vals:
            self.env.registry.clear_cache()
        if vals.keys() & {"receivables_due_soon_days", "receivables_tz"}:
            self._reset_status_clock()
        return result

    def _reset_status_clock(self):
        """Have the job look anew, now, at each invoice that time can change."""
        moves = self.env["account.move"]
        moves.flush_model(["tracking_status", "status_next_date"])
        for company in self:
            self.env.cr.execute(
                "UPDATE account_move SET status_next_date = %s WHERE company_id = %s "
                "AND tracking_status IN ('created', 'sent', 'viewed', 'due_soon', 'partial', 'overdue')",
                [company._receivables_today(), company.id],
            )
        moves.invalidate_model(["status_next_date"], flush=False)
        self.env.ref("invoice_to_cash.cron_tracking_status").sudo()._trigger()

    @api.depends("partner_id.tz", "country_id")
    def _compute_receivables_tz(self):
        """The company's contact's time zone, else its country's when that has one only, else UTC.

        Kazakhstan has several names for one time since March 2024: Almaty stands for all.
        """
        self.env.registry.clear_cache()
        for company in self:
            country = (company.country_id.code or "").lower()
            zones = pytz.country_timezones.get(country.upper(), []) if country else []
            if company.partner_id.tz:
                company.receivables_tz = company.partner_id.tz
            elif country == "kz":
                company.receivables_tz = "Asia/Almaty"
            elif len(zones) == 1:
                company.receivables_tz = zones[0]
            else:
                company.receivables_tz = company.receivables_tz or "UTC"

    def _receivables_today(self) -> date:
        """The date that the company's wall calendar shows now."""
        self.ensure_one()
        return _get_today(self.receivables_tz or "UTC")

    @api.model
    def _for_job(self, records):
        """The records as a job of the company sees them: what it writes down is in the company's language."""
        self.ensure_one()
        return records.with_company(self).with_context(lang=self._get_note_language(is_job=True))

    def _get_note_language(self, is_job=False):
        """The language of a note: of the person at work, or the company's where none is."""
        self.ensure_one()
        user = self.env.user
        if not is_job and self.env.lang and user._is_internal() and not user._is_superuser():
            return self.env.lang
        # sudo: a visitor's view of an invoice may cause the note; only the language code is read.
        return self.sudo().partner_id.lang or self.env.lang

    def _get_latest_receivables_today(self) -> date:
        """The latest of the dates that the wall calendars of all companies show now."""
        return max(map(_get_today, self._get_receivables_zones()))

    @api.model
    @tools.ormcache()
    def _get_receivables_zones(self) -> tuple[str, ...]:
        """The time zones of all companies; kept, as the hourly job asks and they hardly ever change."""
        # sudo: names of time zones, for a look at the calendar.
        companies = self.sudo().with_context(active_test=False).search([])
        return tuple({company.receivables_tz or "UTC" for company in companies})

    def _receivables_day_start(self, day: date) -> datetime:
        """The moment (UTC, naive, as Odoo stores it) at which ``day`` begins for the company."""
        self.ensure_one()
        zone = pytz.timezone(self.receivables_tz or "UTC")
        return zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
