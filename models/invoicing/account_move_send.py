from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _prepare_invoice_pdf_report(self, invoices_data):
        """Override of account to make one PDF at a time where the engine can do no more.

        The wkhtmltopdf of the distributions has no patched Qt and refuses several documents in one call:
        the job that sends queued invoices would fail for all of them, for ever.
        """
        if len(invoices_data) < 2 or _wkhtml().is_patched_qt:
            return super()._prepare_invoice_pdf_report(invoices_data)
        for invoice, data in invoices_data.items():
            super()._prepare_invoice_pdf_report({invoice: data})
        return None
