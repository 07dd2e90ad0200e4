"""The other ways to count the DSO, told with its card: what a CFO compares with another system's figure."""

from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...core import metrics
from .receivable_kpi_cards import number


class ReceivableKpi(models.Model):
    _inherit = "receivable.kpi"

    @api.model
    def _get_dso_variants(self, company, last) -> dict | None:
        """{way of counting: days or None} of the last computed day; in two queries.

        ``true``: each open invoice's age, weighed by its share in the sales of its month. ``conventional``:
        receivables x 30 / sales of the last full month.
        """
        if not last:
            return None
        day = last["date"]
        sales = {
            month: Decimal(str(amount))
            for month, amount in self.env.execute_query(
                SQL(
                    """SELECT date_trunc('month', date)::date, SUM(sales) FROM receivable_kpi
                        WHERE company_id = %s AND date <= %s GROUP BY 1""",
                    company.id,
                    day,
                )
            )
        }
        open_invoices = self.env.execute_query(
            SQL(
                """SELECT date_trunc('month', invoice_date)::date, SUM((%s - invoice_date) * balance)
                     FROM (%s) AS piece WHERE is_invoice GROUP BY 1""",
                day,
                company._get_receivable_pieces(day, day),
            )
        )
        # Per month the days are already in the sum: one "day" of all of them.
        true = metrics.dso_true(
            (1, Decimal(str(weighed)), sales.get(month, Decimal(0))) for month, weighed in open_invoices
        )
        full_month = day.replace(day=1) - relativedelta(months=1)
        conventional = metrics.dso_conventional(
            Decimal(str(last["receivable"] or 0)), sales.get(full_month, Decimal(0))
        )
        return {
            "count_back": number(last["dso_count_back"]),
            "best": number(last["dso_best"]),
            "true": number(true),
            "conventional": number(conventional),
        }
