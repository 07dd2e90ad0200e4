from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_level = fields.Integer(
        "Reminder Level",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The highest tone of the reminders that were sent for this invoice.",
    )
    dunning_next_date = fields.Date(
        "Next Reminder",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The day on which the next reminder falls due; whether it goes out is decided that day.",
    )
