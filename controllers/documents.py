from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .tracked_link import SESSION_KEY


class InvoiceDocuments(CustomerPortal):
    @http.route(
        "/my/invoices/<int:invoice_id>/document/<string:form>", type="http", auth="public", methods=["GET"]
    )
    def portal_invoice_document(self, invoice_id, form, access_token=None, **_kwargs):
        """A printed document of an invoice, for whoever may see the invoice's page."""
        if not access_token and invoice_id in request.session.get(SESSION_KEY, []):
            # sudo: the signed link of this invoice was opened in this session.
            move = request.env["account.move"].sudo().browse(invoice_id).exists()
            access_token = move._portal_ensure_token() if move else None
        try:
            # The record comes back with sudo; access was checked by rights or by token.
            invoice = self._document_check_access("account.move", invoice_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if form not in dict(invoice._get_portal_documents()):
            return request.not_found()
        report = request.env.ref(f"invoice_to_cash.report_{form}").sudo()
        content, kind = report._render(report.report_name, invoice.ids)
        if kind != "pdf":
            return request.make_response(content, [("Content-Type", "text/html; charset=utf-8")])
        name = f"{form}_{invoice.name.replace('/', '_')}.pdf"
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(content, headers)
