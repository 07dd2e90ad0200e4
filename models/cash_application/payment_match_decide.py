"""From bank lines to decisions: decided by core, stored in one go."""

import hashlib
from collections import Counter

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import LockError
from odoo.tools import mute_logger

from ...core import matching
from ...core.positions import PrepaidOrder

# A decision in these states is final: the matching never touches such a line by itself again.
FINAL_STATES = ("applied", "undone", "dismissed")


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    payment_match_ids = fields.One2many("payment.match", "statement_line_id", "Payment Match", readonly=True)

    def match_payments(self) -> dict:
        """Decide which open items these bank lines pay, and apply what is certain.

        Lines that are reconciled, that a person has decided, undone or dismissed, or that
        another worker has in hands are left alone; calling it again changes only what new facts change.

        :return: how many of the lines that were open stand now as
            ``{"applied": n, "suggested": n, "manual": n}``.
        """
        self.check_access("read")
        self.env["payment.match"].check_access("write")
        # sudo: whoever applies cash need not own all rights of accounting; the user stays the author.
        self = self.sudo()
        counts = Counter(applied=0, suggested=0, manual=0)
        for company, lines in self.grouped("company_id").items():
            matches = lines.with_company(company)._decide_payments()
            certain = matches.filtered("is_automatic")
            certain._apply_in_batches()
            counts.update(matches.mapped("state"))
        return dict(counts)

    def _decide_payments(self):
        """Store a decision for each of these lines of one company that is still open.

        :return: the decisions; those that may be applied at once have ``is_automatic``.
        """
        company = self.company_id
        free = self.try_lock_for_update(allow_referencing=True)
        matches = self.env["payment.match"].search([("statement_line_id", "in", free.ids)])
        by_line = {match.statement_line_id: match for match in matches}
        open_lines = free.filtered(
            lambda line: (
                line.state == "posted"
                and not line.is_reconciled
                and by_line.get(line, matches.browse()).state not in FINAL_STATES
            )
        )
        if not open_lines:
            return matches.browse()
        decisions, positions = company._decide_transactions(
            [line._to_match_transaction() for line in open_lines]
        )
        return open_lines._store_decisions(decisions, positions, by_line)

    def _store_decisions(self, decisions, positions, by_line=None, extra=None):
        """Write these decisions of core, one for each line, with their candidates; the first is preselected.

        :param positions: the receivable positions and prepaid orders by key
        :param by_line: the older decisions, by line
        :param extra: further values of a new decision, by line
        :return: the decisions, in the order of the lines
        """
        Match = self.env["payment.match"]
        created, stale, result = [], Match, {}
        candidates = []
        for line, decision in zip(self, decisions, strict=True):
            values = line._prepare_match_values(decision)
            match = (by_line or {}).get(line)
            if match and match.decision_key == values["decision_key"]:
                result[line] = match
                continue
            candidates.append((line, line._prepare_match_candidates(decision, positions)))
            if match:
                if match.is_hands_only:
                    values["is_automatic"] = False
                if match.verdict:
                    # Once a person has judged the proposal, another one does not make it unsaid.
                    del values["proposed_reason"]
                stale += match
                match.write({**values, "note": False})
                result[line] = match
            else:
                created.append((line, {**values, **(extra or {}).get(line, {})}))
        stale.candidate_ids.unlink()
        result |= zip(
            [line for line, _values in created], self._create_matches([v for _l, v in created]), strict=True
        )
        self.env["payment.match.candidate"].create(
            [{**values, "match_id": result[line].id} for line, listed in candidates for values in listed]
        )
        matches = Match.union(*(result[line] for line in self))
        matches.filtered(lambda match: not match.candidate_id)._preselect()
        return matches

    def _create_matches(self, values_list):
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.env["payment.match"].create(values_list)
        except UniqueViolation:
            raise LockError(
                self.env._("Another run has just decided some of these lines. Try again in a minute.")
            ) from None

    def _prepare_match_values(self, decision: matching.Decision) -> dict:
        """Values of the payment.match of this line."""
        self.ensure_one()
        Match = self.env["payment.match"]
        purpose = self._get_match_purpose()
        currency = self.foreign_currency_id or self.currency_id
        key = repr(
            (decision.outcome, decision.reason, decision.score, decision.allocations, decision.candidates)
        )
        return {
            "statement_line_id": self.id,
            "currency_id": currency.id,
            "date": self.date,
            "amount": self.amount_currency if self.foreign_currency_id else self.amount,
            "payer_name": self.payer_name or self.partner_name or self.partner_id.name,
            "purpose": purpose,
            "purpose_html": Match._mark_evidence(purpose, decision.evidence),
            # What is certain becomes "applied" when it is booked, not before.
            "state": "manual" if decision.outcome == matching.MANUAL else "suggested",
            "is_automatic": decision.outcome == matching.APPLIED,
            "reason": decision.reason,
            "proposed_reason": decision.reason if decision.allocations else False,
            "score": decision.score,
            "evidence": Match._describe_evidence(decision.evidence),
            "partner_id": decision.partner_id or False,
            "is_preselected": bool(decision.allocations),
            "decision_key": hashlib.sha256(key.encode()).hexdigest(),
            "candidate_id": False,
        }

    def _prepare_match_candidates(self, decision: matching.Decision, positions) -> list[dict]:
        Match = self.env["payment.match"]
        result = []
        for sequence, candidate in enumerate(decision.candidates):
            if not candidate.allocations:
                continue
            paid = [positions[key] for key, _amount in candidate.allocations]
            lines = [
                {**_prepare_match_line(position), "amount": float(amount)}
                for position, (_key, amount) in zip(paid, candidate.allocations, strict=True)
            ]
            if paid[0].currency != (self.foreign_currency_id or self.currency_id).name:
                self._share_in_own_currency(lines, paid)
            outcome = False
            # An order that is not paid in full has no item whose rest could be closed.
            if candidate.reason == "tolerance" and not any(map(_is_order, paid)):
                outcome = self._close_small_rest(lines, paid)
            result.append(
                {
                    "sequence": sequence,
                    "partner_id": candidate.partner_id or False,
                    "score": candidate.score,
                    "reason": candidate.reason,
                    "evidence": Match._describe_evidence(candidate.evidence),
                    "outcome": outcome,
                    "line_ids": [fields.Command.create(values) for values in lines],
                }
            )
        return result


