from odoo import fields, models


class PayerProfile(models.Model):
    """How much of ours is with the customer: what is open, and what is ordered and not yet invoiced."""

    _inherit = "payer.profile"

    exposure_open = fields.Monetary(
        "Open in the Ledger",
        currency_field="company_currency_id",
        compute="_compute_exposure",
        help="Invoices less unapplied money and credit notes.",
    )
    exposure_unbilled = fields.Monetary(
        "Ordered, Not Invoiced", currency_field="company_currency_id", compute="_compute_exposure"
    )
    exposure = fields.Monetary("Exposure", currency_field="company_currency_id", compute="_compute_exposure")
    exposure_limit = fields.Monetary(
        "Credit Limit", currency_field="company_currency_id", compute="_compute_exposure"
    )
    exposure_free = fields.Monetary(
        "Free of the Limit",
        currency_field="company_currency_id",
        compute="_compute_exposure",
        help="Below zero: the limit is exceeded.",
    )

    def _compute_exposure(self):
        for company, profiles in self.grouped("company_id").items():
            # sudo: whoever may read the profile may know these sums, without rights on ledger and orders.
            company = company.sudo()
            partners = profiles.partner_id.sudo().with_company(company)
            balances = company._get_customer_balances(partners)
            unbilled = {}
            for order in company._get_unbilled_orders(partners):
                customer = order.partner_invoice_id.commercial_partner_id.id
                amount = float(
                    order._get_company_amount(max(order.amount_total - order.amount_invoiced, 0.0))
                )
                unbilled[customer] = unbilled.get(customer, 0.0) + amount
            for profile in profiles:
                partner = partners.browse(profile.partner_id.id)
                limit = partner.credit_limit if company.account_use_credit_limit else 0.0
                profile.exposure_open = float(balances.get(partner.id, (0, 0))[0])
                profile.exposure_unbilled = unbilled.get(partner.id, 0.0)
                profile.exposure = profile.exposure_open + profile.exposure_unbilled
                profile.exposure_limit = limit
                profile.exposure_free = limit - profile.exposure if limit else 0.0
