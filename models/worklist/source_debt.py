from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import Action, Source

#: Without an amount in the settings: who holds so much of all that is overdue.
LARGE_SHARE = 0.05


class ResCompany(models.Model):
    _inherit = "res.company"

    large_overdue = fields.Monetary(
        help="Customers who owe at least this past its due date are shown on the screen of today. "
        "0: those who hold at least 5 % of all that is overdue.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    large_overdue = fields.Monetary(
        related="company_id.large_overdue", readonly=False, currency_field="currency_id"
    )


class ReceivableWorklist(models.AbstractModel):
    """Customers who owe much past its due date."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        overdue = [("bucket", "in", ("b1", "b2", "b3", "b4")), ("company_id", "=", self.env.company.id)]
        return {
            **super()._get_sources(),
            "large_overdue": Source(
                label=self.env._("Large overdue debt"),
                icon="fa-calendar-times-o",
                # What is old already is seldom changed by one more call.
                weight=Weight(Decimal("0.6"), horizon=30, half_life=90, gives_way=True),
                query=self._get_debt_query(),
                describe=lambda row: self.env._("Invoices past due: %s", row["number"]),
                actions=(
                    Action("debts", self.env._("Debts"), self._open_debts),
                    Action("profile", self.env._("Payer"), self._open_profile),
                ),
                open_all=lambda: self._open(
                    self.env._("Overdue"),
                    "receivable.aging",
                    overdue,
                    context={"group_by": "partner_id"},
                ),
            ),
        }

    def _get_debt_query(self):
        """Overdue per customer, less what is open in the customer's favour; without disputed invoices."""
        company = self.env.company
        return SQL(
            """
            SELECT debt.partner_id AS res_id, debt.partner_id, NULL::int AS user_id, debt.amount, debt.days,
                   debt.number, NULL AS detail
              FROM (SELECT open_item.partner_id,
                           LEAST(SUM(residual) FILTER (WHERE is_late), SUM(residual)) AS amount,
                           %(today)s - MIN(due) FILTER (WHERE is_late) AS days,
                           COUNT(*) FILTER (WHERE is_late) AS number,
                           SUM(SUM(residual) FILTER (WHERE is_late)) OVER () AS total
                      FROM (SELECT customer.commercial_partner_id AS partner_id,
                                   item.amount_residual AS residual,
                                   COALESCE(item.date_maturity, item.date) AS due,
                                   item.amount_residual > 0
                                   AND COALESCE(item.date_maturity, item.date) < %(today)s
                                   AND item.move_id NOT IN (SELECT move_id FROM invoice_dispute
                                                             WHERE state = 'open') AS is_late
                              FROM account_move_line item
                              JOIN res_partner customer ON customer.id = item.partner_id
                             WHERE item.company_id = %(company)s AND item.parent_state = 'posted'
                               AND item.account_id IN %(accounts)s AND item.reconciled IS NOT TRUE
                           ) open_item
                     GROUP BY open_item.partner_id) debt
             WHERE debt.amount > 0 AND debt.number > 0
               AND debt.amount >= COALESCE(NULLIF(%(limit)s, 0), %(share)s * debt.total)
            """,
            today=company._receivables_today(),
            company=company.id,
            accounts=company._get_receivable_account_ids(),
            limit=company.large_overdue,
            share=LARGE_SHARE,
        )
