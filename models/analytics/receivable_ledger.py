"""The receivable ledger as it was on any day: SQL that the aging and the daily figures share.

A posted receivable item is cut into pieces: one per reconciliation, alive from the item's date until
the day before ``max_date`` of the reconciliation, and what is still open, alive until today and beyond.
The pieces alive on a day are the residuals of that day. Odoo's ``amount_residual`` is only today's.
"""

import datetime

from odoo import models
from odoo.tools import SQL

#: what an item is: unapplied money and other credits are shown apart from what was invoiced
_KIND = SQL(
    """CASE WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
            WHEN move.move_type = 'out_refund' THEN 'credit_note'
            WHEN line.balance < 0 THEN 'unapplied'
            ELSE 'other' END"""
)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_receivable_pieces(self, first: datetime.date, last: datetime.date) -> SQL:
        """A query of the pieces of the receivable items that live on a day from ``first`` to ``last``.

        Columns: line_id, move_id, company_id, begins, ends (the first day without it, or NULL),
        age_from (the date that its age counts from), kind, balance (company currency), amount_currency.
        """
        self._flush_receivable_ledger()
        line_columns = SQL(
            """line.id AS line_id, line.move_id, line.company_id, line.date AS begins, %s::date AS ends,
               CASE WHEN company.aging_basis = 'invoice_date' THEN COALESCE(move.invoice_date, line.date)
                    ELSE COALESCE(line.date_maturity, line.date) END AS age_from,
               %s AS kind""",
            SQL("ends"),
            _KIND,
        )
        joins = SQL(
            """JOIN account_move move ON move.id = line.move_id
               JOIN res_company company ON company.id = line.company_id"""
        )
        scope = SQL(
            """line.account_id IN (SELECT id FROM account_account WHERE account_type = 'asset_receivable')
               AND line.parent_state = 'posted' AND line.company_id IN %s AND line.date <= %s""",
            tuple(self.ids) or (0,),
            last,
        )
        return SQL(
            """
            SELECT %(columns)s, line.amount_residual AS balance,
                   line.amount_residual_currency AS amount_currency
              FROM account_move_line line
              CROSS JOIN (SELECT NULL::date AS ends) AS still_open
              %(joins)s
             WHERE %(scope)s AND line.reconciled IS NOT TRUE
               AND (line.amount_residual != 0 OR line.amount_residual_currency != 0)
            UNION ALL
            SELECT %(columns)s, applied.balance, applied.amount_currency
              FROM (
                    SELECT debit_move_id AS id, max_date AS ends, amount AS balance,
                           debit_amount_currency AS amount_currency
                      FROM account_partial_reconcile WHERE max_date > %(first)s
                    UNION ALL
                    SELECT credit_move_id, max_date, -amount, -credit_amount_currency
                      FROM account_partial_reconcile WHERE max_date > %(first)s
                   ) AS applied
              JOIN account_move_line line ON line.id = applied.id
              %(joins)s
             WHERE %(scope)s AND line.date < applied.ends
            """,
            columns=line_columns,
            joins=joins,
            scope=scope,
            first=first,
        )

    def _flush_receivable_ledger(self):
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["move_type", "invoice_date", "state"])
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.account"].flush_model(["account_type"])
        self.env["res.company"].flush_model(["aging_basis"])
