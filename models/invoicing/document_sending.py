from odoo import api, models

_FORMS = {"retail": "invoice_to_cash.report_retail"}
_DEFAULT_FORM = "invoice_to_cash.report_bill"


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _get_default_pdf_report_id(self, move):
        """Override of account to send the form that fits the kind of customer.

        What somebody chose for the customer or the journal stays.
        """
        report = super()._get_default_pdf_report_id(move)
        if move.move_type == "out_invoice" and report == self.env.ref("account.account_invoices"):
            # sudo: a rule of the company; any of its users may print the form that it names.
            orders = move.sudo().invoice_line_ids.sale_line_ids.order_id
            if chosen := orders.invoicing_rule_id.report_id[:1]:
                return chosen.sudo(False)
        if (
            move.move_type != "out_invoice"
            or move.company_id.invoice_form != "kind"
            or report != self.env.ref("account.account_invoices")
        ):
            return report
        form = _FORMS.get(move.commercial_partner_id.customer_kind, _DEFAULT_FORM)
        return self.env.ref(form, raise_if_not_found=False) or report

    @api.model
    def _get_placeholder_mail_template_dynamic_attachments_data(self, move, mail_template, pdf_report=None):
        """Override of account to add the счёт-фактура for government, unless it comes with the act later."""
        attachments = super()._get_placeholder_mail_template_dynamic_attachments_data(
            move, mail_template, pdf_report=pdf_report
        )
        if (
            move.move_type == "out_invoice"
            and move.state == "posted"
            and move.company_id.invoice_form == "kind"
            and not move.company_id.closing_documents
            and move.commercial_partner_id.customer_kind == "government"
            and "tax_invoice" in move._get_closing_forms()
        ):
            name = f"Счёт-фактура {move.name.replace('/', '_')}.pdf"
            attachments.append(
                {
                    "id": f"placeholder_{name}",
                    "name": name,
                    "mimetype": "application/pdf",
                    "placeholder": True,
                    "dynamic_report": "invoice_to_cash.document_tax_invoice",
                }
            )
        return attachments
