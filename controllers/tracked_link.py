import datetime

from odoo import SUPERUSER_ID, fields, http
from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount

from ..core import openings, rate_limit

SESSION_KEY = "i2c_invoices"
# The smallest picture there is: transparent, one by one.
GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
# Work for one token and hour, in this process; the database itself allows one event.
LIMIT = rate_limit.RateLimit(20, datetime.timedelta(hours=1))


def _judge(signal, sent_at=None):
    """What ``core.openings`` makes of the request at hand; None where nothing is to be noted."""
    # sudo: a visitor asks; the parameter is kept in memory and shown to nobody.
    networks = request.env["ir.config_parameter"].sudo().get_param("invoice_to_cash.internal_networks") or ""
    if openings.is_internal(request.httprequest.remote_addr or "", networks.split(",")):
        return None
    headers = {name.lower(): value for name, value in request.httprequest.headers.items()}
    return openings.judge(signal, request.httprequest.method, headers, sent_at, fields.Datetime.now())


def _is_staff():
    user_id = request.session.uid
    # sudo: whether it is one of ours is asked of the session's own user, without showing anything.
    return bool(user_id) and request.env["res.users"].sudo().browse(user_id)._is_internal()


class TrackedPixel(http.Controller):
    @http.route(
        "/i2c/p/<string:token>.gif",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=False,
    )
    def open_pixel(self, token, **_kwargs):
        """One picture for good, bad, old and too frequent tokens; a good one is noted."""
        opened = request.db and request.env["account.move"]._open_pixel_token(token)
        if opened and LIMIT.allows((request.db, token), fields.Datetime.now()) and not _is_staff():
            move_id, partner_id, sent_at = opened
            # sudo: the signature has proven that we gave this picture to this recipient of this invoice.
            moves = request.env(user=SUPERUSER_ID)["account.move"]
            moves._note_request(
                _judge(openings.VERIFIED, sent_at), moves.browse(move_id), "mail", partner_id, is_pixel=True
            )
        return request.make_response(
            GIF,
            headers=[
                ("Content-Type", "image/gif"),
                ("Content-Length", str(len(GIF))),
                ("Cache-Control", "private, no-store, max-age=0"),
            ],
        )


class TrackedLink(http.Controller):
    @http.route("/i2c/invoice", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def open_invoice(self, t=None, **_kwargs):
        """Take the customer from a link in our mail to the invoice, and note the visit.

        A wrong, an expired and a foreign token get one and the same answer.
        """
        move, partner, target = request.env["account.move"]._open_tracked_token(t)
        if not move:
            return request.render("invoice_to_cash.link_expired", status=404)
        if not _is_staff() and LIMIT.allows((request.db, t), fields.Datetime.now()):
            last_sent = move.tracking_event_ids.filtered(lambda event: event.kind == "sent")[:1].moment
            move._note_request(_judge(openings.CLICK, last_sent or None), move, "link", partner)
        # The page is opened for this browser session only; the eternal token stays out of the address bar.
        known = dict(list(request.session.get(SESSION_KEY, {}).items())[-20:])
        request.session[SESSION_KEY] = {**known, str(move.id): partner.id}
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


class TrackedPortal(PortalAccount):
    @http.route()
    def portal_my_invoice_detail(self, invoice_id, access_token=None, report_type=None, download=False, **kw):
        """Override of account to let in who came by a link of ours, and to note visits of pages and PDFs."""
        known = request.session.get(SESSION_KEY, {})
        came_by_link = not access_token and str(invoice_id) in known
        if came_by_link:
            # sudo: the signed link of this invoice was opened in this session.
            move = request.env["account.move"].sudo().browse(invoice_id).exists()
            access_token = move._portal_ensure_token() if move else None
        response = super().portal_my_invoice_detail(
            invoice_id, access_token=access_token, report_type=report_type, download=download, **kw
        )
        if response.status_code == 200 and not _is_staff():
            is_pdf = report_type in ("pdf", "html", "text")
            # Who came by our link has been noted with the link; the PDF is a step further.
            if is_pdf or not came_by_link:
                self._note_visit(invoice_id, known.get(str(invoice_id)), is_pdf)
        return response

    @staticmethod
    def _note_visit(invoice_id, recipient_id, is_pdf):
        user = request.env.user
        if user._is_portal():
            recipient_id, signal = user.partner_id.id, openings.PORTAL
        else:
            signal = openings.CLICK
        # sudo: a visitor may not write to the log; the page was shown to him by his own rights or token.
        moves = request.env["account.move"].sudo()
        moves._note_request(
            _judge(signal),
            moves.browse(invoice_id),
            "portal",
            recipient_id,
            kind="pdf_viewed" if is_pdf else "viewed",
        )
