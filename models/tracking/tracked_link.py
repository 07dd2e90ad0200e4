"""Signed links and pictures in our mails: whose they are, and that nobody else can make them."""

import datetime
import re

from markupsafe import Markup
from werkzeug.urls import url_encode

from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

SCOPE = "invoice_to_cash.tracked_link"
PIXEL_SCOPE = "invoice_to_cash.pixel"
# Long enough for a letter found again after the holidays, and for an invoice with terms of 45 days.
LIFETIME = datetime.timedelta(days=180)
TARGETS = ("invoice", "pay")
PIXEL_PATH = "/i2c/p/"
_LINK = re.compile(r"/i2c/invoice\?t=([\w-]+)")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_tracked_url(self, partner=None, target="invoice") -> str:
        """A signed link to the invoice's page that expires and tells who opened it.

        Never the portal's own access token: that one is eternal.

        :param partner: the recipient; the invoice's contact when None.
        :param target: "invoice" or "pay".
        """
        self.ensure_one()
        if target not in TARGETS:
            raise ValueError(f"unknown target {target!r}")
        token = self._sign(SCOPE, [self.id, (partner or self.partner_id).id, target])
        return f"{self.get_base_url()}/i2c/invoice?{url_encode({'t': token})}"

    def _sign(self, scope, values):
        # sudo: signing reads the database secret; the caller got the invoice by its own rights.
        return hash_sign(self.env(su=True), scope, values, expiration=LIFETIME)

    @api.model
    def _verify(self, scope, token):
        """The values of a token of ours, or an empty list; without a query."""
        try:
            # sudo: verifying reads the database secret; nothing else is read before the signature is checked.
            return verify_hash_signed(self.env(su=True), scope, token or "") or []
        except (ValueError, TypeError, IndexError):
            return []

    @api.model
    def _open_tracked_token(self, token):
        """The posted invoice, the recipient and the target of a token; three empty values for a bad one."""
        nothing = self.browse(), self.env["res.partner"], ""
        values = self._verify(SCOPE, token)
        if len(values) != 3:
            return nothing
        move_id, partner_id, target = values
        # sudo: the signature has proven that we gave this invoice's link to this recipient.
        move = self.sudo().browse(move_id).exists()
        if not move or move.state != "posted" or target not in TARGETS:
            return nothing
        return move, self.env["res.partner"].sudo().browse(partner_id).exists(), target

    # --- one mail, many recipients -----------------------------------------
    def _personalize_links(self, body, partner):
        """The body with the links of this invoice signed for the one who gets it."""
        self.ensure_one()

        def own(match):
            values = self._verify(SCOPE, match[1])
            if len(values) != 3 or values[0] != self.id:
                return match[0]
            return f"/i2c/invoice?t={self._sign(SCOPE, [self.id, partner.id, values[2]])}"

        return _LINK.sub(own, body)

    def _get_pixel_html(self, partner, company):
        """The picture that tells of the opening; nothing where company or customer do not want it."""
        self.ensure_one()
        if not company.tracking_pixel or partner.opens_not_tracked or not partner.partner_share:
            return ""
        return Markup('<img src="%s" width="1" height="1" alt="" style="border:0"/>') % self._get_pixel_url(
            partner
        )

    def _get_pixel_url(self, partner, moment=None):
        """The address of the picture, signed for this invoice, this recipient and the moment of sending."""
        moment = moment or fields.Datetime.now()
        values = [self.id, partner.id, int(moment.replace(tzinfo=datetime.UTC).timestamp())]
        return f"{self.get_base_url()}{PIXEL_PATH}{self._sign(PIXEL_SCOPE, values)}.gif"

    @api.model
    def _open_pixel_token(self, token):
        """(invoice id, recipient id, moment of sending) of a pixel's token, or None; without a query."""
        values = self._verify(PIXEL_SCOPE, token)
        if len(values) != 3:
            return None
        move_id, partner_id, sent = values
        return move_id, partner_id, datetime.datetime.fromtimestamp(sent, datetime.UTC).replace(tzinfo=None)
