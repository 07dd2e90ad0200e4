from odoo import fields, models

from ...core import fulfilment


class ResCompany(models.Model):
    _inherit = "res.company"

    hold_prepaid = fields.Boolean(
        "Hold Prepaid Deliveries",
        default=True,
        help="Deliveries of prepaid orders wait for their money, those with a down payment for it.",
    )
    hold_over_limit = fields.Boolean(
        "Hold Above the Credit Limit",
        help="Deliveries wait while the customer's debt, with what is ordered and not yet invoiced, is above "
        "the credit limit.",
    )
    hold_overdue_days = fields.Integer(
        "Hold When Overdue",
        help="Deliveries wait while the customer's oldest debt is overdue by so many days. 0: never.",
    )

    _hold_overdue_days_positive = models.Constraint(
        "CHECK (hold_overdue_days >= 0)", "The number of overdue days cannot be negative."
    )

    def _get_hold_rules(self) -> fulfilment.HoldRules:
        self.ensure_one()
        return fulfilment.HoldRules(
            prepaid=self.hold_prepaid,
            over_limit=self.hold_over_limit and self.account_use_credit_limit,
            overdue_days=self.hold_overdue_days,
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    hold_prepaid = fields.Boolean(related="company_id.hold_prepaid", readonly=False)
    hold_over_limit = fields.Boolean(related="company_id.hold_over_limit", readonly=False)
    hold_overdue_days = fields.Integer(related="company_id.hold_overdue_days", readonly=False)
