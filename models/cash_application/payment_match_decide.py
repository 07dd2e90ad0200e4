"""From bank lines to decisions: facts fetched set-wise, decided by core, stored in one go."""

import hashlib
import unicodedata
from collections import Counter
from decimal import Decimal

from odoo import fields, models

from ...core import matching

# A decision in these states is final: the matching never touches such a line by itself again.
FINAL_STATES = ("applied", "undone", "dismissed")


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    payment_match_ids = fields.One2many("payment.match", "statement_line_id", "Payment Match", readonly=True)

    def match_payments(self) -> dict:
        """Decide which open items these bank lines pay, and apply what is certain.

        Lines that are reconciled, or that a person has decided, undone or dismissed,
        are left alone; calling it again changes only what new facts change.

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
        matches = self.env["payment.match"].search([("statement_line_id", "in", self.ids)])
        by_line = {match.statement_line_id.id: match for match in matches}
        open_lines = self.filtered(
            lambda line: (
                line.state == "posted"
                and not line.is_reconciled
                and by_line.get(line.id, matches.browse()).state not in FINAL_STATES
            )
        )
        if not open_lines:
            return matches.browse()
        positions = company._get_receivable_positions()
        decisions = matching.match(
            [line._to_match_transaction() for line in open_lines],
            [_open_item(position) for position in positions],
            open_lines._get_known_payers(positions),
            company._get_match_settings(),
        )
        line_ids = {position.key: position.line_id for position in positions}
        created, result = [], matches.browse()
        for line, decision in zip(open_lines, decisions, strict=True):
            match = by_line.get(line.id)
            values = line._prepare_match_values(decision, line_ids)
            if not match:
                created.append(values)
            elif match.decision_key == values["decision_key"]:
                result += match
            else:
                match.candidate_ids.unlink()
                if match.is_hands_only:
                    values["is_automatic"] = False
                match.write({**values, "note": False})
                result += match
        result += matches.create(created)
        result._preselect()
        return result

    def _to_match_transaction(self) -> matching.Transaction:
        self.ensure_one()
        currency = self.foreign_currency_id or self.currency_id
        amount = self.amount_currency if self.foreign_currency_id else self.amount
        return matching.Transaction(
            id=self.id,
            date=self.date,
            amount=_decimal(currency, amount),
            currency=currency.name,
            purpose=self._get_match_purpose(),
            payer_name=self.ultimate_payer_name
            or self.payer_name
            or self.partner_name
            or self.partner_id.name
            or "",
            payer_tax_id=self._get_payer_tax_id(),
            payer_account=self.payer_account or self.account_number or "",
            own_transfer=self.own_transfer
            or bool(self.payer_tax_id and self.payer_tax_id == self.company_id.vat),
        )

    def _get_match_purpose(self) -> str:
        return unicodedata.normalize("NFC", self.payment_purpose or self.payment_ref or "")

    def _get_known_payers(self, positions) -> list[matching.Payer]:
        """Who these lines may come from: customers with open items, and whoever their ids and accounts name.

        Two queries, whatever the number of lines.
        """
        company = self.company_id
        tax_ids = {
            tax_id for line in self for tax_id in (line.ultimate_payer_tax_id, line.payer_tax_id) if tax_id
        }
        accounts = {
            account for line in self for account in (line.payer_account, line.account_number) if account
        }
        customers = list({position.partner_id for position in positions if position.partner_id})
        # sudo: customers of other salespeople are matched too; only ids and names are used.
        partners = (
            self.env["res.partner"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "in", (False, company.id)),
                    "|",
                    ("commercial_partner_id", "in", customers),
                    ("vat", "in", list(tax_ids)),
                ],
                ["name", "vat", "commercial_partner_id"],
            )
        )
        banks = (
            self.env["res.partner.bank"]
            .sudo()
            .search_fetch(
                [
                    "|",
                    ("partner_id", "in", partners.ids),
                    (
                        "sanitized_acc_number",
                        "in",
                        [account.replace(" ", "").upper() for account in accounts],
                    ),
                ],
                ["acc_number", "partner_id"],
            )
        )
        known: dict[int, dict] = {}
        own = company.partner_id.commercial_partner_id
        for partner in partners | banks.partner_id:
            commercial = partner.commercial_partner_id
            if commercial == own:
                continue
            facts = known.setdefault(
                commercial.id, {"name": commercial.name or "", "tax_ids": [], "accounts": []}
            )
            if partner.vat:
                facts["tax_ids"].append(partner.vat)
        for bank in banks:
            facts = known.get(bank.partner_id.commercial_partner_id.id)
            if facts:
                facts["accounts"].append(bank.acc_number)
        return [
            matching.Payer(partner_id, facts["name"], tuple(facts["tax_ids"]), tuple(facts["accounts"]))
            for partner_id, facts in known.items()
        ]

    def _prepare_match_values(self, decision: matching.Decision, line_ids: dict) -> dict:
        """Values of the payment.match of this line, with its candidates."""
        self.ensure_one()
        Match = self.env["payment.match"]
        purpose = self._get_match_purpose()
        currency = self.foreign_currency_id or self.currency_id
        key = repr(
            (decision.outcome, decision.reason, decision.score, decision.allocations, decision.candidates)
        )
        candidates = [
            {
                "sequence": sequence,
                "partner_id": candidate.partner_id or False,
                "score": candidate.score,
                "reason": candidate.reason,
                "evidence": Match._describe_evidence(candidate.evidence),
                "line_ids": [
                    fields.Command.create(
                        {
                            "move_id": item_id[0],
                            "position": item_id[1],
                            "line_id": line_ids[item_id],
                            "amount": float(amount),
                        }
                    )
                    for item_id, amount in candidate.allocations
                ],
            }
            for sequence, candidate in enumerate(decision.candidates)
            if candidate.allocations
        ]
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
            "score": decision.score,
            "evidence": Match._describe_evidence(decision.evidence),
            "partner_id": decision.partner_id or False,
            "is_preselected": bool(decision.allocations),
            "decision_key": hashlib.sha256(key.encode()).hexdigest(),
            "candidate_ids": [fields.Command.create(values) for values in candidates],
            "candidate_id": False,
        }


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
            if match.is_preselected and not match.candidate_id and match.candidate_ids:
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


def _decimal(currency, amount: float) -> Decimal:
    return Decimal(f"{amount:.{currency.decimal_places}f}")


def _open_item(position) -> matching.OpenItem:
    return matching.OpenItem(
        id=position.key,
        partner_id=position.partner_id,
        kind=position.kind,
        number=position.name,
        residual=position.residual,
        currency=position.currency,
        payment_code=position.payment_code,
        order_names=position.order_names,
        due_date=position.due_date,
        date=position.invoice_date,
        position=position.position,
        positions=position.positions,
    )
