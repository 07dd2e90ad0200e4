"""The read side of the reconciliation wizard: queue, line with its suggestions, open items.

Every call takes a constant number of queries, whatever waits; what is decided is
written by the methods of payment_match_apply and its neighbours.
"""

import re

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

UNDECIDED = Domain("state", "in", ("suggested", "manual", "undone"))
# What nobody asked for by a domain of his own: money that comes in.
INCOMING = [("reason", "not in", ("outgoing", "own_transfer"))]
ORDERS = {
    "sure": "score desc, date, id",
    "large": "amount desc, id",
    "old": "date, id",
    "payer": "payer_name, date, id",
}
OPEN_ITEMS = [
    ("account_id.account_type", "=", "asset_receivable"),
    ("parent_state", "=", "posted"),
    ("reconciled", "=", False),
    ("amount_residual_currency", "!=", 0),
]
QUEUE_PAGE = 500
ITEMS_PAGE = 30


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    @api.model
    def board_queue(self, domain=None, order="sure", offset=0) -> dict:
        """The lines that wait, most likely first; at most 500 a call.

        :param domain: narrows them down, as the list's search did
        :param offset: how many of those that still wait have been skipped
        :return: ``{"ids": [...], "remaining": n}``
        """
        self._check_board_access()
        domain = UNDECIDED & Domain(domain or INCOMING)
        order = ORDERS.get(order, ORDERS["sure"])
        ids = self.search(domain, order=order, limit=QUEUE_PAGE, offset=max(0, int(offset))).ids
        return {"ids": ids, "remaining": self.search_count(domain)}

    def board_read(self, domain=None) -> dict:
        """These lines as the wizard shows them, and how many wait.

        :return: ``{"lines": [...], "remaining": n}``; what no longer exists or
            belongs to another company is left out.
        """
        self._check_board_access()
        found = self.search([("id", "in", self.ids)])
        # sudo: names of customers of other salespeople, numbers of their invoices; the lines are readable.
        debts = found.sudo()._get_debts()
        lines = [
            {**match._board_values(), "debt": debts.get(match, {"count": 0, "amount": 0.0, "late": 0.0})}
            for match in found.sudo()
        ]
        return {"lines": lines, "remaining": self.search_count(UNDECIDED & Domain(domain or INCOMING))}

    def board_next(self, domain=None) -> dict:
        """The first of these lines, in their order, that still waits: ``{"line", "remaining"}``."""
        self._check_board_access()
        waiting = set(self.search(UNDECIDED & Domain("id", "in", self.ids)).ids)
        first = next((match_id for match_id in self.ids if match_id in waiting), None)
        answer = self.browse(first or []).board_read(domain)
        return {"line": answer["lines"][0] if answer["lines"] else False, "remaining": answer["remaining"]}

    def _get_debts(self) -> dict:
        """What the customers of these lines owe, in company and currency of each line: one query.

        :return: ``{match: {"count", "amount", "late"}}``; credits are counted in
        """
        partners = {match: match._get_board_partner().commercial_partner_id for match in self}
        groups = self.env["account.move.line"]._read_group(
            [
                *OPEN_ITEMS,
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "child_of", [partner.id for partner in partners.values() if partner]),
            ],
            ["company_id", "currency_id", "partner_id", "date_maturity:day"],
            ["__count", "amount_residual_currency:sum"],
        )
        debts = {}
        for match, partner in partners.items():
            today = match.company_id._receivables_today()
            debt = {"count": 0, "amount": 0.0, "late": 0.0}
            for company, currency, owner, due, count, amount in groups:
                if (company, currency) == (match.company_id, match.currency_id) and (
                    owner.commercial_partner_id == partner
                ):
                    debt["count"] += count
                    debt["amount"] += amount
                    debt["late"] += amount if due and due < today else 0.0
            debts[match] = debt
        return debts

    def _get_board_partner(self):
        """Whose payment it seems to be: of the proposal, or of the only customer among the candidates."""
        partners = self.candidate_ids.partner_id
        return (
            self.partner_id
            or self.candidate_id.partner_id
            or (partners if len(partners) == 1 else partners[:0])
        )

    @api.model
    def _check_board_access(self):
        self.browse().check_access("write")
        if not self.env.user.has_group("invoice_to_cash.group_cash_application"):
            raise AccessError(self.env._("Only Receivables / Cash application decides on payments."))

    def _board_values(self) -> dict:
        self.ensure_one()
        line = self.statement_line_id
        labels = dict(self._fields["reason"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        partner = self._get_board_partner()
        return {
            "id": self.id,
            "date": self.date.isoformat(),
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "payer": self.payer_name or "",
            "payer_tax_id": line.ultimate_payer_tax_id or line.payer_tax_id or "",
            "payer_account": line.payer_account or line.account_number or "",
            "purpose": self.purpose_html or "",
            "journal": self.journal_id.display_name,
            "company": self.company_id.name if len(self.env.companies) > 1 else "",
            "company_id": self.company_id.id,
            "state": self.state,
            "state_label": states[self.state],
            "reason": labels.get(self.reason, ""),
            "note": self.note or "",
            "comment": self.comment or "",
            "why": self._get_reasons(),
            "partner": [partner.id, partner.display_name] if partner else False,
            "preselected": self.candidate_id.id,
            "candidates": [candidate._board_values(labels) for candidate in self.candidate_ids],
        }

    def board_open_items(self, text="", partner_id=False, offset=0) -> dict:
        """Open items that this payment could pay: invoices, credits, before them prepaid orders.

        Of its company; what is in another currency has ``foreign``, its residual in words, and
        ``residual`` is in the currency of the payment.

        :param text: words that all have to be in the document's number, code or
            reference, or in the customer's name or BIN/IIN; or the open amount
        :param partner_id: only of this customer (with the contacts), if given
        :param offset: how many items, not counting orders, were shown already
        :return: ``{"items": [...], "more": bool}``, 30 a call, the oldest due date first
        """
        self.ensure_one()
        self._check_board_access()
        self.check_access("read")
        match = self.sudo()  # sudo: read access to the decision was checked; items of its company only
        domain = Domain([*OPEN_ITEMS, ("company_id", "=", match.company_id.id)])
        if match.amount < 0:  # money that leaves pays credits back
            domain &= Domain("amount_residual_currency", "<", 0)
        commercial = self.env["res.partner"].browse(int(partner_id or 0) or []).sudo().commercial_partner_id
        if commercial:
            domain &= Domain("partner_id", "child_of", commercial.ids)
        domain &= _search_items(text or "")
        first = not int(offset) and match.amount > 0
        orders = match._board_orders(text or "", commercial)[:ITEMS_PAGE] if first else []
        items = match.env["account.move.line"].search(
            domain, order="date_maturity, id", limit=ITEMS_PAGE + 1, offset=max(0, int(offset))
        )
        return {
            "items": [*orders, *(match._board_item_values(item) for item in items[:ITEMS_PAGE])],
            "more": len(items) > ITEMS_PAGE,
        }

    def _board_item_values(self, item) -> dict:
        values = _item_values(item)
        if item and item.currency_id != self.currency_id:
            values |= {
                "residual": self._get_residual_here(item),
                "total": self._convert_here(item.amount_currency, item.currency_id),
                "foreign": item.currency_id.format(item.amount_residual_currency),
            }
        return values

    def board_partners(self, text="") -> list[tuple[int, str]]:
        """Customers by name or BIN/IIN; without a text those that are called like the payer."""
        self.ensure_one()
        self._check_board_access()
        domain = [("parent_id", "=", False), ("company_id", "in", (False, self.company_id.id))]
        search = self.env["res.partner"].name_search
        return search(text or self.payer_name or "", domain, limit=20) or search(text, domain, limit=20)

    def board_reco_models(self) -> list[dict]:
        """Odoo's own models of counterparts (fees, transfers) that fit the line's company and journal."""
        self.ensure_one()
        self._check_board_access()
        self.check_access("read")
        # sudo: cash application need not own accounting rights; name and account of the line's company only.
        found = (
            self.env["account.reconcile.model"]
            .sudo()
            .search(
                [
                    ("company_id", "parent_of", self.sudo().company_id.ids),
                    ("line_ids.account_id", "!=", False),
                    "|",
                    ("match_journal_ids", "=", False),
                    ("match_journal_ids", "in", self.sudo().journal_id.ids),
                ],
                limit=9,
            )
        )
        return [
            {
                "id": model.id,
                "name": model.name,
                "account": ", ".join(model.line_ids.account_id.mapped("display_name")),
            }
            for model in found
        ]

    def board_undo(self) -> dict:
        """Take a decision back, whatever it was.

        :return: ``{"cannot_come_back": [...]}``: letters and deliveries that have left
        """
        self.ensure_one()
        self._check_board_access()
        if self.state == "applied":
            result = self.action_undo()
            gone = result.get("cannot_come_back", []) if isinstance(result, dict) else []
            return {"cannot_come_back": gone}
        if self.state == "dismissed":
            self.action_rematch()
            return {"cannot_come_back": []}
        raise UserError(self.env._("There is nothing to undo on this line."))


class PaymentMatchCandidate(models.Model):
    _inherit = "payment.match.candidate"

    def _board_values(self, labels) -> dict:
        self.ensure_one()
        lines, money = self._get_paid_lines(), self.currency_id
        # Money of this payment: a fee or write-off pays its part of the item, but not with money.
        given = {line: line.amount for line in lines}
        for cover in self.line_ids - lines:
            for line in lines:
                if (line.move_id, line.position) == (cover.move_id, cover.position):
                    given[line] += cover.amount
        residual = sum(line._get_residual() for line in lines)
        return {
            "id": self.id,
            "score": self.score,
            "reason": labels.get(self.reason, ""),
            "why": self._get_reasons(),
            "partner": [self.partner_id.id, self.partner_id.display_name] if self.partner_id else False,
            "amount": self.amount,
            "rest": money.round(self.match_id.amount - self.amount),
            "short": max(0.0, money.round(residual - sum(given.values()))),
            "outcome": self.outcome if self.outcome in ("write_off", "fee", "dispute") else "partial",
            "open": all(line._is_still_open() for line in lines),
            "items": [
                {
                    **self.match_id._board_item_values(line.line_id),
                    "residual": line._get_residual(),
                    "name": line.move_id.name or "",
                    "applied": money.round(part),
                }
                for line, part in given.items()
            ]
            + [line._board_order_values() for line in self._get_order_lines()],
        }


def _item_values(item) -> dict:
    move = item.move_id
    return {
        "id": item.id,
        "name": move.name or "",
        "move_id": move.id,
        "code": move.payment_code or "",
        "order": move.invoice_origin or "",
        "partner": [
            item.partner_id.commercial_partner_id.id,
            item.partner_id.commercial_partner_id.name or "",
        ],
        "due": (item.date_maturity or item.date or "") and (item.date_maturity or item.date).isoformat(),
        "residual": item.amount_residual_currency,
        "total": item.amount_currency,
    }


def _search_items(text: str) -> Domain:
    """Each word in a number or a name; a number also as the open amount."""
    domain = Domain.TRUE
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f]+(?=\d{3}(\D|$))", "", text.strip())
    for word in plain.split():
        like = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        choice = Domain.OR(
            [
                Domain("move_id.name", "ilike", like),
                Domain("move_id.payment_code", "ilike", like),
                Domain("move_id.invoice_origin", "ilike", like),
                Domain("move_id.ref", "ilike", like),
                Domain("partner_id.commercial_partner_id.name", "ilike", like),
                Domain("partner_id.commercial_partner_id.vat", "=ilike", like),
            ]
        )
        if re.fullmatch(r"-?\d{1,12}([.,]\d{1,3})?", word):
            amount = float(word.replace(",", "."))
            choice |= Domain("amount_residual_currency", ">=", amount - 0.0005) & Domain(
                "amount_residual_currency", "<=", amount + 0.0005
            )
        domain &= choice
    return domain
