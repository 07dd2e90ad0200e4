"""What happened in the ledger per day: sales, money, write-offs, invoices due and paid."""

from odoo import models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_flows(self, first, last) -> list:
        """(day, column, sum): sales, what came in, what was written off."""
        return self.env.execute_query(
            SQL(
                """
                SELECT line.date,
                       CASE WHEN move.move_type != 'entry' THEN 'sales' ELSE 'collected' END AS flow,
                       SUM(CASE WHEN move.move_type != 'entry' THEN line.balance ELSE -line.balance END)
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_journal journal ON journal.id = line.journal_id
                 WHERE line.company_id = %(company)s AND line.date BETWEEN %(first)s AND %(last)s
                   AND line.parent_state = 'posted'
                   AND line.account_id IN (SELECT id FROM account_account
                                            WHERE account_type = 'asset_receivable')
                   AND (move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                        OR (move.move_type = 'entry' AND journal.type IN ('bank', 'cash', 'credit')))
                 GROUP BY line.date, flow
                UNION ALL
                SELECT line.date_maturity, 'billed_due', SUM(line.balance)
                  FROM account_move_line line
                 WHERE line.company_id = %(company)s AND line.date_maturity BETWEEN %(first)s AND %(last)s
                   AND line.parent_state = 'posted' AND line.balance > 0
                   AND line.display_type = 'payment_term'
                   AND line.account_id IN (SELECT id FROM account_account
                                            WHERE account_type = 'asset_receivable')
                 GROUP BY line.date_maturity
                UNION ALL
                SELECT line.date, 'written_off', SUM(line.balance)
                  FROM account_move_line line
                 WHERE line.company_id = %(company)s AND line.date BETWEEN %(first)s AND %(last)s
                   AND line.parent_state = 'posted' AND line.account_id IN %(write_off)s
                 GROUP BY line.date
                """,
                company=self.id,
                first=first,
                last=last,
                write_off=(self.match_write_off_account_id.id or 0, self.bad_debt_account_id.id or 0),
            )
        )

    def _get_due_invoices(self, first, last) -> list:
        """(day, column, number): invoices by their last due date, and by the day of full payment.

        Paid in time is an invoice whose every position was settled by its own due date.
        """
        return [
            (day, column, number)
            for day, column, number in self.env.execute_query(
                SQL(
                    """
                    WITH touched AS (
                        -- Two sets, not one condition with OR: that has no plan but a scan per item.
                        SELECT line.move_id
                          FROM account_move_line line
                         WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                           AND line.account_id IN %(accounts)s
                           AND line.date_maturity BETWEEN %(first)s AND %(last)s
                        UNION
                        SELECT line.move_id
                          FROM account_partial_reconcile partial
                          JOIN account_move_line line ON line.id = partial.debit_move_id
                         WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                           AND line.account_id IN %(accounts)s
                           AND partial.max_date BETWEEN %(first)s AND %(last)s
                    ), candidate AS (
                        SELECT touched.move_id
                          FROM touched JOIN account_move move ON move.id = touched.move_id
                         WHERE move.move_type IN ('out_invoice', 'out_receipt')
                    ), position AS MATERIALIZED (
                        SELECT line.move_id, COALESCE(line.date_maturity, line.date) AS due, line.reconciled,
                               (SELECT MAX(max_date) FROM account_partial_reconcile partial
                                 WHERE partial.debit_move_id = line.id) AS settled
                          FROM account_move_line line
                         WHERE line.move_id IN (SELECT move_id FROM candidate)
                           AND line.balance > 0 AND line.account_id IN %(accounts)s
                    ), invoice AS (
                        SELECT MAX(due) AS due, MAX(settled) AS settled, BOOL_AND(reconciled) AS paid,
                               BOOL_AND(reconciled AND settled <= due) AS in_time
                          FROM position GROUP BY move_id
                    )
                    SELECT due, 'invoices_due', COUNT(*) FROM invoice
                     WHERE due BETWEEN %(first)s AND %(last)s GROUP BY due
                    UNION ALL
                    SELECT due, 'invoices_in_time', COUNT(*) FROM invoice
                     WHERE due BETWEEN %(first)s AND %(last)s AND in_time GROUP BY due
                    UNION ALL
                    SELECT settled, 'invoices_paid', COUNT(*) FROM invoice
                     WHERE settled BETWEEN %(first)s AND %(last)s AND paid GROUP BY settled
                    UNION ALL
                    SELECT settled, 'days_late_total', SUM(settled - due) FROM invoice
                     WHERE settled BETWEEN %(first)s AND %(last)s AND paid GROUP BY settled
                    """,
                    company=self.id,
                    accounts=self._get_receivable_account_ids(),
                    first=first,
                    last=last,
                )
            )
        ]
