"""What the matching has to know, fetched set-wise and given to core as it wants it."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from odoo import api, models

from ...core import matching
from ...core.positions import PrepaidOrder


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.private
    def _decide_transactions(self, transactions: list[matching.Transaction]):
        """Decisions for these transactions, in their order, and by key what can be paid.

        That is receivable positions and prepaid orders; money that is kept for an order is no credit.
        A constant number of queries, whatever the number of transactions.
        """
        self.ensure_one()
        # sudo: who imports a bank file need not sell; only codes, amounts and names of orders are used.
        orders = self.sudo()._get_prepaid_orders()
        kept = self.sudo()._get_kept_advances()
        positions = [
            *(position for position in self._get_receivable_positions() if position.line_id not in kept),
            *orders,
        ]
        currencies = {position.currency for position in positions}
        if len(currencies | {line.currency for line in transactions}) > 1:
            rates = self._get_rates(transactions, currencies)
            transactions = [
                replace(line, rates=rates.get((line.currency, line.date), ())) for line in transactions
            ]
        trusted = self.env["payment.match.trust"]._get_trusted(self)
        decisions = matching.match(
            transactions,
            [_open_item(position) for position in positions],
            self._get_known_payers(transactions, positions),
            self._get_match_settings(trusted),
        )
        decisions = [
            decision
            if decision.outcome != matching.APPLIED or decision.reason in trusted
            else replace(decision, outcome=matching.SUGGESTED, automatic_by="")
            for decision in decisions
        ]
        return decisions, {position.key: position for position in positions}

    def _get_known_payers(self, transactions, positions) -> list[matching.Payer]:
        """Who may have paid: customers with open items, and whoever the ids and accounts name."""
        tax_ids = {transaction.payer_tax_id for transaction in transactions} - {""}
        accounts = {transaction.payer_account.replace(" ", "").upper() for transaction in transactions} - {""}
        customers = list({position.partner_id for position in positions if position.partner_id})
        aliases = (
            self.env["payer.alias"]
            .sudo()
            ._get_known(
                self,
                {
                    (kind, value)
                    for transaction in transactions
                    for kind, value in (
                        ("name", transaction.payer_name),
                        ("account", transaction.payer_account),
                    )
                },
            )
        )
        # sudo: customers of other salespeople are matched too; only ids and names are used.
        partners = (
            self.env["res.partner"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "in", (False, self.id)),
                    "|",
                    ("commercial_partner_id", "in", [*customers, *aliases]),
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
                    ("sanitized_acc_number", "in", list(accounts)),
                ],
                ["acc_number", "partner_id"],
            )
        )
        known: dict[int, dict] = {}
        own = self.partner_id.commercial_partner_id
        for partner in partners | banks.partner_id:
            commercial = partner.commercial_partner_id
            if commercial == own or (commercial.company_id and commercial.company_id != self):
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
        nothing = {"name": [], "account": []}
        return [
            matching.Payer(
                partner_id,
                facts["name"],
                tuple(facts["tax_ids"]),
                tuple(facts["accounts"]),
                tuple(aliases.get(partner_id, nothing)["name"]),
                tuple(aliases.get(partner_id, nothing)["account"]),
            )
            for partner_id, facts in known.items()
        ]


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _to_match_transaction(self) -> matching.Transaction:
        self.ensure_one()
        return to_transaction(
            self.id,
            self.foreign_currency_id or self.currency_id,
            self.amount_currency if self.foreign_currency_id else self.amount,
            lambda name: self[name],
            self.company_id.vat,
            self.partner_id.name,
        )

    def _get_match_purpose(self) -> str:
        return match_purpose(lambda name: self[name])

    def _get_payer_tax_id(self) -> str:
        return self.ultimate_payer_tax_id or self.payer_tax_id or ""

    def _get_payer_marks(self) -> list[tuple[str, str]]:
        """By what this payer can be known again: the name and the account, as the bank wrote them."""
        self.ensure_one()
        name = self.ultimate_payer_name or self.payer_name or self.partner_name
        account = self.payer_account or self.account_number
        return [(kind, value) for kind, value in (("name", name), ("account", account)) if value]


def to_transaction(
    key, currency, amount: float, get: Callable, own_tax_id: str, partner_name: str = ""
) -> matching.Transaction:
    """A bank line for core.

    :param get: gives the value of a field of the bank line, from the record or from its values
    """
    name = get("ultimate_payer_name") or get("payer_name") or get("partner_name") or partner_name
    return matching.Transaction(
        id=key,
        date=get("date"),
        amount=Decimal(f"{amount:.{currency.decimal_places}f}"),
        currency=currency.name,
        purpose=match_purpose(get),
        payer_name=name or "",
        payer_tax_id=get("ultimate_payer_tax_id") or get("payer_tax_id") or "",
        payer_account=get("payer_account") or get("account_number") or "",
        own_transfer=get("own_transfer") or bool(get("payer_tax_id") and get("payer_tax_id") == own_tax_id),
    )


def match_purpose(get: Callable) -> str:
    return unicodedata.normalize("NFC", get("payment_purpose") or get("payment_ref") or "")


def _open_item(position) -> matching.OpenItem:
    if isinstance(position, PrepaidOrder):
        return matching.OpenItem(
            id=position.key,
            document=position.key,
            partner_id=position.partner_id,
            kind=matching.ORDER,
            number=position.name,
            residual=position.residual,
            currency=position.currency,
            payment_code=position.payment_code,
            order_names=(position.name,),
            due_date=position.valid_until,
            date=position.order_date,
        )
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
