from odoo import fields, models

from ...core.documents import sums
from .invoice_document import decimal


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_document(self, form="bill"):
        """The счёт на оплату of an order, before any invoice: data for `document_bill`.

        :return: dict, see `invoice.document`
        """
        self.ensure_one()
        tools = self.env["invoice.document"]
        # sudo: whoever may read the order may print our requisites and the customer's on it.
        order = self.sudo()
        company = order.company_id
        partner = order.partner_invoice_id
        document = tools.sudo()._get_base(company, partner)
        lang = document["lang"]
        order = order.with_context(lang=partner.lang or self.env.lang)
        lines = [
            tools._get_line(line, line.product_uom_id, line.product_uom_qty, line.tax_ids, lang)
            for line in order.order_line.sorted("sequence")
            if not line.is_downpayment
        ]
        lines = sums.settle(lines, decimal(order.amount_untaxed), decimal(order.amount_total))
        total = sums.add_up(lines)
        currency = order.currency_id.name
        code, valid_until = order.payment_code, order.proforma_valid_until
        day = fields.Datetime.context_timestamp(
            order.with_context(tz=company.receivables_tz), order.date_order
        ).date()
        bank = company._get_document_bank(order.currency_id)
        return {
            **document,
            "number": order.name,
            "doc_date": day,
            "until_key": "valid_until",
            "until": valid_until or order.validity_date,
            "contract": order._get_document_contract(),
            "lines": lines,
            "sums": total,
            "currency": currency,
            "to_pay": total.gross,
            "paid": decimal(0),
            "code": code or "",
            "bank": tools._get_bank(bank, lang),
            "executor": order.user_id.name or "",
            "has_goods": any(
                line.product_id.type != "service" for line in order.order_line if line.product_id
            ),
            "qr": tools._get_qr(
                bank,
                total.gross,
                currency,
                code,
                order.name,
                tools._get_purpose(lang, order.name, day, code, total),
            ),
        }

    def action_print_bill(self):
        """Print the счёт на оплату of the order."""
        # No question about Odoo's letterhead: our sheets do not use it.
        return self.env.ref("invoice_to_cash.report_order_bill").report_action(self, config=False)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_document_bank(self, currency):
        """Our account to be paid on: one in the currency, else one without a currency, else none."""
        self.ensure_one()
        banks = self.partner_id.bank_ids.filtered(
            lambda bank: not bank.company_id or bank.company_id == self
        ).sorted("sequence")
        return (
            banks.filtered(lambda bank: bank.currency_id == currency)
            or banks.filtered(lambda bank: not bank.currency_id)
        )[:1]
