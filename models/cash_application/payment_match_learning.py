"""What a decision teaches about its payer."""

from odoo import models
from odoo.exceptions import UserError


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    def remember_payer(self, partner_id):
        """A person says who pays under this name and from this account: learned at once."""
        self.ensure_one()
        self = self._as_bookkeeper()
        partner = self.env["res.partner"].browse(partner_id).exists().commercial_partner_id
        if not partner or (partner.company_id and partner.company_id != self.company_id):
            raise UserError(self.env._("Choose the customer who pays."))
        marks = self.statement_line_id._get_payer_marks()
        if not marks:
            raise UserError(self.env._("The bank gives neither a name nor an account of the payer."))
        # sudo was given after the check above: aliases are written by decisions only.
        self.env["payer.alias"]._learn(self.with_context(learn_partner_id=partner.id), is_told=True)
        return True

    def _get_payers_to_learn(self) -> list[tuple]:
        """Decisions with the customer whose payer they teach.

        Somebody whose BIN/IIN is another customer's is a third party, and teaches nothing.
        """
        told = self.env["res.partner"].browse(self.env.context.get("learn_partner_id", []))
        tax_ids = {match.statement_line_id._get_payer_tax_id() for match in self} - {""}
        owners: dict[str, set] = {}
        for partner in self.env["res.partner"].search_fetch(
            [("vat", "in", list(tax_ids))], ["vat", "commercial_partner_id"]
        ):
            owners.setdefault(partner.vat, set()).add(partner.commercial_partner_id)
        result = []
        for match in self:
            partner = told or match.candidate_id.partner_id.commercial_partner_id
            owner = owners.get(match.statement_line_id._get_payer_tax_id())
            if partner and (told or not owner or partner in owner):
                result.append((match, partner))
        return result
