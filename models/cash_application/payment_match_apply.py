"""Carrying decisions out on the books: apply in batches, undo, dismiss.

The suspense item of a bank line becomes its counterpart in place, one item per
document paid, and everything of a batch is reconciled in one plan.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, split_every

from .match_counterparts import still_open

BATCH = 250


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    def action_apply(self, candidate=None):
        """Apply the proposals of these lines, or one candidate of one line.

        :raises UserError: when nothing is chosen, or the books have changed meanwhile.
        """
        self = self._as_bookkeeper()
        if candidate:
            self.ensure_one()
            if isinstance(candidate, int):  # from a remote call
                candidate = self.env["payment.match.candidate"].browse(candidate)
            if candidate not in self.candidate_ids:
                raise UserError(self.env._("Choose at least one open item."))
            self.candidate_id = candidate
        missing = self.filtered(lambda match: not match.candidate_id)
        if missing:
            raise UserError(
                self.env._(
                    "Choose one of the candidates first, nothing is preselected for: %s",
                    ", ".join(missing[:5].mapped("display_name")),
                )
            )
        self._apply_by_hand()
        return True

    def action_accept(self):
        """Accept all of the selected lines that have a proposal; the list's button."""
        self = self._as_bookkeeper()
        ready = self.filtered(
            lambda match: match.state in ("suggested", "manual", "undone") and match.candidate_id
        )
        if not ready:
            raise UserError(self.env._("None of the selected lines has a proposal to accept."))
        refused = ready._apply_in_batches(by_hand=True)
        message = self.env._("%s applied.", len(ready) - len(refused))
        if refused:
            message += " " + self.env._(
                "%s have changed or could not be booked, see their reason.", len(refused)
            )
        if len(ready) < len(self):
            message += " " + self.env._("%s without a proposal were left.", len(self) - len(ready))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_apply_chosen(self):
        """Apply what the person has chosen by hand, oldest due date first."""
        self.ensure_one()
        self = self._as_bookkeeper()
        items = self.hand_line_ids.sorted(lambda item: (item.date_maturity or item.date, item.id))
        if not items:
            raise UserError(self.env._("Choose at least one open item."))
        self._check_items(items)
        if items.currency_id != self.currency_id:
            raise UserError(self.env._("All chosen items have to be in %s.", self.currency_id.name))
        self._check_open()
        # Credits first: they make the payment reach further.
        left, values = self.amount, []
        for item in items.sorted(lambda item: item.amount_residual_currency >= 0):
            if self.amount < 0:
                part = max(item.amount_residual_currency, left) if item.amount_residual_currency < 0 else 0.0
            else:
                part = min(item.amount_residual_currency, left)
            if self.currency_id.is_zero(part) or (item.amount_residual_currency > 0 and part < 0):
                continue
            left -= part
            values.append(self._prepare_allocation(item, part))
        self._apply_chosen(items[:1], values)
        self.hand_line_ids = False
        return True

    def action_dismiss(self):
        """Not a customer payment: leave the line to the accountant, ask no more."""
        if self.filtered(lambda match: match.state == "applied"):
            raise UserError(self.env._("Undo an applied line first."))
        self = self._as_bookkeeper()
        self._judge_proposals(right=False)
        self._write_decided({"state": "dismissed", "candidate_id": False, "is_hands_only": True})
        return True

    def action_open_statement_line(self):
        self.ensure_one()
        return self.statement_line_id.move_id.get_formview_action()

    def _as_bookkeeper(self):
        """These records with the right to book: whoever may decide matches need not own accounting rights.

        The user stays the author of what is booked.
        """
        self.check_access("write")
        return self.sudo()

    def _apply_by_hand(self):
        self._check_applicable()
        refused = self._apply_in_batches(by_hand=True)
        if refused:
            match, (reason, note) = next(iter(refused.items()))
            label = dict(self._fields["reason"]._description_selection(self.env))[reason]
            raise UserError(f"{match.display_name}: {note or label}")

    def _check_open(self):
        for match in self:
            if match.state == "applied" or match.statement_line_id.is_reconciled:
                raise UserError(self.env._("%s is reconciled already.", match.display_name))

    def _check_applicable(self):
        self._check_open()
        for match in self:
            if match.amount <= 0 and not match.candidate_id.reco_model_id and not match._is_refund():
                raise UserError(
                    self.env._(
                        "%s is an outgoing payment: all of it has to go to credit notes or credits.",
                        match.display_name,
                    )
                )

    def _is_refund(self) -> bool:
        """Whether money that leaves pays credits back, all of it."""
        parts = self.candidate_id.line_ids
        return (
            self.amount < 0
            and all(part.kind == "pay" and part.amount < 0 for part in parts)
            and self.currency_id.is_zero(self.amount - sum(parts.mapped("amount")))
        )

    def _apply_in_batches(self, by_hand=False) -> dict:
        """Apply the proposals; what cannot be applied goes back to suggested with its reason.

        :return: ``{match: (reason, note)}`` of those.
        """
        refused = {}
        for ids in split_every(BATCH, self.ids):
            batch = self.browse(ids)
            try:
                with self.env.cr.savepoint():
                    refused |= batch._apply_batch(by_hand)
            except (UserError, ValidationError):
                # One failure blocks nobody: the same batch again, line by line.
                for match in batch:
                    try:
                        with self.env.cr.savepoint():
                            refused |= match._apply_batch(by_hand)
                    except (UserError, ValidationError) as error:
                        refused[match] = ("refused", str(error))
        for match, (reason, note) in refused.items():
            match.write({"state": "suggested", "reason": reason, "note": note, "decision_key": False})
        return refused

    def _apply_batch(self, by_hand) -> dict:
        refused = self._recheck()
        ready = self - self.browse([match.id for match in refused])
        if ready:
            ready._post()
            ready._write_decided({"state": "applied", "is_automatic": not by_hand, "note": False})
            if by_hand:
                self.env["payer.alias"]._learn(ready)
                ready._judge_proposals()
                # What a person has confirmed is the candidate, for its reason.
                for match in ready:
                    candidate = match.candidate_id
                    match.write(
                        {
                            "partner_id": (candidate.partner_id or match.partner_id).id,
                            "reason": candidate.reason,
                            "score": candidate.score,
                            "evidence": candidate.evidence,
                        }
                    )
        return refused

    def _recheck(self) -> dict:
        """Lock what is about to change and look whether it still is as it was decided."""
        lines = self.statement_line_id
        allocations = self.candidate_id.line_ids
        items = allocations.line_id
        rests = allocations.sale_order_id._lock_rests()
        free = lines.try_lock_for_update(allow_referencing=True)
        free_items = items.try_lock_for_update(allow_referencing=True)
        items.invalidate_recordset(
            ["amount_residual", "amount_residual_currency", "reconciled", "parent_state"]
        )
        locked = {}
        for line in lines:
            key = (line.company_id, line.date, line.journal_id)
            if key not in locked:
                dates = line.company_id._get_violated_lock_dates(line.date, False, line.journal_id)
                locked[key] = dates and self.env._(
                    "%(day)s lies in a locked period: %(locks)s.",
                    day=format_date(self.env, line.date),
                    locks=line.company_id._format_lock_dates(dates),
                )
        refused, promised = {}, {}
        for match in self:
            line = match.statement_line_id
            parts = match.candidate_id.line_ids.filtered(lambda part: part.kind == "pay")
            note = locked[line.company_id, line.date, line.journal_id]
            if note:
                refused[match] = ("locked", note)
            elif (
                line not in free
                or line.is_reconciled
                or match.candidate_id.match_id != match
                or not match._fits()
                or any(part.line_id not in free_items for part in parts)
                or not all(
                    still_open(part.line_id, *part._get_claim(), promised.get(part.line_id, 0.0))
                    for part in parts
                )
                or not match._fits_orders(rests)
            ):
                refused[match] = ("changed", False)
            else:
                for part in parts:
                    promised[part.line_id] = promised.get(part.line_id, 0.0) + part._get_claim()[1]
                for part in match.candidate_id._get_order_lines():
                    rests[part.sale_order_id] -= part.amount
        return refused

    def _fits(self) -> bool:
        """Whether the candidate says what becomes of the money, and of no more than there is."""
        candidate = self.candidate_id
        if candidate.reco_model_id:
            return True
        if self.amount <= 0:
            return self._is_refund()
        if not candidate.line_ids:
            return candidate.outcome == "advance" and bool(candidate.partner_id)
        given = sum(candidate.line_ids.mapped("amount"))
        return self.currency_id.compare_amounts(given, self.amount) <= 0

    def _write_decided(self, values):
        self.write({**values, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.filtered(lambda match: match.state == "applied" and match.statement_line_id.is_reconciled):
            raise UserError(self.env._("Undo an applied line before deleting its decision."))
