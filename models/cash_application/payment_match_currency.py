"""Payments in another currency than the documents they pay; Odoo books the difference of the rates."""

from decimal import Decimal

from odoo import fields, models
from odoo.tools import groupby

from ...core.matching import Settings

# How far the rate of a payment may lie from the day's for its document to be paid in full.
RATE_BAND = float(Settings.__dataclass_fields__["rate_band"].default)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_rates(self, transactions, currencies) -> dict[tuple, tuple]:
        """Rates of the days of these transactions: ``{(currency, date): ((currency, rate), ...)}``.

        One query for each day, whatever the number of transactions and currencies.

        :param currencies: names of those that something is open in
        """
        found = self.env["res.currency"].search_fetch(
            [("name", "in", [*currencies, *{line.currency for line in transactions}])], ["name"]
        )
        rates = {}
        for day, lines in groupby(transactions, key=lambda line: line.date):
            of_day = found._get_rates(self, day)
            worth = {currency.name: Decimal(str(of_day[currency.id])) for currency in found}
            for name in {line.currency for line in lines} & worth.keys():
                others = sorted(other for other in currencies if other != name and other in worth)
                rates[name, day] = tuple((other, worth[other] / worth[name]) for other in others)
        return rates


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    def _convert_here(self, amount: float, currency) -> float:
        """What an amount of another currency is in that of the payment, on its day."""
        return currency._convert(amount, self.currency_id, self.company_id, self.date)

    def _get_residual_here(self, item) -> float:
        """What is open of an item, in the currency of the payment."""
        if item.currency_id == self.currency_id:
            return item.amount_residual_currency
        return self._convert_here(item.amount_residual_currency, item.currency_id)

    def _get_document_amount(self, item, amount: float) -> float:
        """What an amount of this payment pays of an item of another currency.

        All of it when the payment's own rate is near the day's: then the difference is the rate's.
        """
        open_here, residual = self._get_residual_here(item), item.amount_residual_currency
        if abs(amount - open_here) <= abs(open_here) * RATE_BAND:
            return residual
        paid = self.currency_id._convert(amount, item.currency_id, self.company_id, self.date)
        return min(paid, residual) if residual > 0 else max(paid, residual)


class PaymentMatchLine(models.Model):
    _inherit = "payment.match.line"

    document_currency_id = fields.Many2one(related="line_id.currency_id", string="Document Currency")
    document_amount = fields.Monetary(
        currency_field="document_currency_id",
        help="What is paid of the document in its own currency, where that is not the payment's.",
    )

    def _is_foreign(self) -> bool:
        return (
            self.kind == "pay"
            and bool(self.line_id)
            and self.line_id.currency_id != self.match_id.currency_id
        )

    def _get_claim(self) -> tuple:
        """What has to be open of the item: currency and amount."""
        if self._is_foreign():
            return self.line_id.currency_id, self.document_amount
        return self.match_id.currency_id, self.amount

    def _get_residual(self) -> float:
        """What is open of the item, in the currency of the payment at the payment's own rate."""
        residual = self.line_id.amount_residual_currency
        if not self._is_foreign():
            return residual
        if not self.document_amount:
            return 0.0
        return self.match_id.currency_id.round(self.amount * residual / self.document_amount)

    def _prepare_document_amounts(self) -> dict:
        """Currency and amount of the journal item that pays a document of another currency."""
        if not self._is_foreign():
            return {}
        values = {"currency_id": self.line_id.currency_id.id}
        if self.line_id.currency_id != self.company_id.currency_id:
            values["amount_currency"] = -self.document_amount
        return values


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _share_in_own_currency(self, lines: list[dict], positions):
        """Parts of documents in another currency: what each takes of this payment; changed in place.

        :param lines: values of the allocations, ``amount`` still in the currency of the documents
        """
        currency = self.foreign_currency_id or self.currency_id
        paid = self.amount_currency if self.foreign_currency_id else self.amount
        found = self.env["res.currency"].search_fetch([("name", "=", positions[0].currency)], ["name"])
        total = sum(values["amount"] for values in lines)
        worth = found._convert(total, currency, self.company_id, self.date)
        # More than the documents at any rate of the day: the rest stays the customer's credit.
        left = money = paid if paid <= worth * (1 + RATE_BAND) else worth
        for place, values in enumerate(lines, 1):
            values["document_amount"] = values["amount"]
            share = left if place == len(lines) else currency.round(money * values["amount"] / total)
            values["amount"] = share
            left -= share
