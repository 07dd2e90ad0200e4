"""The statuses that time alone changes, and the SLA clock.

One statement each, and only the rows whose day has come.
"""

from odoo import api, fields, models
from odoo.tools import SQL

# The rule of ``core.statuses`` for what time can change, for the rows whose day has come. That both say the
# same is tested with random invoices. A row that somebody else has locked waits for the next hour.
MOVE_STATUSES = """
    WITH due AS MATERIALIZED (
        SELECT move.id, move.tracking_status AS before, move.company_id, move.commercial_partner_id,
               move.sent_at, move.first_viewed_at,
               ABS(move.amount_residual) < ABS(move.amount_total) AS is_partial,
               (SELECT MIN(COALESCE(line.date_maturity, move.invoice_date_due, move.date))
                  FROM account_move_line line
                 WHERE line.move_id = move.id
                   -- An array, so that the accounts are looked up once and not for each invoice.
                   AND line.account_id = ANY (ARRAY(
                       SELECT id FROM account_account WHERE account_type = 'asset_receivable'))
                   AND line.amount_residual_currency != 0) AS first_due
          FROM account_move move
         WHERE move.company_id = %(company)s
           AND move.status_next_date <= %(today)s
           FOR NO KEY UPDATE OF move SKIP LOCKED
    ), fresh AS MATERIALIZED (
        SELECT due.*,
               CASE WHEN first_due < %(today)s THEN 'overdue'
                    WHEN is_partial THEN 'partial'
                    WHEN first_due - %(soon)s <= %(today)s THEN 'due_soon'
                    WHEN first_viewed_at IS NOT NULL THEN 'viewed'
                    WHEN sent_at IS NOT NULL THEN 'sent'
                    ELSE 'created' END AS after,
               CASE WHEN first_due < %(today)s THEN NULL
                    WHEN first_due - %(soon)s > %(today)s AND NOT is_partial THEN first_due - %(soon)s
                    ELSE first_due + 1 END AS next_date
          FROM due
    ), moved AS (
        UPDATE account_move move
           SET tracking_status = fresh.after, status_next_date = fresh.next_date
          FROM fresh
         WHERE move.id = fresh.id
    ), logged AS (
        INSERT INTO invoice_tracking_event
               (move_id, company_id, partner_id, kind, channel, moment,
                create_uid, write_uid, create_date, write_date)
        SELECT id, company_id, commercial_partner_id,
               CASE WHEN after IN ('sent', 'viewed', 'created') THEN 'reopened' ELSE after END,
               'system', %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s
          FROM fresh
         WHERE after IS DISTINCT FROM before
           AND (before = 'overdue' OR after IN ('due_soon', 'overdue'))
    )
    SELECT id FROM fresh
"""
BREAK_SLA = """
    WITH due AS MATERIALIZED (
        SELECT move.id, move.company_id, move.commercial_partner_id, move.sla_deadline,
               move.first_viewed_at IS NULL
               AND move.tracking_status NOT IN ('partial', 'paid')
               AND partner.opens_not_tracked IS NOT TRUE
               AND NOT EXISTS (SELECT FROM invoice_dispute dispute
                                WHERE dispute.move_id = move.id) AS is_broken
          FROM account_move move
          LEFT JOIN res_partner partner ON partner.id = move.commercial_partner_id
         WHERE move.sla_deadline <= %(now)s
           FOR NO KEY UPDATE OF move SKIP LOCKED
    ), stopped AS (
        UPDATE account_move move
           SET sla_deadline = NULL, sla_broken_at = CASE WHEN due.is_broken THEN due.sla_deadline END
          FROM due
         WHERE move.id = due.id
    ), logged AS (
        INSERT INTO invoice_tracking_event
               (move_id, company_id, partner_id, kind, channel, moment,
                create_uid, write_uid, create_date, write_date)
        SELECT id, company_id, commercial_partner_id, 'sla_broken', 'system', %(now)s,
               %(uid)s, %(uid)s, %(now)s, %(now)s
          FROM due
         WHERE is_broken
    )
    SELECT id, is_broken FROM due
"""
# What MOVE_STATUSES reads and writes of an invoice.
READ = [
    "amount_residual",
    "amount_total",
    "commercial_partner_id",
    "company_id",
    "date",
    "first_viewed_at",
    "invoice_date_due",
    "sent_at",
    "status_next_date",
    "tracking_status",
]


class AccountMove(models.Model):
    _inherit = "account.move"

    sla_deadline = fields.Datetime(
        "Answer Expected By",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Until then the customer should have opened, paid or disputed the invoice that was sent.",
    )
    sla_broken_at = fields.Datetime("SLA Broken", copy=False, readonly=True, index="btree_not_null")

    @api.model
    def _cron_update_tracking_status(self):
        """Move the statuses that time alone changes, and stop the SLA clocks that ran out."""
        companies = self._get_companies_due()
        for number, company in enumerate(companies, 1):
            self._move_statuses(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number)
        self._break_sla()

    @api.model
    def _get_companies_due(self):
        """The companies for which a status may move: one look into the index, in most hours the only one."""
        companies = self.env["res.company"]
        self.flush_model(["company_id", "status_next_date"])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT company_id FROM account_move WHERE status_next_date <= %s",
                companies._get_latest_receivables_today(),
            )
        )
        due = companies.browse([company_id for (company_id,) in rows])
        # Without this Odoo would read all the hundred columns of a company.
        due.fetch(["receivables_tz", "receivables_due_soon_days"])
        return due

    @api.model
    def _move_statuses(self, company):
        """One company's invoices whose ``status_next_date`` has come; returns them."""
        self.flush_model(READ)
        self.env["account.move.line"].flush_model(
            ["date_maturity", "amount_residual_currency", "account_id", "move_id"]
        )
        rows = self.env.execute_query(
            SQL(
                MOVE_STATUSES,
                company=company.id,
                today=company._receivables_today(),
                soon=company.receivables_due_soon_days,
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        moves = self.browse([move_id for (move_id,) in rows])
        moves.invalidate_recordset(["tracking_status", "status_next_date"], flush=False)
        moves._forget_events()
        return moves

    @api.model
    def _break_sla(self):
        """The invoices whose customer gave no sign of life in time."""
        self.flush_model()
        self.env["invoice.dispute"].flush_model(["move_id"])
        self.env["res.partner"].flush_model(["opens_not_tracked"])
        rows = self.env.execute_query(SQL(BREAK_SLA, now=fields.Datetime.now(), uid=self.env.uid))
        moves = self.browse([move_id for move_id, _is_broken in rows])
        moves.invalidate_recordset(["sla_deadline", "sla_broken_at"], flush=False)
        moves._forget_events()
        broken = moves.browse([move_id for move_id, is_broken in rows if is_broken])
        broken._note_in_chatter("sla_broken")
        return broken
