from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aging_basis = fields.Selection(related="company_id.aging_basis", readonly=False, required=True)
    hopeless_days = fields.Integer(related="company_id.hopeless_days", readonly=False)
