from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import CASH, SEPARATOR, Action, Source


class ReceivableWorklist(models.AbstractModel):
    """Money that came in and that no invoice has taken yet."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        reasons = dict(self.env["payment.match"]._fields["reason"]._description_selection(self.env))

        def describe(row):
            reason, _mark, payer = (row["detail"] or "").partition(SEPARATOR)
            return " · ".join(filter(None, [payer, reasons.get(reason)]))

        return {
            **super()._get_sources(),
            "unmatched": Source(
                label=self.env._("Money without an invoice"),
                icon="fa-question-circle",
                # The money is there already: a look is all it takes, and each day blocks reminders.
                weight=Weight(Decimal("0.95"), horizon=5),
                query=SQL(
                    """
                    SELECT match.id AS res_id, partner.commercial_partner_id AS partner_id,
                           NULL::int AS user_id, ABS(move.amount_total_signed) AS amount,
                           %(today)s - match.date AS days, 1 AS number,
                           CONCAT(match.reason, %(separator)s,
                                  NULLIF(match.payer_name, partner.name)) AS detail
                      FROM payment_match match
                      JOIN account_bank_statement_line line ON line.id = match.statement_line_id
                      JOIN account_move move ON move.id = line.move_id
                      LEFT JOIN res_partner partner ON partner.id = match.partner_id
                     WHERE match.company_id = %(company)s AND match.amount > 0
                       AND match.state IN ('suggested', 'manual', 'undone')
                       AND match.reason IS DISTINCT FROM 'own_transfer'
                    """,
                    today=self.env.company._receivables_today(),
                    separator=SEPARATOR,
                    company=self.env.company.id,
                ),
                describe=describe,
                actions=(
                    Action("decide", self.env._("Decide"), self._decide_payment),
                    Action(
                        "open",
                        self.env._("Open"),
                        lambda key: self._open(self.env._("Payment"), "payment.match", res_id=key),
                    ),
                ),
                open_all=lambda: self.env["ir.actions.client"]._for_xml_id(
                    "invoice_to_cash.action_reconciliation"
                ),
                groups=(CASH,),
            ),
        }

    def _decide_payment(self, key):
        """The reconciliation wizard on this line."""
        action = self.env["ir.actions.client"]._for_xml_id("invoice_to_cash.action_reconciliation")
        return {**action, "params": {"domain": [("id", "=", key)]}}
