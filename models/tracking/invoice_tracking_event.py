from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("created", "Created"),
    ("queued", "Queued for sending"),
    ("sent", "Sent"),
    ("not_sent", "Could not be sent"),
    ("viewed", "Viewed"),
    ("view_unverified", "Opened, perhaps by a machine"),
    ("due_soon", "Due soon"),
    ("partial", "Partially paid"),
    ("overdue", "Overdue"),
    ("paid", "Paid"),
    ("reopened", "Open again"),
    ("reminded", "Reminded"),
    ("disputed", "Disputed"),
    ("dispute_settled", "Dispute settled"),
]
CHANNELS = [
    ("system", "System"),
    ("mail", "Mail"),
    ("link", "Link in a mail"),
    ("portal", "Portal"),
    ("bank", "Bank"),
]


class InvoiceTrackingEvent(models.Model):
    """What happened to an invoice, in the order in which it happened. Append-only."""

    _name = "invoice.tracking.event"
    _description = "Invoice Tracking Event"
    _order = "moment desc, id desc"

    move_id = fields.Many2one("account.move", "Invoice", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer", store=True, index=True
    )
    kind = fields.Selection(KINDS, required=True)
    moment = fields.Datetime(required=True, default=fields.Datetime.now)
    channel = fields.Selection(CHANNELS, required=True, default="system")
    detail = fields.Char()

    @api.depends("move_id.name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = f"{event.move_id.name}: {labels.get(event.kind, '')}"

    def write(self, vals):
        if set(vals) - {"company_id", "partner_id"}:
            raise UserError(self.env._("Tracking events are a log: they can be added, not changed."))
        return super().write(vals)

    def unlink(self):
        if not self.env.su:
            raise UserError(self.env._("Tracking events are a log: they cannot be deleted."))
        return super().unlink()
