"""What became of the customers' payments and promises, per day."""

from odoo import models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_match_counts(self, first, last) -> list:
        """(day, column, number): payments by bank date, those applied without a touch, and proposals.

        What is no customer payment does not count. A payment that was booked in part, or is not decided yet,
        counts as touched; one whose items are not known yet is taken to be for one item.
        """
        self.env["payment.match"].flush_model()
        self.env["payment.match.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH payment AS (
                    SELECT match.id, match.date, match.amount, match.candidate_id, match.verdict,
                           match.state = 'applied' AND match.is_automatic AS by_itself,
                           match.proposed_reason IS NOT NULL
                               AND (match.verdict IN ('confirmed', 'undone')
                                    OR match.state = 'applied' AND match.is_automatic) AS followed
                      FROM payment_match match
                     WHERE match.company_id = %(company)s AND match.date BETWEEN %(first)s AND %(last)s
                       AND match.amount > 0 AND match.state != 'dismissed'
                ), item AS (
                    SELECT line.candidate_id, COUNT(*) FILTER (WHERE line.amount > 0) AS items,
                           SUM(line.amount) AS amount
                      FROM payment_match_line line
                     WHERE line.candidate_id IN (SELECT candidate_id FROM payment)
                     GROUP BY line.candidate_id
                )
                SELECT payment.date, COUNT(*),
                       COUNT(*) FILTER (WHERE by_itself AND ABS(item.amount - payment.amount) < 0.005),
                       SUM(GREATEST(item.items, 1)),
                       COALESCE(SUM(item.items) FILTER (WHERE by_itself), 0),
                       COUNT(*) FILTER (WHERE followed),
                       COUNT(*) FILTER (WHERE followed AND verdict = 'undone')
                  FROM payment LEFT JOIN item ON item.candidate_id = payment.candidate_id
                 GROUP BY payment.date
                """,
                company=self.id,
                first=first,
                last=last,
            )
        )
        columns = (
            *("payments", "payments_untouched", "payment_lines", "payment_lines_untouched"),
            *("proposals", "proposals_undone"),
        )
        return [
            (day, column, int(number))
            for day, *numbers in rows
            for column, number in zip(columns, numbers, strict=True)
        ]

    def _get_promise_counts(self, first, last) -> list:
        """(day, column, number): promises by the day they named, once judged, and those that were kept."""
        self.env["payment.promise"].flush_model(["state", "date", "company_id"])
        return self.env.execute_query(
            SQL(
                """
                WITH judged AS (
                    SELECT date, COUNT(*) AS due, COUNT(*) FILTER (WHERE state = 'kept') AS kept
                      FROM payment_promise
                     WHERE company_id = %s AND date BETWEEN %s AND %s AND state IN ('kept', 'broken')
                     GROUP BY date
                )
                SELECT date, 'promises_due', due FROM judged
                UNION ALL
                SELECT date, 'promises_kept', kept FROM judged
                """,
                self.id,
                first,
                last,
            )
        )

    def _get_first_changed_match(self):
        """The earliest bank date of a payment that was decided or undone since the figures were computed.

        A decision carries the time at which its transaction began, so an hour more is looked at.
        """
        self.env["payment.match"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT MIN(match.date) FROM payment_match match
                 WHERE match.company_id = %(company)s
                   AND match.write_date >= (SELECT MAX(write_date) - interval '1 hour' FROM receivable_kpi
                                             WHERE company_id = %(company)s)
                   AND match.date >= (SELECT MIN(date) FROM receivable_kpi WHERE company_id = %(company)s)
                """,
                company=self.id,
            )
        )[0][0]
