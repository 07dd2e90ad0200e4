from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import Action, Source


class ReceivableWorklist(models.AbstractModel):
    """Letters that wait for approval, and letters that could not be sent."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        tones = dict(self.env["dunning.reminder"]._fields["tone"]._description_selection(self.env))
        reasons = dict(self.env["dunning.reminder"]._fields["hold_reason"]._description_selection(self.env))
        return {
            **super()._get_sources(),
            "approval": Source(
                label=self.env._("Letter to approve"),
                icon="fa-check-square-o",
                weight=Weight(Decimal("0.5"), horizon=7),
                query=self._get_letter_query("waiting"),
                describe=lambda row: tones.get(row["detail"], ""),
                actions=(
                    Action("approve", self.env._("Approve"), self._approve_letter),
                    Action("open", self.env._("Read"), self._open_letter),
                    Action("cancel", self.env._("Not Today"), self._cancel_letter),
                ),
                open_all=lambda: self._open_xmlid("action_outbox", context={"search_default_waiting": 1}),
            ),
            "failed_letter": Source(
                label=self.env._("Letter that could not be sent"),
                icon="fa-exclamation-triangle",
                weight=Weight(Decimal("0.6"), horizon=7),
                query=self._get_letter_query("failed"),
                describe=lambda row: reasons.get(row["detail"], ""),
                actions=(
                    Action("open", self.env._("Open"), self._open_letter),
                    Action("contact", self.env._("Customer"), self._open_letter_customer),
                ),
                open_all=lambda: self._open_xmlid(
                    "action_reminders_sent", context={"search_default_failed": 1}
                ),
            ),
        }

    def _get_letter_query(self, state):
        """Letters of one state about what is still open; a failed one only until another got through."""
        return SQL(
            """
            SELECT letter.id AS res_id, letter.partner_id, NULL::int AS user_id, open.amount,
                   %(today)s - letter.date AS days, letter.invoice_count AS number, %(detail)s AS detail
              FROM dunning_reminder letter
             CROSS JOIN LATERAL (
                   SELECT SUM(item.amount_residual) AS amount
                     FROM dunning_reminder_line covered
                     JOIN account_move_line item ON item.id = covered.move_line_id
                    WHERE covered.reminder_id = letter.id) open
             WHERE letter.company_id = %(company)s AND letter.state = %(state)s
               AND (letter.state = 'waiting' OR (
                    open.amount > 0 AND letter.date > %(today)s - 30
                    AND NOT EXISTS (SELECT 1 FROM dunning_reminder later
                                     WHERE later.partner_id = letter.partner_id
                                       AND later.company_id = letter.company_id
                                       AND later.currency_id = letter.currency_id
                                       AND later.id > letter.id AND later.state IN ('sent', 'failed'))))
            """,
            today=self.env.company._receivables_today(),
            company=self.env.company.id,
            state=state,
            detail=SQL.identifier("letter", "tone" if state == "waiting" else "hold_reason"),
        )

    def _approve_letter(self, key):
        letter = self.env["dunning.reminder"].browse(key)
        letter.action_approve()
        if not letter.company_id.dunning_auto_send:
            return self.env._("Approved; it waits in the outbox to be sent.")
        # Where letters leave by themselves, an approved one does too: the next run may be tomorrow.
        sent = letter.send()
        if not sent:
            return self.env._("Approved, but the last check stopped it: %s", letter.why or "")
        return self.env._("Approved and on its way.")

    def _cancel_letter(self, key):
        self.env["dunning.reminder"].browse(key).action_cancel()
        return self.env._("Left out today; the step comes again with the next run.")

    def _open_letter(self, key):
        return self._open(self.env._("Reminder"), "dunning.reminder", res_id=key)

    def _open_letter_customer(self, key):
        return self._open_partner(self.env["dunning.reminder"].browse(key).partner_id.id)
