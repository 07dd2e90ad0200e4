from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    receivables_tz = fields.Selection(related="company_id.receivables_tz", readonly=False, required=True)
    receivables_due_soon_days = fields.Integer(related="company_id.receivables_due_soon_days", readonly=False)
