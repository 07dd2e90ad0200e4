"""Carrying decisions out on the books: apply in batches, undo, dismiss.

The suspense item of a bank line becomes its counterpart in place, one item per
document paid, and everything of a batch is reconciled in one plan.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import split_every

BATCH = 250
# Odoo's own keys: entry and bank line are kept in step here, for the whole batch at once.
QUIET = {
    "skip_account_move_synchronization": True,
    "skip_invoice_sync": True,
    "skip_readonly_check": True,
    "check_move_validity": False,
    "tracking_disable": True,
}


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
        # The list shows nothing else; a remote call may ask for anything, and booking runs with sudo.
        if items.filtered(
            lambda item: (
                item.company_id != self.company_id
                or item.account_type != "asset_receivable"
                or item.parent_state != "posted"
                or item.reconciled
            )
        ):
            raise UserError(self.env._("Choose at least one open item."))
        if items.currency_id != self.currency_id:
            raise UserError(self.env._("All chosen items have to be in %s.", self.currency_id.name))
        self._check_applicable()
        # Credits first: they make the payment reach further.
        left, values = self.amount, []
        for item in items.sorted(lambda item: item.amount_residual_currency >= 0):
            part = min(item.amount_residual_currency, left)
            if self.currency_id.is_zero(part) or (item.amount_residual_currency > 0 and part < 0):
                continue
            left -= part
            values.append(
                {"line_id": item.id, "move_id": item.move_id.id, "position": _rank(item), "amount": part}
            )
        candidate = self.env["payment.match.candidate"].create(
            {
                "match_id": self.id,
                "sequence": -1,
                "partner_id": items[0].partner_id.commercial_partner_id.id,
                "score": 100,
                "reason": "by_hand",
                "evidence": self.env._("chosen by %s", self.env.user.name),
                "line_ids": [fields.Command.create(value) for value in values],
            }
        )
        self.action_apply(candidate)
        self.hand_line_ids = False
        return True

    def action_undo(self):
        """Back to suspense, what was paid is open again; such a line is never applied by itself again."""
        applied = self._as_bookkeeper().filtered(lambda match: match.state == "applied")
        if not applied:
            raise UserError(self.env._("Only applied lines can be undone."))
        # The override of account.bank.statement.line below notes it here.
        applied.statement_line_id.action_undo_reconciliation()
        return True

    def action_dismiss(self):
        """Not a customer payment: leave the line to the accountant, ask no more."""
        if self.filtered(lambda match: match.state == "applied"):
            raise UserError(self.env._("Undo an applied line first."))
        self._as_bookkeeper()._write_decided(
            {"state": "dismissed", "candidate_id": False, "is_hands_only": True}
        )
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

    def _check_applicable(self):
        for match in self:
            if match.state == "applied" or match.statement_line_id.is_reconciled:
                raise UserError(self.env._("%s is reconciled already.", match.display_name))
            if match.amount <= 0:
                raise UserError(self.env._("%s is an outgoing payment.", match.display_name))

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
                locked[key] = bool(dates)
        refused, promised = {}, {}
        for match in self:
            line = match.statement_line_id
            parts = match.candidate_id.line_ids
            if locked[line.company_id, line.date, line.journal_id]:
                refused[match] = ("locked", False)
            elif (
                line not in free
                or line.is_reconciled
                or not parts
                or match.candidate_id.match_id != match
                or any(part.line_id not in free_items for part in parts)
                or match.currency_id.compare_amounts(sum(parts.mapped("amount")), match.amount) > 0
                or not all(_still_open(part, promised.get(part.line_id, 0.0)) for part in parts)
            ):
                refused[match] = ("changed", False)
            else:
                for part in parts:
                    promised[part.line_id] = promised.get(part.line_id, 0.0) + part.amount
        return refused

    def _post(self):
        """Turn suspense into counterparts and reconcile them with what they pay, all at once."""
        quiet = self.with_context(**QUIET)
        lines = quiet.statement_line_id
        moves = self.statement_line_id.move_id
        rewrites, extra, plan = {}, [], []
        for match in quiet:
            line = match.statement_line_id
            _liquidity, suspense, _other = line._seek_for_lines()
            first, *others = match._prepare_counterparts(suspense)
            rewrites.setdefault(tuple(sorted(first[0].items())), []).append((match, suspense, first[1]))
            extra += [(match, values, paid) for values, paid in others]
        container = {"records": moves}
        with moves._check_balanced(container):
            for partner, matches in quiet.grouped(lambda match: match._get_counterpart_partner()).items():
                # An applied line keeps the partner it had, to be given back by an undo.
                for previous, same in matches.grouped(
                    lambda match: match.statement_line_id.partner_id
                ).items():
                    same.write({"previous_partner_id": previous.id})
                matches.statement_line_id.write({"partner_id": partner.id})
                matches.statement_line_id.move_id.write({"partner_id": partner.id})
                liquidity = matches.statement_line_id.move_id.line_ids.filtered(
                    lambda item: item.account_id == item.journal_id.default_account_id
                )
                liquidity.write({"partner_id": partner.id})
            for values, group in rewrites.items():
                suspense = lines.env["account.move.line"].browse([item.id for _match, item, _paid in group])
                suspense.write(dict(values))
                plan += [(item.id, paid) for _match, item, paid in group]
            created = lines.env["account.move.line"].create([values for _match, values, _paid in extra])
            plan += [(item.id, paid) for item, (_match, _values, paid) in zip(created, extra, strict=True)]
        Item = self.env["account.move.line"]
        Item._reconcile_plan([Item.browse([item_id, paid.id]) for item_id, paid in plan if paid])

    def _get_counterpart_partner(self):
        return (
            self.candidate_id.partner_id
            or self.candidate_id.line_ids.line_id.partner_id[:1].commercial_partner_id
        )

    def _prepare_counterparts(self, suspense) -> list[tuple[dict, models.Model]]:
        """Values of the items that replace the suspense item, each with the open item it pays.

        One per allocation, and one for the rest, which stays open as the
        customer's credit. Company-currency amounts follow the bank's own rate.
        """
        self.ensure_one()
        company_currency = self.company_id.currency_id
        currency = suspense.currency_id
        parts = [(part.line_id, part.amount) for part in self.candidate_id.line_ids]
        rest = currency.round(self.amount - sum(amount for _item, amount in parts))
        if not currency.is_zero(rest):
            parts.append((suspense.browse(), rest))
        total, balance_left = suspense.amount_currency, suspense.balance
        values = []
        for place, (item, amount) in enumerate(parts, 1):
            balance = company_currency.round(suspense.balance * -amount / total)
            if place == len(parts):
                balance = balance_left
            balance_left -= balance
            account = item.account_id or parts[0][0].account_id
            partner = item.partner_id or self._get_counterpart_partner()
            vals = {"account_id": account.id, "partner_id": partner.id}
            if len(parts) > 1:
                vals |= {"amount_currency": -amount, "balance": balance}
            if place > 1:
                vals |= {
                    "move_id": suspense.move_id.id,
                    "name": suspense.name,
                    "currency_id": currency.id,
                }
            values.append((vals, item))
        return values

    def _write_decided(self, values):
        self.write({**values, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.filtered(lambda match: match.state == "applied" and match.statement_line_id.is_reconciled):
            raise UserError(self.env._("Undo an applied line before deleting its decision."))


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
        matches._write_decided({"state": "undone", "is_automatic": False, "is_hands_only": True})
        return result


def _still_open(part, promised: float) -> bool:
    """Whether the open item still bears this part, beside what the batch has promised of it."""
    item, currency = part.line_id, part.currency_id
    residual = item.amount_residual_currency
    return (
        item.parent_state == "posted"
        and not item.reconciled
        and item.currency_id == currency
        and (residual > 0) == (part.amount > 0)
        and currency.compare_amounts(abs(promised + part.amount), abs(residual)) <= 0
    )


def _rank(item) -> int:
    """The position number of a receivable item, as `_get_receivable_positions` counts."""
    items = item.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
    ordered = items.sorted(lambda line: (line.date_maturity or line.date, line.id))
    return ordered.ids.index(item.id) + 1
