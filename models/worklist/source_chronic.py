from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import Action, Source

#: A debtor is new for so many days.
NEW_DAYS = 14


class ReceivableWorklist(models.AbstractModel):
    """Customers who have become chronic or problem debtors lately."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        debtors = [
            ("segment_id.code", "in", ("chronic", "problem")),
            ("company_id", "=", self.env.company.id),
        ]
        return {
            **super()._get_sources(),
            "chronic": Source(
                label=self.env._("New chronic debtor"),
                icon="fa-user-times",
                weight=Weight(Decimal("0.4"), horizon=NEW_DAYS, gives_way=True),
                query=SQL(
                    """
                    SELECT profile.partner_id AS res_id, profile.partner_id, profile.user_id,
                           GREATEST(debt.amount, 0) AS amount, %(today)s - change.date AS days, 1 AS number,
                           change.reason AS detail
                      FROM payer_profile profile
                      JOIN payer_segment segment ON segment.id = profile.segment_id
                      JOIN LATERAL (
                           SELECT change.date, change.reason, change.old_segment_id
                             FROM payer_segment_change change
                            WHERE change.profile_id = profile.id
                            ORDER BY change.date DESC, change.id DESC LIMIT 1) change ON TRUE
                      LEFT JOIN payer_segment former ON former.id = change.old_segment_id
                      LEFT JOIN LATERAL (
                           SELECT SUM(item.amount_residual) AS amount
                             FROM account_move_line item
                             JOIN res_partner customer ON customer.id = item.partner_id
                            WHERE item.company_id = %(company)s AND item.parent_state = 'posted'
                              AND item.account_id IN %(accounts)s AND item.reconciled IS NOT TRUE
                              AND customer.commercial_partner_id = profile.partner_id) debt ON TRUE
                     WHERE profile.company_id = %(company)s AND segment.code IN ('chronic', 'problem')
                       AND change.date > %(today)s - %(new)s
                       -- The first night after an installation finds the old ones: they are no news.
                       AND change.old_segment_id IS NOT NULL
                       AND (former.code IS NULL OR former.code NOT IN ('chronic', 'problem'))
                    """,
                    today=self.env.company._receivables_today(),
                    company=self.env.company.id,
                    accounts=self.env.company._get_receivable_account_ids(),
                    new=NEW_DAYS,
                ),
                describe=lambda row: row["detail"] or "",
                actions=(
                    Action("profile", self.env._("Payer"), self._open_profile),
                    Action("contact", self.env._("Customer"), self._open_partner),
                ),
                open_all=lambda: self._open(self.env._("Chronic debtors"), "payer.profile", debtors),
            ),
        }
