import base64
import io
import re
from decimal import Decimal

import qrcode

from odoo import api, models

from ...core import payment_qr
from ...core.amount_in_words import amount_in_words, number_in_words
from ...core.documents import formats, sums, texts, units


def decimal(value, digits=2) -> Decimal:
    """A float of the ORM as the Decimal that it stands for."""
    return Decimal(f"{value or 0:.{digits}f}")


class Party(dict):
    """What a document says of one side; missing facts are empty texts."""

    __getattr__ = dict.get


class InvoiceDocument(models.AbstractModel):
    """What the printed documents of orders, invoices and acts have in common: parties, bank, sums, words, QR.

    A document is a dict that the QWeb templates of reports/ print and nothing else: no template computes.
    """

    _name = "invoice.document"
    _description = "Printed Document"

    @api.model
    def _get_base(self, company, partner, lang=None):
        """Parties, texts and formats for a document to a customer.

        :return: dict with ``L`` (Texts), ``lang``, ``company``, ``seller``, ``buyer``, and the functions
            ``money``, ``quantity``, ``percent``, ``date``, ``day``, ``words`` of the language
        """
        lang = lang or partner._get_document_lang(company)
        words = texts.Texts(lang)
        return {
            "L": words,
            "lang": lang,
            "company": company,
            "seller": self._get_party(company.partner_id, lang, kbe=company.kbe_code),
            "buyer": self._get_party(partner.commercial_partner_id, lang, contact=partner),
            "is_kz": company.country_id.code == "KZ",
            "money": lambda amount: formats.money(amount, lang),
            "quantity": lambda number: formats.quantity(number, lang),
            "percent": lambda rate: formats.percent(rate, lang),
            "date": lambda day: formats.long_date(day, lang),
            "day": lambda day: formats.short_date(day) if day else "",
            "words": lambda amount, currency: amount_in_words(amount, currency, lang),
            "number_words": lambda number: number_in_words(number, lang),
        }

    @api.model
    def _get_party(self, partner, lang, contact=None, kbe=""):
        words = texts.Texts(lang)
        place = contact if contact and (contact.street or contact.city) else partner
        bank = partner.bank_ids[:1]
        return Party(
            name=partner.name or "",
            tax_label=words[self._get_tax_label(partner)],
            tax_id=partner.vat or "",
            address=", ".join(part for part in (place.zip, place.city, place.street, place.street2) if part),
            phone=partner.phone or "",
            kbe=kbe or "",
            account=bank.acc_number or "",
            bank=bank.bank_id.name or "",
            bic=bank.bank_id.bic or "",
        )

    @api.model
    def _get_tax_label(self, partner):
        """Key of the text that names the tax number: БИН, ИИН, ИНН or none of them."""
        country = partner.country_id.code or self.env.company.country_id.code
        if country == "KZ":
            number = re.sub(r"\D", "", partner.vat or "")
            # The fifth digit of a BIN is 4, 5 or 6; in an IIN it begins a day of the month.
            return "bin" if number[4:5] in ("4", "5", "6") or (not number and partner.is_company) else "iin"
        return "inn" if country in ("RU", "KG", "UZ", "TJ", "BY") else "tax_id"

    @api.model
    def _get_bank(self, bank, lang):
        """Requisites of our account for a payment order, None without an account."""
        if not bank:
            return None
        words = texts.Texts(lang)
        is_iban = re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{10,30}", bank.sanitized_acc_number or "")
        return Party(
            account_label=words["iik"] if is_iban else words["account"],
            account=bank.acc_number or "",
            name=bank.bank_id.name or "",
            bic=bank.bank_id.bic or "",
            corr=bank.correspondent_account or "",
        )

    @api.model
    def _get_qr(self, bank, amount, currency, code, number, purpose):
        """A PNG data URI of the payment QR, "" where the account has none or something is missing for it.

        Drawn here by the library, not fetched from Odoo's barcode route: the sheet needs no web server, and
        the correction level and the quiet zone are ours.
        """
        if not bank or amount <= 0:
            return ""
        try:
            text = bank._get_payment_qr(
                amount=amount, currency=currency, code=code or "", number=number or "", purpose=purpose
            )
        except payment_qr.PaymentQrError:
            # Said on the form of the bank account; a code that cannot be paid is not printed.
            return ""
        return self._draw_qr(text) if text else ""

    @api.model
    def _draw_qr(self, text) -> str:
        """A QR code as a PNG data URI."""
        return "data:image/png;base64," + base64.b64encode(self._draw_qr_png(text)).decode()

    @api.model
    def _draw_qr_png(self, text) -> bytes:
        code_image = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=4)
        code_image.add_data(text.encode())
        code_image.make(fit=True)
        target = io.BytesIO()
        code_image.make_image().save(target, "PNG")
        return target.getvalue()

    @api.model
    def _get_rate(self, taxes):
        """The VAT rate of a line in percent, None when it has no tax."""
        taxes = taxes.flatten_taxes_hierarchy().filtered(
            lambda tax: tax.amount_type in ("percent", "division")
        )
        return sum((decimal(tax.amount, 4) for tax in taxes), Decimal(0)).normalize() if taxes else None

    @api.model
    def _get_line(self, line, unit, quantity, taxes, lang):
        """A line of an order or invoice as `core.documents.sums.Line`."""
        if line.display_type in ("line_section", "line_subsection", "line_note"):
            return sums.Line(name=line.name or "", heading=True)
        code = line.product_id.default_code or ""
        name = line.name or line.product_id.name or ""
        if code:
            name = re.sub(rf"^\[{re.escape(code)}\]\s*", "", name)
        external = unit.get_external_id().get(unit.id, "") if unit else ""
        return sums.Line(
            name=name,
            code=code,
            unit=units.short_unit(external.removeprefix("uom."), lang, unit.name or ""),
            quantity=decimal(quantity, 3),
            net=decimal(line.price_subtotal),
            gross=decimal(line.price_total),
            rate=self._get_rate(taxes),
            included=any(tax.price_include for tax in taxes.flatten_taxes_hierarchy()),
        )

    @api.model
    def _get_purpose(self, lang, number, day, code, sums_of):
        """The text that a payment order for this document should carry."""
        number, date = number or "", f"{day:%d.%m.%Y}" if day else ""
        vat = {"ru": "в т.ч. НДС", "kk": "оның ішінде ҚҚС", "en": "incl. VAT"}[lang]
        no_vat = texts.Texts(lang)["no_vat"]
        what = {
            "ru": f"Оплата по счёту № {number} от {date}",
            "kk": f"{date} № {number} шот бойынша төлем",
            "en": f"Payment of invoice {number} of {date}",
        }[lang]
        tail = f"{vat} {formats.money(sums_of.tax, lang)}" if sums_of.taxes else no_vat
        return ", ".join(part for part in (what, code, tail) if part)
