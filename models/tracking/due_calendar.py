"""What the calendar of due dates shows of an invoice: whose, how much, how it stands."""

from odoo import api, fields, models
from odoo.tools import formatLang

# Places in Odoo's palette of calendars: red is late, green is paid, between them what is near or new.
COLORS = {
    "created": 11,
    "sent": 4,
    "viewed": 7,
    "due_soon": 3,
    "partial": 2,
    "overdue": 1,
    "paid": 10,
}


class AccountMove(models.Model):
    _inherit = "account.move"

    due_title = fields.Char("Open and Customer", compute="_compute_due_title")
    tracking_color = fields.Integer("Color of the Status", compute="_compute_tracking_color")

    @api.depends("amount_residual", "amount_total", "currency_id", "commercial_partner_id", "name")
    @api.depends_context("lang")
    def _compute_due_title(self):
        """The sum first: a day of the calendar is narrow. What is paid shows its total."""
        for move in self:
            amount = formatLang(self.env, move.amount_residual or move.amount_total, digits=0)
            currency = move.currency_id
            parts = (amount, currency.symbol) if currency.position == "after" else (currency.symbol, amount)
            title = "\N{NO-BREAK SPACE}".join(filter(None, parts))
            move.due_title = f"{title} {move.commercial_partner_id.name or move.name or ''}".rstrip()

    @api.depends("tracking_status")
    def _compute_tracking_color(self):
        for move in self:
            move.tracking_color = COLORS.get(move.tracking_status, 0)
