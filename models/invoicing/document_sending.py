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
        # Asked several times per invoice: the identifiers are in a cache, env.ref() asks the database.
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        is_default = report.id == get_id("account.account_invoices", raise_if_not_found=False)
        if move.move_type == "out_invoice" and is_default:
            # sudo: a rule of the company; any of its users may print the form that it names.
            orders = move.sudo().invoice_line_ids.sale_line_ids.order_id
            if chosen := orders.invoicing_rule_id.report_id[:1]:
                return chosen.sudo(False)
        if move.move_type != "out_invoice" or not is_default or move.company_id.invoice_form != "kind":
            return report
        form = _FORMS.get(move.commercial_partner_id.customer_kind, _DEFAULT_FORM)
        return report.browse(get_id(form, raise_if_not_found=False) or report.id)

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
