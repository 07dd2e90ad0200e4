from odoo import api, fields, models
from odoo.tools import SQL

from ...core.working_days import working_days_between
from .bank_file_reading import GROUP

LONGEST_SPAN = 400


class AccountJournal(models.Model):
    """How far the bank's statements reach."""

    _inherit = "account.journal"

    bank_feed_ids = fields.Many2many(comodel_name="bank.feed", string="Feeds of Bank Files", copy=False)

    def _get_statement_ends(self):
        """Journal id -> the last day (date) that its imported files cover; those without a file are missing.

        A file that names no period covers the days up to its import. Refused files count for nothing.
        """
        if not self.ids:
            return {}
        self.env["bank.statement.import.log"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT journal_id, MAX(COALESCE(LEAST(date_to, create_date::date), create_date::date))
                     FROM bank_statement_import_log
                    WHERE journal_id IN %s AND state != 'refused'
                 GROUP BY journal_id""",
                tuple(self.ids),
            )
        )
        return dict(rows)

    @api.private
    def _get_missing_since(self, today=None):
        """Journal id -> the first day whose statement is missing for longer than its feed allows.

        Only journals with an active feed are in it: nobody promised files for the others.
        """
        # Whether money may have come in is asked by reminders too, whose users need not see feeds.
        journals = self.sudo().filtered("bank_feed_ids")
        ends = journals._get_statement_ends()
        spans = {}
        for journal in journals:
            day = today or journal.company_id._receivables_today()
            # A new feed has time to bring its first file.
            spans[journal] = (
                ends.get(journal.id) or min(journal.bank_feed_ids.mapped("create_date")).date(),
                day,
            )
        # Holidays can only shorten what is counted: whoever is in time without them needs no look at them.
        late = {
            journal: (end, day)
            for journal, (end, day) in spans.items()
            if working_days_between(end, day) > min(journal.bank_feed_ids.mapped("stale_days"))
        }
        if not late:
            return {}
        last = max(day for _end, day in late.values())
        # Of a feed that is silent for months the first weeks tell.
        first = max(min(end for end, _day in late.values()), fields.Date.subtract(last, days=LONGEST_SPAN))
        companies = self.env["res.company"].browse({journal.company_id.id for journal in late})
        holidays = companies._get_receivables_holidays(first, last)
        return {
            journal.id: fields.Date.add(end, days=1)
            for journal, (end, day) in late.items()
            if working_days_between(end, day, holidays[journal.company_id.id])
            > min(journal.bank_feed_ids.mapped("stale_days"))
        }

    @api.private
    def _is_fresh(self, today=None):
        """Whether the statements of all these journals are recent enough to write to debtors.

        :param date today: default the company's today
        """
        return not self._get_missing_since(today)

    def _fill_bank_cash_dashboard_data(self, dashboard_data):
        """Extend with the state of the feeds, for those who import."""
        super()._fill_bank_cash_dashboard_data(dashboard_data)
        if not self.env.user.has_group(GROUP):
            return
        journals = self.filtered(lambda journal: journal.type in ("bank", "credit"))
        missing = journals._get_missing_since()
        for journal in journals:
            feeds = journal.bank_feed_ids
            trouble = feeds.filtered(lambda feed: feed.error or feed.file_error)[:1]
            dashboard_data[journal.id].update(
                {
                    "bank_feed_count": len(feeds),
                    "bank_feed_error": trouble
                    and (trouble.error or trouble.file_error).splitlines()[0][:200],
                    "bank_feed_missing": journal.id in missing and fields.Date.to_string(missing[journal.id]),
                }
            )

    def action_open_bank_feeds(self):
        """The feeds of this journal."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_bank_feed")
        feeds = self.bank_feed_ids
        if len(feeds) == 1:
            return {**action, "res_id": feeds.id, "views": [(False, "form")], "view_mode": "form"}
        return {**action, "domain": [("id", "in", feeds.ids)]}


class BankFeed(models.Model):
    _inherit = "bank.feed"

    stale_days = fields.Integer(
        string="Expected Within (Working Days)",
        default=2,
        help="When the statements of a journal end longer ago than this, the statement counts as missing:"
        " the journal's card says so, and reminders wait.",
    )
    missing_since = fields.Date(
        compute="_compute_missing_since",
        string="Statement Missing Since",
        help="The first day that no imported file covers.",
    )

    _stale_days_positive = models.Constraint(
        "CHECK (stale_days >= 0)", "The number of days for missing statements cannot be negative."
    )

    @api.depends("journal_ids", "stale_days", "last_success")
    def _compute_missing_since(self):
        missing = self.filtered("active").journal_ids._get_missing_since()
        for feed in self:
            days = [missing[journal] for journal in feed.journal_ids.ids if journal in missing]
            feed.missing_since = min(days) if days and feed.active else False

    @api.private
    def _is_fresh(self, today=None):
        """Whether the statements of all journals of these feeds are recent enough; see the journal's."""
        return self.filtered("active").journal_ids._is_fresh(today)
