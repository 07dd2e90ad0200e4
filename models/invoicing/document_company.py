from odoo import api, fields, models

#: the documents that close a deal, each with a number of its own
CLOSING_FORMS = ("act", "waybill", "tax_invoice")
_SEQUENCE_NAMES = {"act": "Акт Р-1", "waybill": "Накладная З-2", "tax_invoice": "Счёт-фактура"}
#: countries whose accountants know the счёт на оплату
BILL_COUNTRIES = ("KZ", "RU", "KG", "UZ", "BY", "TJ")


class ResCompany(models.Model):
    _inherit = "res.company"

    kbe_code = fields.Char(
        "KBe",
        size=2,
        default="17",
        help="Residency and sector of the company as banks in Kazakhstan ask for it: 17 a private company, "
        "19 a sole proprietor.",
    )
    knp_code = fields.Char(
        "KNP",
        size=3,
        default="859",
        help="Payment purpose code that the счёт на оплату asks for: 710 goods, 859 services.",
    )
    director_name = fields.Char(
        "Head of the Company", help="Printed below the documents, next to the signature."
    )
    accountant_name = fields.Char(
        "Chief Accountant", help="Printed below the documents, next to the signature."
    )
    invoice_form = fields.Selection(
        [("kind", "By kind of customer"), ("odoo", "Odoo's own invoice")],
        "Form of the Invoice",
        compute="_compute_invoice_form",
        store=True,
        readonly=False,
        help="By kind of customer: an invoice with a payment QR for retail, счёт на оплату for companies, "
        "счёт на оплату and счёт-фактура for government.",
    )
    closing_documents = fields.Selection(
        [("delivery", "On delivery"), ("payment", "On payment")],
        help="When act, waybill and счёт-фактура are made and sent by themselves. Empty: by hand.",
    )
    closing_documents_from = fields.Date(
        compute="_compute_closing_documents_from",
        store=True,
        readonly=False,
        help="Invoices before this day get no closing documents by themselves.",
    )

    @api.depends("country_id")
    def _compute_invoice_form(self):
        for company in self:
            company.invoice_form = "kind" if company.country_id.code in BILL_COUNTRIES else "odoo"

    @api.depends("closing_documents")
    def _compute_closing_documents_from(self):
        for company in self:
            if company.closing_documents and not company.closing_documents_from:
                # Nobody wants the documents of years mailed on the day on which the switch is turned.
                company.closing_documents_from = company._receivables_today()
            elif not company.closing_documents:
                company.closing_documents_from = False

    def _get_document_sequence(self, form):
        """The gapless sequence of numbers of a form, made at its first use; it begins anew each year."""
        self.ensure_one()
        code = f"invoice_to_cash.{form}"
        domain = [("code", "=", code), ("company_id", "=", self.id)]
        # sudo: whoever may issue the document may not set up sequences.
        sequences = self.env["ir.sequence"].sudo()
        found = sequences.search(domain, limit=1)
        if not found:
            # Two first documents at once must not make two sequences.
            self.sudo().lock_for_update()
            found = sequences.search(domain, limit=1) or sequences.create(
                {
                    "name": _SEQUENCE_NAMES[form],
                    "code": code,
                    "company_id": self.id,
                    "implementation": "no_gap",
                    "use_date_range": True,
                    "padding": 0,
                }
            )
        return found


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kbe_code = fields.Char(related="company_id.kbe_code", readonly=False)
    knp_code = fields.Char(related="company_id.knp_code", readonly=False)
    director_name = fields.Char(related="company_id.director_name", readonly=False)
    accountant_name = fields.Char(related="company_id.accountant_name", readonly=False)
    invoice_form = fields.Selection(related="company_id.invoice_form", readonly=False)
    closing_documents = fields.Selection(related="company_id.closing_documents", readonly=False)
    closing_documents_from = fields.Date(related="company_id.closing_documents_from", readonly=False)
