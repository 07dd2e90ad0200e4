from datetime import timedelta

from odoo import fields, http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

#: the longest period that a customer may ask for, in days
MAX_DAYS = 3 * 366


class PortalReconciliation(CustomerPortal):
    """The act of reconciliation (акт сверки), for a customer to download for a period of his choice."""

    @http.route("/my/reconciliation", type="http", auth="user", website=True, methods=["GET"])
    def portal_reconciliation(self, error=None, **values):
        companies = self._get_reconciliation_companies()
        company = companies[:1] or request.env.company
        act = request.env["reconciliation.act"].sudo().with_company(company)
        date_from, date_to = act.with_context(allowed_company_ids=company.ids)._default_period()
        return request.render(
            "invoice_to_cash.portal_reconciliation",
            {
                "page_name": "reconciliation",
                "companies": companies,
                "date_from": values.get("date_from") or date_from,
                "date_to": values.get("date_to") or date_to,
                "error": error,
            },
        )

    @http.route("/my/reconciliation/act", type="http", auth="user", website=True, methods=["GET"])
    def portal_reconciliation_act(self, date_from="", date_to="", company_id="", **_values):
        companies = self._get_reconciliation_companies()
        company = companies.filtered(lambda company: str(company.id) == company_id) or companies[:1]
        try:
            start, end = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        except ValueError:
            start = end = None
        if not company or not start or not end or not timedelta(0) <= end - start <= timedelta(MAX_DAYS):
            return self.portal_reconciliation(
                error=request.env._("Choose a period of three years at most, its first day before its last.")
            )
        # sudo: the customer of the logged-in user and a company that he deals with, chosen above; nothing
        # else of the ledger is read.
        act = (
            request.env["reconciliation.act"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "company_id": company.id,
                    "partner_id": request.env.user.partner_id.commercial_partner_id.id,
                    "date_from": start,
                    "date_to": end,
                }
            )
        )
        report = request.env.ref("invoice_to_cash.report_reconciliation").sudo()
        content, kind = report._render(report.report_name, act.ids)
        if kind != "pdf":
            return request.make_response(content, [("Content-Type", "text/html; charset=utf-8")])
        name = f"reconciliation_{start}_{end}.pdf"
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _get_reconciliation_companies(self):
        """The companies that have invoiced the customer of the logged-in user."""
        customer = request.env.user.partner_id.commercial_partner_id
        # sudo: only which companies have invoices of this very customer is read.
        groups = (
            request.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("commercial_partner_id", "=", customer.id),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ],
                ["company_id"],
            )
        )
        return request.env["res.company"].sudo().concat(*[company for (company,) in groups])
