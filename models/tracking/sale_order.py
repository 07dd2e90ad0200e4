from odoo import api, fields, models

from .account_move import TRACKING_STATUS
from .res_partner import WORST_FIRST


class SaleOrder(models.Model):
    _inherit = "sale.order"

    tracking_status = fields.Selection(
        TRACKING_STATUS,
        string="Collection Status",
        compute="_compute_tracking_status",
        help="The most pressing status among the order's invoices.",
    )

    @api.depends("order_line.invoice_lines.move_id.tracking_status")
    def _compute_tracking_status(self):
        for order in self:
            # sudo: salespeople see the status of their orders' invoices without rights on the ledger.
            seen = set(order.sudo().invoice_ids.mapped("tracking_status"))
            order.tracking_status = next((status for status in WORST_FIRST if status in seen), False)
