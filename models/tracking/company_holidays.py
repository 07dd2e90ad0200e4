from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models


class ResCompany(models.Model):
    """Days on which nobody works: the public holidays of the company's working schedule."""

    _inherit = "res.company"

    @api.private
    def _get_receivables_holidays(self, first, last):
        """Company id -> frozenset of dates from `first` to `last`, both included; one query.

        The holidays of the company's working schedule and those of all schedules (*Public Holidays*,
        `resource.calendar.leaves` without a resource). A day is one when its noon is, in the company's
        time zone. Weekends are not in it.
        """
        if first > last:
            return dict.fromkeys(self.ids, frozenset())
        # sudo: schedules are not for everybody to read; only days leave this method.
        companies = self.sudo()
        moments = {}
        for company in companies:
            zone = pytz.timezone(company.receivables_tz or "UTC")
            for ahead in range((last - first).days + 1):
                day = first + timedelta(days=ahead)
                noon = zone.localize(datetime.combine(day, time(12)))
                moments.setdefault(company.id, {})[day] = noon.astimezone(pytz.utc).replace(tzinfo=None)
        every = [moment for days in moments.values() for moment in days.values()]
        if not every:
            return {}
        leaves = companies.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("company_id", "in", [*self.ids, False]),
                ("date_from", "<=", max(every)),
                ("date_to", ">=", min(every)),
            ],
            ["company_id", "calendar_id", "date_from", "date_to"],
        )
        found = defaultdict(set)
        for company in companies:
            for leave in leaves:
                if leave.company_id.id not in (company.id, False):
                    continue
                if leave.calendar_id and leave.calendar_id != company.resource_calendar_id:
                    continue
                days = moments[company.id].items()
                found[company.id] |= {day for day, noon in days if leave.date_from <= noon <= leave.date_to}
        return {company_id: frozenset(found[company_id]) for company_id in self.ids}
