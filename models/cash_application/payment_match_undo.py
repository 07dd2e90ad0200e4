"""Taking a decision back: balances, residuals, learned payers and statuses are as before."""

from odoo import fields, models
from odoo.exceptions import UserError

from .match_counterparts import QUIET

# What was told to the customer and cannot be untold.
_SENT = ("sent", "reminded")


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    def action_undo(self):
        """Back to suspense, what was paid is open again; such a line is never applied by itself again.

        :return: True, or a notification of what has left the house meanwhile and cannot come back
        """
        applied = self._as_bookkeeper().filtered(lambda match: match.state == "applied")
        if not applied:
            raise UserError(self.env._("Only applied lines can be undone."))
        lost = applied._get_what_cannot_come_back()
        # The override of account.bank.statement.line below notes it here.
        applied.statement_line_id.action_undo_reconciliation()
        if not lost:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "cannot_come_back": lost,
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Undone. This cannot come back:"),
                "message": "\n".join(lost),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_what_cannot_come_back(self) -> list[str]:
        """Letters about the invoices and deliveries of their orders that left after the decisions."""
        since, orders = {}, self._get_advanced_orders()
        for match in self:
            for move in match.candidate_id.line_ids.move_id:
                since[move] = min(match.decided_at, since.get(move, match.decided_at))
        if not since and not orders:
            return []
        moves, earliest = self.env["account.move"].union(*since), min(self.mapped("decided_at"))
        result = []
        for event in self.env["invoice.tracking.event"].search(
            [("move_id", "in", moves.ids), ("kind", "in", _SENT), ("moment", ">=", earliest)],
            order="moment, id",
        ):
            if event.moment >= since[event.move_id]:
                day = fields.Datetime.context_timestamp(self, event.moment).date()
                result.append(
                    self.env._(
                        "%(invoice)s: a letter of %(day)s",
                        invoice=event.move_id.name,
                        day=fields.Date.to_string(day),
                    )
                )
        deliveries = self.env["stock.picking"].search(
            [
                ("sale_id", "in", (moves.line_ids.sale_line_ids.order_id | orders).ids),
                ("picking_type_code", "=", "outgoing"),
                ("state", "=", "done"),
                ("date_done", ">=", earliest),
            ]
        )
        result += [
            self.env._(
                "%(order)s: the delivery %(delivery)s", order=picking.sale_id.name, delivery=picking.name
            )
            for picking in deliveries
        ]
        return result


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def action_undo_reconciliation(self):
        """Override of `account` to restore the old partner and to note the undo wherever it was made."""
        # sudo: whoever may undo in accounting need not see our decisions.
        matches = (
            self.env["payment.match"]
            .sudo()
            .search([("statement_line_id", "in", self.ids), ("state", "=", "applied")])
        )
        # Removing a reconciliation copies the entry's partner to the line, so it comes before.
        matches.statement_line_id.line_ids.remove_move_reconcile()
        for partner, undone in matches.grouped("previous_partner_id").items():
            lines = undone.statement_line_id.with_context(**QUIET)
            lines.write({"partner_id": partner.id})
            lines.move_id.write({"partner_id": partner.id})
        result = super().action_undo_reconciliation()
        matches._note_undone()
        return result


class PaymentMatchUndone(models.Model):
    _inherit = "payment.match"

    def _note_undone(self):
        """What else hung on these decisions goes with them."""
        self.env["payer.alias"]._forget(self)
        disputes = self.env["invoice.dispute"].search(
            [("payment_match_id", "in", self.ids), ("state", "=", "open")]
        )
        if disputes:
            disputes.action_withdraw()
        judged = self.filtered(
            lambda match: match.proposed_reason and (match.is_automatic or match.verdict == "confirmed")
        )
        judged.verdict = "undone"
        # What the advance has let go waits again, if it has not left.
        self._get_advanced_orders().picking_ids._update_payment_hold()
        self._write_decided({"state": "undone", "is_automatic": False, "is_hands_only": True})
