"""The receivable ledger as it was on any day: SQL that the aging and the daily figures share.

A posted receivable item is cut into pieces: one per reconciliation, alive from the item's date until
the day before ``max_date`` of the reconciliation, and what is still open, alive until today and beyond.
The pieces alive on a day are the residuals of that day. Odoo's ``amount_residual`` is only today's.
"""

import datetime

from odoo import models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_receivable_pieces(
        self,
        first: datetime.date,
        last: datetime.date,
        *,
        is_changed: bool | None = None,
        with_settled: bool = False,
    ) -> SQL:
        """A query of the pieces of the receivable items that live on a day from ``first`` to ``last``.

        Columns: line_id, move_id, company_id, partner_id, currency_id, invoice_date, date_due,
        begins, ends (the first day without it, or NULL), age_from (the date that its age counts from),
        is_unapplied (money and other credits that no invoice or credit note stands for),
        is_invoice (an invoice or one of its instalments),
        balance (company currency), amount_currency.

        :param is_changed: what ``_is_reconciled_after(first)`` says, where the caller has asked already
        :param with_settled: do not look whether something is left of each open item, which costs a sum of
            them a tenth of its time
        """
        self._flush_receivable_ledger()
        by_invoice_date = self._get_companies_by_invoice_date() & set(self.ids)
        columns = SQL(
            """line.id AS line_id, line.move_id, line.company_id, line.partner_id, line.currency_id,
               COALESCE(line.invoice_date, line.date) AS invoice_date,
               COALESCE(line.date_maturity, line.date) AS date_due,
               line.date AS begins, %s AS age_from,
               line.display_type IS DISTINCT FROM 'payment_term' AND line.balance < 0 AS is_unapplied,
               line.display_type = 'payment_term' AND line.balance > 0 AS is_invoice""",
            SQL(
                """CASE WHEN line.company_id IN %s THEN COALESCE(line.invoice_date, line.date)
                        ELSE COALESCE(line.date_maturity, line.date) END""",
                tuple(by_invoice_date),
            )
            if by_invoice_date
            else SQL("COALESCE(line.date_maturity, line.date)"),
        )
        scope = SQL(
            """line.account_id IN %s AND line.parent_state = 'posted' AND line.company_id IN %s
               AND line.date <= %s""",
            self._get_receivable_account_ids(),
            tuple(self.ids) or (0,),
            last,
        )
        still_open = SQL(
            """
            SELECT %(columns)s, NULL::date AS ends, line.amount_residual AS balance,
                   line.amount_residual_currency AS amount_currency
              FROM account_move_line line
             WHERE %(scope)s AND line.reconciled IS NOT TRUE %(is_left)s
            """,
            columns=columns,
            scope=scope,
            is_left=SQL()
            if with_settled
            else SQL("AND (line.amount_residual != 0 OR line.amount_residual_currency != 0)"),
        )
        if not (self._is_reconciled_after(first) if is_changed is None else is_changed):
            return still_open
        return SQL(
            """
            %(still_open)s
            UNION ALL
            SELECT %(columns)s, applied.ends, applied.balance, applied.amount_currency
              FROM (
                    SELECT debit_move_id AS id, max_date AS ends, amount AS balance,
                           debit_amount_currency AS amount_currency
                      FROM account_partial_reconcile WHERE max_date > %(first)s
                    UNION ALL
                    SELECT credit_move_id, max_date, -amount, -credit_amount_currency
                      FROM account_partial_reconcile WHERE max_date > %(first)s
                   ) AS applied
              JOIN account_move_line line ON line.id = applied.id
             WHERE %(scope)s AND line.date < applied.ends
            """,
            still_open=still_open,
            columns=columns,
            scope=scope,
            first=first,
        )

    def _is_reconciled_after(self, day: datetime.date) -> bool:
        """Whether anything was reconciled later: only then does the ledger of the day differ from today's."""
        return self.env.execute_query(
            SQL("SELECT EXISTS (SELECT 1 FROM account_partial_reconcile WHERE max_date > %s)", day)
        )[0][0]
