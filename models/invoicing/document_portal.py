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


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_portal_bill(self):
        """What a customer pays a prepaid order by, None where there is nothing to pay by or an invoice is.

        :return: dict of ``code``, ``until`` (date or False) and ``to_pay``
        """
        self.ensure_one()
        # sudo: whoever may see the order's page sees what is to be paid for it.
        order = self.sudo()
        if not order.is_prepaid or not order.payment_code or order.state != "sale" or order.invoice_ids:
            return None
        return {
            "code": order.payment_code,
            "until": order.proforma_valid_until,
            "to_pay": max(order._get_rest_to_prepay(), 0.0),
        }
