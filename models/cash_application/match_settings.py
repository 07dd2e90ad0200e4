from decimal import Decimal

from odoo import fields, models

from ...core.matching import Settings
from ...core.matching.reasons import EARNABLE


class ResCompany(models.Model):
    _inherit = "res.company"

    match_automation = fields.Selection(
        [
            ("off", "Nothing, a person accepts everything"),
            ("trusted", "Only what quotes our code or a full number, the amount agrees"),
            ("earned", "Also reasons that have earned it or were switched on"),
        ],
        string="Applied without a Touch",
        default="trusted",
        required=True,
    )
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
    match_tolerance = fields.Monetary(
        "Small Differences",
        help="Up to how much of a short payment may be written off or booked as a bank fee, in the currency"
        " of the company. 0: nothing.",
    )
    match_write_off_account_id = fields.Many2one(
        "account.account",
        "Write-Off Account",
        check_company=True,
        domain="[('account_type', 'like', 'expense')]",
    )
    match_fee_account_id = fields.Many2one(
        "account.account",
        "Bank Fee Account",
        check_company=True,
        domain="[('account_type', 'like', 'expense')]",
    )

    def _get_match_settings(self, trusted=frozenset()) -> Settings:
        self.ensure_one()
        currencies = self.env["res.currency"].search([])
        return Settings(
            automation=self.match_automation,
            earned=frozenset(trusted) & EARNABLE,
            third_party=self.match_third_party,
            tolerance=Decimal(str(self.match_tolerance)),
            digits={currency.name: currency.decimal_places for currency in currencies},
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    match_automation = fields.Selection(related="company_id.match_automation", readonly=False, required=True)
    match_third_party = fields.Selection(
        related="company_id.match_third_party", readonly=False, required=True
    )
    match_tolerance = fields.Monetary(related="company_id.match_tolerance", readonly=False)
    match_write_off_account_id = fields.Many2one(
        related="company_id.match_write_off_account_id", readonly=False
    )
    match_fee_account_id = fields.Many2one(related="company_id.match_fee_account_id", readonly=False)
