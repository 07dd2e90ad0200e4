from odoo import fields, models
from odoo.exceptions import UserError

from ...core.documents import sums
from .document_company import CLOSING_FORMS
from .invoice_document import decimal


class AccountMove(models.Model):
    _inherit = "account.move"

    act_number = fields.Char(copy=False, readonly=True, help="Number of the act of works performed (Р-1).")
    waybill_number = fields.Char(copy=False, readonly=True, help="Number of the waybill (З-2).")
    tax_invoice_number = fields.Char(
        "Счёт-фактура", copy=False, readonly=True, help="Number of the paper счёт-фактура."
    )
    closing_date = fields.Date(
        "Date of Act and Waybill",
        copy=False,
        help="Date of act, waybill and счёт-фактура: when the goods were delivered or the services rendered. "
        "Empty: the date of the invoice.",
    )
    esf_number = fields.Char(
        "ЭСФ Number",
        copy=False,
        index="btree_not_null",
        help="Registration number of the electronic tax invoice in the state system.",
    )
    esf_date = fields.Date("ЭСФ Date", copy=False)

    # -- numbers ---------------------------------------------------------------
    def _get_closing_forms(self):
        """The forms that close this invoice: of act, waybill, tax_invoice, in that order.

        None for a down payment (nothing is handed over yet), a credit note and a retail customer.
        """
        self.ensure_one()
        if self.move_type != "out_invoice" or self.commercial_partner_id.customer_kind == "retail":
            return []
        lines = self._get_closing_lines()
        services = lines.filtered(lambda line: self._is_service(line))
        return [
            form
            for form, applies in (("act", services), ("waybill", lines - services), ("tax_invoice", lines))
            if applies
        ]

    def _get_closing_lines(self):
        """What was handed over: the lines without headings and without down payments taken over."""
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product" and not any(line.sale_line_ids.mapped("is_downpayment"))
            )
        )

    def _is_service(self, line):
        return not line.product_id or line.product_id.type == "service"

    def _get_closing_date(self):
        self.ensure_one()
        return self.closing_date or self.invoice_date or self.company_id._receivables_today()

    def _assign_closing_number(self, form):
        """The number of a form of this invoice: given once, the same on every later print."""
        self.ensure_one()
        field = f"{form}_number"
        if not self[field]:
            if self.state != "posted":
                raise UserError(
                    self.env._("Post the invoice first: a draft has no act, waybill or tax invoice.")
                )
            # Two prints at once must not take two numbers.
            self.lock_for_update()
            self.invalidate_recordset([field])
            if not self[field]:
                # sudo: a document number is given by the system; readers of the invoice may print it.
                sequence = self.company_id.sudo()._get_document_sequence(form)
                self.sudo()[field] = sequence.next_by_id(sequence_date=self._get_closing_date())
        return self[field]

    # -- data of the documents ----------------------------------------------------
    def _get_document(self, form="bill"):
        """One printed document of an invoice.

        :param form: ``bill`` (счёт на оплату), ``retail``, ``act``, ``waybill``, ``tax_invoice``
        :return: dict, see `invoice.document`
        :raises UserError: a closing document of a draft, or one that does not apply
        """
        self.ensure_one()
        tools = self.env["invoice.document"]
        # sudo: whoever may read the invoice may print our requisites and the customer's on it.
        move = self.sudo()
        partner, company = move.partner_id, move.company_id
        document = tools.sudo()._get_base(company, partner)
        lang = document["lang"]
        is_closing = form in CLOSING_FORMS
        if is_closing:
            self._check_closing_form(form)
        move = move.with_context(lang=partner.lang or self.env.lang)
        lines = self._get_document_lines(move, form, lang)
        total = sums.add_up(lines)
        currency = move.currency_id.name
        to_pay = decimal(move.amount_residual if move.state == "posted" else move.amount_total)
        day = move._get_closing_date() if is_closing else move.invoice_date or company._receivables_today()
        # An account is chosen on the invoice; an order's счёт and this one then name the same.
        bank = move.partner_bank_id or company._get_document_bank(move.currency_id)
        number = move.name or ""
        qr = ""
        if form in ("bill", "retail") and move.state == "posted":
            qr = tools._get_qr(
                bank,
                to_pay,
                currency,
                move.payment_code,
                number,
                tools._get_purpose(lang, number, day, move.payment_code, total),
            )
        return {
            **document,
            "form": form,
            "number": self._assign_closing_number(form) if is_closing else number,
            "bill_number": number,
            "doc_date": day,
            "until_key": "pay_until",
            "until": move.invoice_date_due,
            "contract": move._get_document_contract(),
            "terms": move.invoice_payment_term_id.name or "",
            "lines": lines,
            "sums": total,
            "currency": currency,
            "to_pay": to_pay,
            "paid": decimal(move.amount_total) - to_pay,
            "invoice_total": decimal(move.amount_total),
            "code": move.payment_code or "",
            "bank": tools._get_bank(bank, lang),
            "executor": move.invoice_user_id.name or "",
            "has_goods": any(not move._is_service(line) for line in move._get_closing_lines()),
            "waybill": move.waybill_number or "",
            "esf_number": move.esf_number or "",
            "esf_date": move.esf_date,
            **self._get_quantities(lines, document),
            "qr": qr,
        }

    def _get_quantities(self, lines, document):
        """What is handed over in all, in figures where there is one unit, and in words by unit."""
        totals = sums.quantities(lines)
        words = [
            " ".join(
                (
                    document["number_words"](int(total))
                    if total == total.to_integral_value()
                    else document["quantity"](total),
                    unit,
                )
            ).strip()
            for unit, total in totals.items()
        ]
        text = ", ".join(words)
        return {
            "quantity_total": document["quantity"](next(iter(totals.values()))) if len(totals) == 1 else "×",
            "quantity_words": text[:1].upper() + text[1:],
        }

    def _check_closing_form(self, form):
        if form not in self._get_closing_forms():
            raise UserError(
                self.env._(
                    "%(invoice)s has nothing for this document: an act needs services, a waybill goods, a "
                    "down payment or a retail sale has neither act, waybill nor tax invoice.",
                    invoice=self.display_name,
                )
            )

    def _get_document_lines(self, move, form, lang):
        tools = self.env["invoice.document"].sudo()
        closing = move._get_closing_lines()
        chosen = {
            "act": closing.filtered(lambda line: move._is_service(line)),
            "waybill": closing.filtered(lambda line: not move._is_service(line)),
            "tax_invoice": closing,
        }.get(form)
        if chosen is None:
            chosen = move.invoice_line_ids
        lines = [
            tools._get_line(line, line.product_uom_id, line.quantity, line.tax_ids, lang)
            for line in chosen.sorted("sequence")
        ]
        if chosen.filtered(lambda line: line.display_type == "product") == move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        ):
            lines = sums.settle(lines, decimal(move.amount_untaxed), decimal(move.amount_total))
        return lines

    def _get_document_contract(self):
        """The contract that documents of the invoice name: of its order, else of the customer."""
        self.ensure_one()
        orders = self.invoice_line_ids.sale_line_ids.order_id
        return orders[:1]._get_document_contract() if orders else ""
