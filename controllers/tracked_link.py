from odoo import fields, http
from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount

from ..core import statuses

SESSION_KEY = "i2c_invoices"


class TrackedLink(http.Controller):
    @http.route("/i2c/invoice", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def open_invoice(self, t=None, **_kwargs):
        """Take the customer from a link in our mail to the invoice, and note the visit.

        A wrong, an expired and a foreign token get one and the same answer.
        """
        move, partner, target = request.env["account.move"]._open_tracked_token(t)
        if not move:
            return request.render("invoice_to_cash.link_expired", status=404)
        self._note_visit(move, partner)
        # The page is opened for this browser session only; the eternal token stays out of the address bar.
        request.session[SESSION_KEY] = [*request.session.get(SESSION_KEY, [])[-20:], move.id]
        pay = "?payment=True" if target == "pay" else ""
        self._speak_language_of(partner)
        return request.redirect(f"/my/invoices/{move.id}{pay}")

    def _speak_language_of(self, partner):
        """Show a first-time visitor the page in the language of the mail that brought him."""
        known = request.httprequest.cookies.get("frontend_lang")
        # sudo: a public visitor asks; the languages are no secret.
        installed = dict(request.env["res.lang"].sudo().get_installed())
        if not known and partner.lang in installed:
            # The answer in the making has Odoo's own choice already; the later cookie wins.
            request.future_response.set_cookie("frontend_lang", partner.lang, max_age=365 * 24 * 3600)

    def _note_visit(self, move, partner):
        if request.env.user._is_internal():
            return
        headers = {name.lower(): value for name, value in request.httprequest.headers.items()}
        last_sent = move.tracking_event_ids.filtered(lambda event: event.kind == "sent")[:1].moment
        is_person = statuses.is_person(
            request.httprequest.method, headers, last_sent or None, fields.Datetime.now()
        )
        if is_person:
            move._mark_viewed("link", partner.email_formatted or partner.name)
        elif request.httprequest.method == "GET":
            move._log_tracking_event("view_unverified", "link", partner.email or partner.name)


class TrackedPortal(PortalAccount):
    @http.route()
    def portal_my_invoice_detail(self, invoice_id, access_token=None, report_type=None, download=False, **kw):
        """Override of account to let in who came by a link of ours, and to note visits of portal users."""
        if not access_token and invoice_id in request.session.get(SESSION_KEY, []):
            # sudo: the signed link of this invoice was opened in this session.
            move = request.env["account.move"].sudo().browse(invoice_id).exists()
            access_token = move._portal_ensure_token() if move else None
        response = super().portal_my_invoice_detail(
            invoice_id, access_token=access_token, report_type=report_type, download=download, **kw
        )
        user = request.env.user
        if response.status_code == 200 and user._is_portal() and request.httprequest.method == "GET":
            # sudo: a portal user may not write to the log; the page above was shown by his own rights.
            move = request.env["account.move"].sudo().browse(invoice_id)
            if move.tracking_status:
                move._mark_viewed("portal", user.partner_id.email_formatted)
        return response
