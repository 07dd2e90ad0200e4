from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    invoice_reference_model = fields.Selection(
        selection_add=[("i2c", "Payment code (K4TMX9B)")], ondelete={"i2c": "set default"}
    )
