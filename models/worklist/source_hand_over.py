from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import Action, Source


class ReceivableWorklist(models.AbstractModel):
    """Customers whose automatic letters have ended: a person goes on. With the lawyer, it is his turn."""

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
                    SELECT handover.id AS res_id, handover.partner_id, handover.owner_id AS user_id,
                           owed.amount, %(today)s - handover.date AS days, owed.number,
                           handover.reason AS detail
                      FROM dunning_handover handover
                     CROSS JOIN LATERAL (
                           SELECT SUM(item.amount_residual) AS amount,
                                  COUNT(*) FILTER (WHERE item.amount_residual > 0) AS number
                             FROM account_move_line item
                             JOIN res_partner customer ON customer.id = item.partner_id
                            WHERE item.company_id = %(company)s AND item.parent_state = 'posted'
                              AND item.account_id IN %(accounts)s AND item.reconciled IS NOT TRUE
                              AND customer.commercial_partner_id = handover.partner_id) owed
                     WHERE handover.company_id = %(company)s AND handover.state = 'open'
                       AND owed.amount > 0
                    """,
                    today=self.env.company._receivables_today(),
                    company=self.env.company.id,
                    accounts=self.env.company._get_receivable_account_ids(),
                ),
                describe=lambda row: row["detail"] or "",
                actions=(
                    Action(
                        "open",
                        self.env._("Case"),
                        lambda key: self._open(self.env._("Case"), "dunning.handover", res_id=key),
                    ),
                    Action(
                        "debts",
                        self.env._("Debts"),
                        lambda key: self._open_debts(self.env["dunning.handover"].browse(key).partner_id.id),
                    ),
                ),
                open_all=lambda: self._open_xmlid("action_handovers"),
            ),
        }
