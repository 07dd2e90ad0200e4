"""The story of an invoice as its form shows it: what the customer saw and did, and what we did."""

from odoo import fields, models

# Of each kind: the icon, the tone, and whether it was the customer's doing.
LOOK = {
    "created": ("fa-file-o", "muted", False),
    "queued": ("fa-hourglass-o", "muted", False),
    "postponed": ("fa-clock-o", "warning", False),
    "sent": ("fa-paper-plane-o", "info", False),
    "no_address": ("fa-question-circle-o", "danger", False),
    "refused": ("fa-ban", "danger", False),
    "bounced": ("fa-undo", "danger", False),
    "not_sent": ("fa-exclamation-triangle", "danger", False),
    "viewed": ("fa-eye", "success", True),
    "pdf_viewed": ("fa-file-pdf-o", "success", True),
    "view_unverified": ("fa-android", "muted", False),
    "sla_broken": ("fa-bell-o", "danger", False),
    "due_soon": ("fa-calendar-o", "warning", False),
    "partial": ("fa-adjust", "success", True),
    "overdue": ("fa-calendar-times-o", "danger", False),
    "paid": ("fa-check", "success", True),
    "reopened": ("fa-repeat", "warning", False),
    "reminded": ("fa-bullhorn", "info", False),
    "disputed": ("fa-gavel", "warning", True),
    "dispute_settled": ("fa-handshake-o", "info", False),
    "action": ("fa-bolt", "info", False),
}
LIMIT = 100


class AccountMove(models.Model):
    _inherit = "account.move"

    tracking_timeline = fields.Json("Timeline", compute="_compute_tracking_timeline")

    def _compute_tracking_timeline(self):
        """The last events, newest first, as the widget shows them."""
        # sudo: whoever may read the invoice may read its story; the log itself is for those who work on it.
        log = self.env["invoice.tracking.event"].sudo()
        labels, channels, clients = (
            dict(log._fields[name]._description_selection(self.env)) for name in ("kind", "channel", "client")
        )
        for move in self:
            timeline = []
            for event in log.search([("move_id", "=", move._origin.id)], limit=LIMIT) if move._origin else ():
                icon, tone, by_customer = LOOK.get(event.kind, ("fa-circle-o", "muted", False))
                words = (
                    channels.get(event.channel) if event.channel != "system" else "",
                    event.detail or event.recipient_id.display_name,
                    clients.get(event.client),
                )
                timeline.append(
                    {
                        "id": event.id,
                        "moment": fields.Datetime.to_string(event.moment),
                        "label": labels.get(event.kind, event.kind),
                        "words": " · ".join(filter(None, words)),
                        "icon": icon,
                        "tone": tone,
                        "by_customer": by_customer,
                    }
                )
            move.tracking_timeline = timeline
