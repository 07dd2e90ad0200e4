from odoo import fields, models

from ...core.matching import Settings


class ResCompany(models.Model):
    _inherit = "res.company"

    match_third_party = fields.Selection(
        [
            ("suggest", "Suggest, a person decides"),
            ("apply", "Apply like any other"),
            ("manual", "Leave to a person, preselect nothing"),
        ],
        string="Payments by Third Parties",
        default="suggest",
        required=True,
        help="What happens when somebody else than the customer pays and quotes the customer's invoice: "
        "a parent company, a director, a relative.",
    )

    def _get_match_settings(self) -> Settings:
        self.ensure_one()
        currencies = self.env["res.currency"].search([])
        return Settings(
            third_party=self.match_third_party,
            digits={currency.name: currency.decimal_places for currency in currencies},
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    match_third_party = fields.Selection(
        related="company_id.match_third_party", readonly=False, required=True
    )
