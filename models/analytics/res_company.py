from odoo import api, fields, models, tools


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

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "aging_basis" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_companies_by_invoice_date(self) -> frozenset[int]:
        """The ids of the companies whose receivables age from the invoice date: asked for with every sum."""
        # sudo: ids only, of a setting.
        return frozenset(
            self.sudo().with_context(active_test=False).search([("aging_basis", "=", "invoice_date")]).ids
        )
