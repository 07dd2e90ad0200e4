from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import Action, Source


class ReceivableWorklist(models.AbstractModel):
    """Customers whose automatic letters have ended: a person goes on."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        return {
            **super()._get_sources(),
            "hand_over": Source(
                label=self.env._("Handed over to a person"),
                icon="fa-hand-paper-o",
                weight=Weight(Decimal("0.35"), horizon=21),
                query=SQL(
                    """
                    SELECT letter.partner_id AS res_id, letter.partner_id, NULL::int AS user_id,
                           owed.amount, %(today)s - letter.date AS days, owed.number, NULL AS detail
                      FROM (SELECT partner_id, MIN(date) AS date, ARRAY_AGG(id) AS ids
                              FROM dunning_reminder
                             WHERE company_id = %(company)s AND state = 'handed_over'
                             GROUP BY partner_id) letter
                     CROSS JOIN LATERAL (
                           SELECT SUM(item.amount_residual) AS amount, COUNT(*) AS number
                             FROM account_move_line item
                            WHERE item.reconciled IS NOT TRUE AND item.amount_residual > 0
                              AND item.id IN (SELECT covered.move_line_id FROM dunning_reminder_line covered
                                               WHERE covered.reminder_id = ANY (letter.ids))
                           ) owed
                     WHERE owed.amount > 0
                    """,
                    today=self.env.company._receivables_today(),
                    company=self.env.company.id,
                ),
                describe=lambda row: self.env._("Letters have ended, invoices open: %s", row["number"]),
                actions=(
                    Action("profile", self.env._("Payer"), self._open_profile),
                    Action("debts", self.env._("Debts"), self._open_debts),
                ),
                open_all=lambda: self._open_xmlid(
                    "action_reminders_sent", context={"search_default_handed_over": 1}
                ),
            ),
        }
