"""The score of the months before the first night, from the ledger as it was at the end of each."""

import datetime

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from ...core import payer_score

MONTHS = 12


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    def _compute_scores(self, company):
        """Override of the nightly score: payers who have one for the first time get their history before it.

        The job works in batches of customers, each in a transaction of its own: a kill loses nothing.
        """
        self.filtered(lambda profile: profile.invoices >= payer_score.ENOUGH)._fill_score_history(company)
        return super()._compute_scores(company)

    def _fill_score_history(self, company):
        """Scores of the last twelve full months for those of these who have none yet; three queries."""
        self.env["payer.score"].flush_model()
        if not self:
            return
        known = self.env.execute_query(
            SQL("SELECT DISTINCT profile_id FROM payer_score WHERE profile_id IN %s", tuple(self.ids))
        )
        fresh = self - self.browse(profile for (profile,) in known)
        positions = company._get_position_lives(fresh.partner_id)
        month = company._receivables_today().replace(day=1)
        rows = []
        for profile in fresh:
            for back in range(1, MONTHS + 1):
                first = month - relativedelta(months=back)
                last = first + relativedelta(months=1) - datetime.timedelta(days=1)
                facts = payer_score.facts_of_day(positions.get(profile.partner_id.id, ()), last)
                found = payer_score.score(facts)
                if found:
                    values = profile.id, company.id, first, found.total
                    rows.append((*values, float(facts.mean_days_late), facts.overdue_days))
        if rows:
            self.env.cr.execute_values(
                """INSERT INTO payer_score (profile_id, company_id, date, score, mean_days_late, overdue_days)
                   VALUES %s ON CONFLICT (profile_id, date) DO NOTHING""",
                rows,
                page_size=1000,
            )
            self.env["payer.score"].invalidate_model()


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_position_lives(self, partners) -> dict[int, list[payer_score.Position]]:
        """{commercial partner id: when each position was issued, due and settled in full}; one query."""
        if not partners:
            return {}
        self._flush_receivable_ledger()
        lives = {}
        for partner, issued, due, settled in self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, line.date, COALESCE(line.date_maturity, line.date),
                       CASE WHEN line.reconciled THEN
                           (SELECT MAX(max_date) FROM account_partial_reconcile partial
                             WHERE partial.debit_move_id = line.id) END
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.company_id = %s AND line.parent_state = 'posted' AND line.account_id IN %s
                   AND line.balance > 0 AND move.move_type IN ('out_invoice', 'out_receipt')
                   AND partner.commercial_partner_id IN %s
                """,
                self.id,
                self._get_receivable_account_ids(),
                tuple(partners.ids),
            )
        ):
            lives.setdefault(partner, []).append(payer_score.Position(issued, due, settled))
        return lives