def _is_order(position) -> bool:
    return isinstance(position, PrepaidOrder)


def _prepare_match_line(position) -> dict:
    if _is_order(position):
        return {"kind": "advance", "sale_order_id": position.order_id}
    return {"move_id": position.move_id, "position": position.position, "line_id": position.line_id}


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    is_preselected = fields.Boolean(readonly=True)
    is_hands_only = fields.Boolean(
        "Never by Itself",
        readonly=True,
        help="Somebody undid or reopened it: only a person applies it again.",
    )

    def _preselect(self):
        """Make the first candidate the proposal where the decision has chosen one."""
        for match in self:
            if match.is_preselected and match.candidate_ids:
                match.candidate_id = match.candidate_ids[0]

    def action_match_open(self):
        """Match all open lines of the bank and cash journals of the chosen companies."""
        lines = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("is_reconciled", "=", False),
                ("state", "=", "posted"),
            ]
        )
        counts = lines.match_payments()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if counts["applied"] else "info",
                "title": self.env._("Payments matched"),
                "message": self.env._(
                    "%(applied)s applied, %(suggested)s suggested, %(manual)s left to decide.", **counts
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_rematch(self):
        """Look again at lines that are not applied; what is found is only suggested."""
        matches = self._as_bookkeeper().filtered(lambda match: match.state != "applied")
        matches.write({"state": "manual", "decision_key": False, "is_hands_only": True})
        for company, lines in matches.statement_line_id.grouped("company_id").items():
            lines.with_company(company)._decide_payments()
        return True
