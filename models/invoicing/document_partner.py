from odoo import fields, models

from ...core.documents.texts import language_of
from .document_company import BILL_COUNTRIES


class ResPartner(models.Model):
    _inherit = "res.partner"

    document_lang = fields.Selection(
        [("ru", "Russian"), ("kk", "Kazakh"), ("en", "English")],
        "Language of Documents",
        help="Language of invoices, acts, waybills and reconciliations. Empty: the customer's language; Odoo "
        "itself has no Kazakh.",
    )

    def _get_document_lang(self, company):
        """``ru``, ``kk`` or ``en``: what the customer, his company, or their languages say."""
        self.ensure_one()
        commercial = self.commercial_partner_id
        default = "en" if (company.country_id.code or "KZ") not in BILL_COUNTRIES else "ru"
        return (
            self.document_lang
            or commercial.document_lang
            or language_of(self.lang or commercial.lang, default)
        )
