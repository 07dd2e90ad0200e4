from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aging_basis = fields.Selection(
        [("due_date", "Due date"), ("invoice_date", "Invoice date")],
        default="due_date",
        required=True,
        help="The date that the age of a receivable counts from.",
    )
    hopeless_days = fields.Integer(
        "Hopeless After",
        default=365,
        help="A receivable older than this many days past its date counts as hopeless in the bad-debt ratio.",
    )

    _hopeless_days_positive = models.Constraint(
        "CHECK (hopeless_days > 0)", "The number of days after which a debt is hopeless must be above zero."
    )
