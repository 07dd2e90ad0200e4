import datetime

from werkzeug.urls import url_encode

from odoo import api, models
from odoo.tools import hash_sign, verify_hash_signed

SCOPE = "invoice_to_cash.tracked_link"
# Long enough for a letter found again after the holidays, and for an invoice with terms of 45 days.
LIFETIME = datetime.timedelta(days=180)
TARGETS = ("invoice", "pay")


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
        partner = partner or self.partner_id
        # sudo: signing reads the database secret; the caller got the invoice by its own rights.
        token = hash_sign(self.env(su=True), SCOPE, [self.id, partner.id, target], expiration=LIFETIME)
        return f"{self.get_base_url()}/i2c/invoice?{url_encode({'t': token})}"

    @api.model
    def _open_tracked_token(self, token):
        """The posted invoice, the recipient and the target of a token; three empty values for a bad one."""
        nothing = self.browse(), self.env["res.partner"], ""
        try:
            # sudo: verifying reads the database secret; nothing else is read before the signature is checked.
            values = verify_hash_signed(self.env(su=True), SCOPE, token or "")
            move_id, partner_id, target = values or (0, 0, "")
        except (ValueError, TypeError, IndexError):
            return nothing
        # sudo: the signature has proven that we gave this invoice's link to this recipient.
        move = self.sudo().browse(move_id).exists()
        if not move or move.state != "posted" or target not in TARGETS:
            return nothing
        return move, self.env["res.partner"].sudo().browse(partner_id).exists(), target
