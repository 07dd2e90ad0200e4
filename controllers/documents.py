from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from odoo.addons.account_payment.controllers.portal import PortalAccount

from .tracked_link import SESSION_KEY


class InvoiceDocuments(PortalAccount):
    def _show_report(self, model, report_type, report_ref, download=False):
        """Override of portal to show the form that was sent: Odoo calls its own one "Счёт-фактура"."""
        if report_ref == "account.account_invoices" and model._name == "account.move":
            report_ref = model.env["account.move.send"]._get_default_pdf_report_id(model).report_name
        return super()._show_report(model, report_type, report_ref, download=download)

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
            raise request.not_found()
        report = request.env.ref(f"invoice_to_cash.report_{form}").sudo()
        content, kind = report._render(report.report_name, invoice.ids)
        return _as_file(content, kind, f"{form}_{invoice.name}")

    @http.route("/my/orders/<int:order_id>/bill", type="http", auth="public", methods=["GET"])
    def portal_order_bill(self, order_id, access_token=None, **_kwargs):
        """The счёт на оплату of a prepaid order, for whoever may see the order's page."""
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not order._get_portal_bill():
            raise request.not_found()
        report = request.env.ref("invoice_to_cash.report_order_bill").sudo()
        content, kind = report._render(report.report_name, order.ids)
        return _as_file(content, kind, f"bill_{order.name}")


def _as_file(content, kind, name):
    if kind != "pdf":
        return request.make_response(content, [("Content-Type", "text/html; charset=utf-8")])
    headers = [
        ("Content-Type", "application/pdf"),
        ("Content-Length", len(content)),
        ("Content-Disposition", content_disposition(f"{name.replace('/', '_')}.pdf")),
    ]
    return request.make_response(content, headers)
