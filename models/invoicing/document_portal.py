from odoo import models

from .document_company import CLOSING_FORMS


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_portal_documents(self):
        """What a customer may download where he sees the invoice: [(form, label in his language)].

        The bill of an invoice is there from posting on; act, waybill and счёт-фактура once they have a
        number, because only then were they issued.
        """
        self.ensure_one()
        if (
            self.move_type != "out_invoice"
            or self.state != "posted"
            or self.company_id.invoice_form != "kind"
        ):
            return []
        labels = {
            "bill": self.env._("Счёт на оплату"),
            "retail": self.env._("Invoice with payment QR"),
            "act": self.env._("Act of works performed %s", self.act_number),
            "waybill": self.env._("Delivery note %s", self.waybill_number),
            "tax_invoice": self.env._("Tax invoice %s", self.tax_invoice_number),
        }
        kind = self.commercial_partner_id.customer_kind
        forms = ["retail" if kind == "retail" else "bill"]
        forms += [form for form in CLOSING_FORMS if self[f"{form}_number"]]
        return [(form, labels[form]) for form in forms]
