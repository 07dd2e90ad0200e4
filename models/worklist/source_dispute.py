from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import CASH, COLLECTOR, Action, Source


class ReceivableWorklist(models.AbstractModel):
    """Disputes whose deadline has passed."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        reasons = dict(self.env["invoice.dispute"]._fields["reason"]._description_selection(self.env))
        late = [("is_late", "=", True), ("company_id", "=", self.env.company.id)]
        return {
            **super()._get_sources(),
            "dispute": Source(
                label=self.env._("Dispute past its deadline"),
                icon="fa-gavel",
                weight=Weight(Decimal("0.6")),
                # The disputed sum at the rate of the invoice's booking.
                query=SQL(
                    """
                    SELECT dispute.id AS res_id, dispute.partner_id, dispute.owner_id AS user_id,
                           dispute.amount * ABS(COALESCE(move.amount_total_signed
                                                         / NULLIF(move.amount_total, 0), 1)) AS amount,
                           %(today)s - dispute.deadline AS days, 1 AS number,
                           CONCAT(dispute.reason, ' ', move.name) AS detail
                      FROM invoice_dispute dispute
                      JOIN account_move move ON move.id = dispute.move_id
                     WHERE dispute.company_id = %(company)s AND dispute.state = 'open'
                       AND dispute.deadline < %(today)s
                    """,
                    today=self.env.company._receivables_today(),
                    company=self.env.company.id,
                ),
                describe=lambda row: self._describe_dispute(row, reasons),
                actions=(
                    Action(
                        "open",
                        self.env._("Settle"),
                        lambda key: self._open(self.env._("Dispute"), "invoice.dispute", res_id=key),
                    ),
                    Action("later", self.env._("A Week More"), self._extend_dispute),
                ),
                open_all=lambda: self._open(
                    self.env._("Disputes past their deadline"), "invoice.dispute", late
                ),
                groups=(COLLECTOR, CASH),
            ),
        }

    def _describe_dispute(self, row, reasons):
        reason, _space, number = row["detail"].partition(" ")
        return " · ".join(filter(None, [number, reasons.get(reason)]))

    def _extend_dispute(self, key):
        dispute = self.env["invoice.dispute"].browse(key)
        dispute.deadline = self._in_days(7)
        return self.env._("The owner has a week more.")
