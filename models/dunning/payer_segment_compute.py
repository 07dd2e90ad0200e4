"""Every night: how each customer paid during the last year, and the segment that follows."""

import datetime

from odoo import api, models
from odoo.tools import SQL

from ...core.dunning import segments

BATCH = 500
WINDOW_DAYS = 365


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    @api.model
    def _cron_compute_segments(self):
        """All companies, in batches of customers; a kill between two batches loses nothing."""
        work = [
            (company, partners)
            for company in self.env["res.company"].search([])
            for partners in company._get_payers_in_batches()
        ]
        self.env["ir.cron"]._commit_progress(remaining=len(work))
        for company, partner_ids in work:
            company._for_job(self)._compute_segments(company, self.env["res.partner"].browse(partner_ids))
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _compute_segments(self, company, partners):
        """Figures and segments of these commercial partners; the queries do not depend on their number."""
        today = company._receivables_today()
        profiles = self._get_or_create(company, partners)
        rules = (
            self.env["payer.segment.rule"]
            .search([("company_id", "in", (False, company.id)), ("segment_id.active", "=", True)])
            ._to_core()
        )
        histories = company._get_payment_histories(profiles.partner_id, today)
        rows = []
        for profile in profiles:
            history = histories.get(profile.partner_id.id, segments.PaymentHistory())
            rule = segments.classify(history, rules)
            rows.append(
                (profile.id, rule.key if rule else None, *(getattr(history, m) for m in segments.METRICS))
            )
        profiles._write_histories(rows)
        profiles._apply_segments(today)

    def _write_histories(self, rows):
        if not rows:
            return
        self.flush_recordset()
        names = ("segment_rule_id", *segments.METRICS)
        self.env.cr.execute(
            SQL(
                "UPDATE payer_profile profile SET %s FROM (VALUES %s) AS new (id, %s) "
                "WHERE profile.id = new.id",
                SQL(", ").join(
                    SQL("%s = new.%s::%s", SQL.identifier(name), SQL.identifier(name), kind)
                    for name, kind in zip(
                        names,
                        map(SQL, ("int", "int", "float8", "float8", "int", "int", "int")),
                        strict=True,
                    )
                ),
                SQL(", ").join(
                    SQL("(%s)", SQL(", ").join(SQL("%s", value) for value in row)) for row in rows
                ),
                SQL(", ").join(map(SQL.identifier, names)),
            )
        )
        self.invalidate_recordset([*names, "segment_reason"])


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_payers_in_batches(self) -> list[list[int]]:
        """The commercial partners with a customer document of the company, in batches."""
        self.env["account.move"].flush_model(["commercial_partner_id", "move_type", "state", "company_id"])
        partners = [
            partner
            for (partner,) in self.env.execute_query(
                SQL(
                    """SELECT DISTINCT commercial_partner_id FROM account_move
                        WHERE company_id = %s AND state = 'posted' AND commercial_partner_id IS NOT NULL
                          AND move_type IN ('out_invoice', 'out_receipt') ORDER BY 1""",
                    self.id,
                )
            )
        ]
        return [partners[start : start + BATCH] for start in range(0, len(partners), BATCH)]

    def _get_payment_histories(self, partners, today) -> dict:
        """{commercial partner id: core PaymentHistory}; three queries."""
        if not partners:
            return {}
        paid, late, months, last_paid = {}, {}, {}, {}
        for partner, days, settled, first in self._get_position_delays(partners, today):
            months[partner] = max(months.get(partner, 0), (today - first).days // 30)
            if settled:
                paid.setdefault(partner, []).append(days)
                last_paid[partner] = max(settled, last_paid.get(partner, settled))
            elif days > 0:
                late.setdefault(partner, []).append(days)
        unanswered = self._get_unanswered(partners, last_paid, today)
        return {
            partner: segments.history_of(
                paid.get(partner, ()), late.get(partner, ()), unanswered.get(partner, 0), months[partner]
            )
            for partner in months
        }

    def _get_position_delays(self, partners, today) -> list:
        """(partner, days late, day of full payment or None, first invoice date) per position of a year.

        A position counts by the day of its last reconciliation with money or a credit note;
        an open one counts while it is open. What is disputed in full is nobody's delay.
        """
        self._flush_receivable_ledger()
        self.env["invoice.dispute"].flush_model(["state", "amount", "move_id"])
        return self.env.execute_query(
            SQL(
                """
                WITH position AS (
                    SELECT partner.commercial_partner_id AS partner_id, line.id, line.move_id,
                           line.reconciled, COALESCE(line.date_maturity, line.date) AS due, line.date,
                           (SELECT MAX(max_date) FROM account_partial_reconcile partial
                             WHERE partial.debit_move_id = line.id) AS settled
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                      JOIN res_partner partner ON partner.id = line.partner_id
                     WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                       AND line.account_id IN %(accounts)s AND line.balance > 0
                       AND move.move_type IN ('out_invoice', 'out_receipt')
                       AND partner.commercial_partner_id IN %(partners)s
                ), first AS (
                    SELECT partner_id, MIN(date) AS date FROM position GROUP BY partner_id
                ), dispute AS (
                    SELECT move_id, SUM(amount) AS amount FROM invoice_dispute
                     WHERE state = 'open' GROUP BY move_id
                )
                SELECT position.partner_id,
                       CASE WHEN reconciled THEN position.settled ELSE %(today)s END - position.due,
                       CASE WHEN reconciled THEN position.settled END, first.date
                  FROM position
                  JOIN first ON first.partner_id = position.partner_id
                  JOIN account_move move ON move.id = position.move_id
                  LEFT JOIN dispute ON dispute.move_id = position.move_id
                 WHERE (reconciled AND position.settled >= %(since)s)
                    OR (reconciled IS NOT TRUE
                        AND (dispute.amount IS NULL OR dispute.amount < move.amount_residual))
                """,
                company=self.id,
                accounts=self._get_receivable_account_ids(),
                partners=tuple(partners.ids),
                today=today,
                since=today - datetime.timedelta(days=WINDOW_DAYS),
            )
        )

    def _get_unanswered(self, partners, last_paid, today) -> dict[int, int]:
        """Reminders about late invoices since the customer last paid or answered; two queries.

        A letter, an answer to a reminder from whatever address, a promise or a plan is an answer.
        """
        for model in ("dunning.reply", "payment.promise", "payment.plan"):
            self.env[model].flush_model()
        wrote = dict(
            self.env.execute_query(
                SQL(
                    """SELECT partner, MAX(day) FROM (
                        SELECT author.commercial_partner_id AS partner, message.date::date AS day
                          FROM mail_message message
                          JOIN res_partner author ON author.id = message.author_id
                         WHERE author.commercial_partner_id IN %(partners)s
                           AND message.message_type IN ('email', 'comment')
                        UNION ALL
                        SELECT partner_id, received_at::date FROM dunning_reply
                         WHERE partner_id IN %(partners)s AND company_id = %(company)s
                        UNION ALL
                        SELECT partner_id, given_on FROM payment_promise
                         WHERE partner_id IN %(partners)s AND company_id = %(company)s
                        UNION ALL
                        SELECT partner_id, agreed_on FROM payment_plan
                         WHERE partner_id IN %(partners)s AND company_id = %(company)s
                       ) word WHERE day >= %(since)s GROUP BY partner""",
                    partners=tuple(partners.ids),
                    company=self.id,
                    since=today - datetime.timedelta(days=WINDOW_DAYS),
                )
            )
        )
        self.env["dunning.reminder"].flush_model()
        counts = {}
        for partner, day in self.env.execute_query(
            SQL(
                """SELECT partner_id, date FROM dunning_reminder
                    WHERE company_id = %s AND partner_id IN %s AND state = 'sent' AND days_overdue > 0
                      AND date >= %s""",
                self.id,
                tuple(partners.ids),
                today - datetime.timedelta(days=WINDOW_DAYS),
            )
        ):
            heard = max(filter(None, (wrote.get(partner), last_paid.get(partner))), default=None)
            if not heard or day > heard:
                counts[partner] = counts.get(partner, 0) + 1
        return counts
