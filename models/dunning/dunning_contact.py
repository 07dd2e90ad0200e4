from odoo import fields, models

from ...core.dunning import letter


class ResPartner(models.Model):
    """Who of a customer gets which letter."""

    _inherit = "res.partner"

    receivables_role = fields.Selection(
        [("accounting", "Accounting"), ("management", "Management")],
        "Role for Reminders",
        help="Reminders go to the invoice contact, else to accounting, else to the company itself; "
        "a step of the ladder may ask for accounting or management first.",
    )

    def _get_reminder_roles(self) -> dict:
        """Everybody of these customers who has a mail address: {customer: [(role, contact id)]}; one query.

        A role that several have goes to the one who was created first.
        """
        roles = {}
        for contact in self.search_fetch(
            [("commercial_partner_id", "in", self.ids), ("email_normalized", "!=", False)],
            ["commercial_partner_id", "type", "email_normalized", "receivables_role"],
            order="id",
        ):
            commercial = contact.commercial_partner_id
            if contact == commercial:
                role = "company"
            elif contact.receivables_role:
                role = contact.receivables_role
            elif contact.type == "invoice":
                role = "invoice"
            else:
                continue
            roles.setdefault(commercial, []).append((role, contact.id))
        return roles

    def _get_reminder_contacts(self, role="invoice") -> dict:
        """Who gets a reminder that is addressed to ``role``; who has no address at all is missing.

        :return: {commercial partner: contact}, one query for any number
        """
        return {
            commercial: self.browse(letter.choose_contact(role, contacts))
            for commercial, contacts in self._get_reminder_roles().items()
        }
