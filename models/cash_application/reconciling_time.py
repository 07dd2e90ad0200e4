"""How long people worked on what the matching left to them."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

MOST_PER_CALL = 60  # seconds; the screens report every half minute


class ReconcilingTime(models.Model):
    """Active seconds of a person in the wizard and the list of payments, by month.

    The screens report what they saw: the time between two signs of life that lie at
    most a minute apart, while the page was to be seen. The server believes no more than
    a minute a call, and never more than has passed on its own clock since this person's
    last call, so that two windows, or a script, cannot make an hour longer than it is.
    """

    _name = "reconciling.time"
    _description = "Time Spent on Payments"
    _order = "month desc, user_id"
    _rec_name = "user_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="cascade")
    month = fields.Date(required=True, readonly=True, index=True, help="Its first day.")
    seconds = fields.Integer(readonly=True)
    hours = fields.Float(
        compute="_compute_hours", store=True, help="Active time; being idle or elsewhere is not counted."
    )
    last_at = fields.Datetime("Last Report", readonly=True)
    decided_count = fields.Integer("Lines Decided", compute="_compute_decided")
    seconds_per_line = fields.Float("Seconds a Line", compute="_compute_decided", digits=(16, 1))

    _month_unique = models.UniqueIndex("(user_id, company_id, month)")

    @api.depends("seconds")
    def _compute_hours(self):
        for row in self:
            row.hours = row.seconds / 3600

    def _compute_decided(self):
        # sudo: the counts only, of the companies and people whose rows may be read.
        groups = (
            self.env["payment.match"]
            .sudo()
            ._read_group(
                [
                    ("decided_by_id", "in", self.user_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("is_automatic", "=", False),
                    ("state", "in", ("applied", "dismissed")),
                ],
                ["company_id", "decided_by_id", "decided_at:month"],
                ["__count"],
            )
        )
        counts = {
            (company.id, user.id, moment.date().replace(day=1)): count
            for company, user, moment, count in groups
        }
        for row in self:
            row.decided_count = counts.get((row.company_id.id, row.user_id.id, row.month), 0)
            row.seconds_per_line = row.seconds / row.decided_count if row.decided_count else 0.0

    @api.model
    def report_active(self, seconds=0) -> int:
        """Note active time of the present user in the present company.

        :param seconds: what the screen counted since its last report; 0 opens the account
        :return: how many of them were believed
        """
        if not self.env.user.has_group("invoice_to_cash.group_cash_application"):
            raise AccessError(self.env._("Only Receivables / Cash application decides on payments."))
        seconds = max(0, min(int(seconds), MOST_PER_CALL))
        company, user = self.env.company, self.env.user
        now = fields.Datetime.now()
        month = company._receivables_today().replace(day=1)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO reconciling_time (company_id, user_id, month, seconds, hours, last_at,
                                              create_uid, create_date, write_uid, write_date)
                VALUES (%(company)s, %(user)s, %(month)s, 0, 0, %(now)s, %(user)s, %(now)s, %(user)s, %(now)s)
                ON CONFLICT (user_id, company_id, month) DO NOTHING RETURNING id
                """,
                company=company.id,
                user=user.id,
                month=month,
                now=now,
            )
        )
        if rows:  # the first call of a month only starts the clock
            return 0
        # All rows of the person carry the moment of the last call: of two calls at once one fails
        # on the other's write and is repeated by Odoo, so no second is believed twice.
        rows = self.env.execute_query(
            SQL(
                """
                WITH clock AS (
                    SELECT GREATEST(0, LEAST(
                        %(seconds)s,
                        FLOOR(EXTRACT(EPOCH FROM %(now)s::timestamp - MAX(last_at)))
                    ))::int AS believed
                    FROM reconciling_time WHERE user_id = %(user)s
                )
                UPDATE reconciling_time AS row
                SET last_at = GREATEST(row.last_at, %(now)s::timestamp),
                    seconds = row.seconds + CASE WHEN row.company_id = %(company)s AND row.month = %(month)s
                                            THEN clock.believed ELSE 0 END,
                    hours = (row.seconds + CASE WHEN row.company_id = %(company)s AND row.month = %(month)s
                                           THEN clock.believed ELSE 0 END) / 3600.0,
                    write_date = %(now)s
                FROM clock
                WHERE row.user_id = %(user)s
                RETURNING clock.believed
                """,
                seconds=seconds,
                now=now,
                user=user.id,
                company=company.id,
                month=month,
            )
        )
        self.invalidate_model(["seconds", "hours", "last_at"])
        return rows[0][0]
