from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import payment_qr


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    payment_qr = fields.Selection(
        [
            ("template", "Link or text"),
            ("st00012", "ST00012 (Russia)"),
            ("emv", "EMV (merchant QR)"),
        ],
        "Payment QR",
        help="The QR code that invoices to be paid on this account show. It is left out where something "
        "that it needs is not known.",
    )
    payment_qr_template = fields.Char(
        "Link or Text",
        help="With placeholders: {amount} {amount_cents} {currency} {code} {number} {name} {tax_id} "
        "{account} {bank} {bic} {purpose}. A link of the bank without a placeholder is shown as it is.",
    )
    correspondent_account = fields.Char(help="Of the bank with the central bank; 20 digits in Russia.")
    emv_tag = fields.Integer(
        "EMV Tag",
        default=26,
        help="Place of the payee's account in the code: 26 to 51, as the bank says.",
    )
    emv_guid = fields.Char("EMV Scheme", help="Globally unique identifier of the payment scheme.")
    emv_merchant = fields.Char("EMV Merchant", help="How the scheme knows the payee.")
    emv_category = fields.Char("EMV Category", default="0000", help="Merchant category code, four digits.")
    payment_qr_problem = fields.Char("QR Is Left Out Because", compute="_compute_payment_qr_problem")

    @api.constrains("payment_qr_template")
    def _check_payment_qr_template(self):
        for bank in self.filtered("payment_qr_template"):
            try:
                payment_qr.placeholders(bank.payment_qr_template)
            except payment_qr.PaymentQrError as error:
                raise ValidationError(
                    self.env._(
                        "The text of the payment QR of %(account)s cannot be filled: %(problem)s. Known "
                        "placeholders: %(known)s",
                        account=bank.acc_number,
                        problem=error.detail,
                        known=" ".join(f"{{{name}}}" for name in payment_qr.PLACEHOLDERS),
                    )
                )

    @api.depends(
        *("payment_qr", "payment_qr_template", "correspondent_account", "acc_number", "acc_holder_name"),
        *("emv_tag", "emv_guid", "emv_merchant", "emv_category", "bank_id.name", "bank_id.bic"),
        *("partner_id.name", "partner_id.city", "partner_id.country_id", "currency_id"),
    )
    def _compute_payment_qr_problem(self):
        names = {
            "template": self.env._("the link or text"),
            "currency": self.env._("a currency that this code knows"),
            "name": self.env._("the name of the payee"),
            "tax_id": self.env._("the payee's BIN/IIN"),
            "account": self.env._("an account number as this code wants it"),
            "bank": self.env._("the bank"),
            "bic": self.env._("the bank's BIC"),
            "correspondent": self.env._("the correspondent account"),
            "merchant": self.env._("scheme and merchant as the bank gave them"),
            "city": self.env._("city and country of the payee"),
        }
        for bank in self:
            bank.payment_qr_problem = False
            if bank.payment_qr:
                currency = bank.currency_id.name or (
                    "RUB" if bank.payment_qr == "st00012" else self.env.company.currency_id.name
                )
                try:
                    bank._get_payment_qr(
                        amount=Decimal(1),
                        currency=currency,
                        code="A2BCDE3",
                        number="1",
                        purpose="x",
                    )
                except payment_qr.PaymentQrError as error:
                    bank.payment_qr_problem = self.env._(
                        "Missing: %s", names.get(error.field, error.field)
                    ) + (f" ({error.detail})" if error.detail else "")

    def _get_payment_qr(self, **payment):
        """The text of the QR code for one payment on this account, "" where the account has none.

        :param payment: amount (Decimal), currency, code, number, purpose of `core.payment_qr.Payment`.
        :raises PaymentQrError: names what is missing.
        """
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        facts = payment_qr.Payment(
            name=self.acc_holder_name or partner.name or "",
            tax_id=partner.vat or "",
            account=self.sanitized_acc_number or "",
            bank=self.bank_id.name or "",
            bic=self.bank_id.bic or "",
            correspondent=self.correspondent_account or "",
            city=partner.city or "",
            country=partner.country_id.code or "",
            **payment,
        )
        if self.payment_qr == "template":
            return payment_qr.from_template(self.payment_qr_template, facts)
        if self.payment_qr == "st00012":
            return payment_qr.st00012(facts)
        if self.payment_qr == "emv":
            merchant = payment_qr.Merchant(
                self.emv_tag, self.emv_guid or "", self.emv_merchant or "", self.emv_category or "0000"
            )
            return payment_qr.emv(facts, merchant)
        return ""
