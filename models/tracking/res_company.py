from datetime import date, datetime, time

import pytz

from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get


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

    _due_soon_days_positive = models.Constraint(
        "CHECK (receivables_due_soon_days >= 0)",
        "The number of days for “due soon” cannot be negative.",
    )

    @api.depends("partner_id.tz", "country_id")
    def _compute_receivables_tz(self):
        """The company's contact's time zone, else its country's when that has one only, else UTC.

        Kazakhstan has several names for one time since March 2024: Almaty stands for all.
        """
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
        zone = pytz.timezone(self.receivables_tz or "UTC")
        return fields.Datetime.now().replace(tzinfo=pytz.utc).astimezone(zone).date()

    def _receivables_day_start(self, day: date) -> datetime:
        """The moment (UTC, naive, as Odoo stores it) at which ``day`` begins for the company."""
        self.ensure_one()
        zone = pytz.timezone(self.receivables_tz or "UTC")
        return zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
