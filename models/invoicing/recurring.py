from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    _inherit = "account.move"

    def _autopost_draft_entries(self, batch_size=100):
        """Override of account: by the day of each company, and what Odoo posts by itself is sent by itself.

        Odoo goes by the day of the server: in Almaty an invoice of the first would come on the second.
        """
        zones = defaultdict(lambda: self.env["res.company"])
        for company in self.env["res.company"].with_context(active_test=False).search([]):
            zones[company.receivables_tz] |= company
        for zone, companies in zones.items():
            super(
                AccountMove,
                self.with_context(
                    i2c_send_recurring=True, tz=zone, i2c_autopost_company_ids=tuple(companies.ids)
                ),
            )._autopost_draft_entries(batch_size=batch_size)
        if len(zones) > 1:
            # Each zone has told what it alone has left; the job is done when none has anything.
            left = sum(
                self.with_context(tz=zone).search_count(
                    [
                        ("state", "=", "draft"),
                        ("date", "<=", fields.Date.context_today(self.with_context(tz=zone))),
                        ("auto_post", "!=", "no"),
                        ("company_id", "in", companies.ids),
                    ]
                )
                for zone, companies in zones.items()
            )
            self.env["ir.cron"]._commit_progress(remaining=left)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Override of base: while entries are posted by themselves, one time zone after the other."""
        if companies := self.env.context.get("i2c_autopost_company_ids"):
            domain = Domain(domain) & Domain("company_id", "in", companies)
        return super()._search(domain, *args, **kwargs)

    def _post(self, soft=True):
        """Override of account: queued with the posting itself, in one transaction."""
        # Whatever posting looks for, it looks for in all companies.
        self = self.with_context(i2c_autopost_company_ids=None)
        posted = super()._post(soft=soft)
        if self.env.context.get("i2c_send_recurring"):
            posted.filtered(
                lambda move: (
                    move.move_type == "out_invoice"
                    and move.auto_post != "no"
                    and move.state == "posted"
                    and not move.sent_at
                    and move.company_id.send_recurring_invoices
                )
            )._queue_sending()
        return posted
