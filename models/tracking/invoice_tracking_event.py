from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

KINDS = [
    ("created", "Created"),
    ("queued", "Queued for sending"),
    ("postponed", "Put off by the mail server"),
    ("sent", "Sent"),
    ("no_address", "No usable e-mail address"),
    ("refused", "Refused by the mail server"),
    ("bounced", "Came back undelivered"),
    ("not_sent", "Could not be sent"),
    ("viewed", "Viewed"),
    ("pdf_viewed", "PDF opened"),
    ("view_unverified", "Opened, perhaps by a machine"),
    ("sla_broken", "No answer in time"),
    ("due_soon", "Due soon"),
    ("partial", "Partially paid"),
    ("overdue", "Overdue"),
    ("paid", "Paid"),
    ("reopened", "Open again"),
    ("reminded", "Reminded"),
    ("disputed", "Disputed"),
    ("dispute_settled", "Dispute settled"),
    ("action", "Follow-up"),
]
CHANNELS = [
    ("system", "System"),
    ("mail", "Mail"),
    ("link", "Link in a mail"),
    ("portal", "Portal"),
    ("bank", "Bank"),
    ("activity", "Activity"),
    ("webhook", "Webhook"),
]
CLIENTS = [
    ("desktop", "Computer"),
    ("mobile", "Telephone"),
    ("mail_app", "Mail program"),
    ("proxy", "Mail service"),
    ("scanner", "Security scanner"),
    ("robot", "Robot"),
    ("other", "Other"),
]
# What the customer did with it: personal, hence purged after a time.
OPENINGS = ("viewed", "pdf_viewed", "view_unverified")


class InvoiceTrackingEvent(models.Model):
    """What happened to an invoice, in the order in which it happened. Append-only.

    Of an opening no address, no User-Agent and no cookie is kept: only when, by which way, by what kind of
    client and with which recipient's token.
    """

    _name = "invoice.tracking.event"
    _description = "Invoice Tracking Event"
    _order = "moment desc, id desc"

    move_id = fields.Many2one("account.move", "Invoice", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="move_id.commercial_partner_id", string="Customer", store=True)
    recipient_id = fields.Many2one("res.partner", "Recipient", ondelete="set null", index="btree_not_null")
    kind = fields.Selection(KINDS, "Event", required=True)
    moment = fields.Datetime(required=True, default=fields.Datetime.now)
    channel = fields.Selection(CHANNELS, required=True, default="system")
    client = fields.Selection(CLIENTS, "Opened With")
    detail = fields.Char()
    opening_hour = fields.Datetime(
        readonly=True, help="The hour of an opening: the same recipient is noted once in it."
    )

    _move_moment = models.Index("(move_id, moment DESC, id DESC)")
    _partner_moment = models.Index("(partner_id, moment DESC, id DESC)")
    _kind_moment = models.Index("(kind, moment)")
    # Two workers that are asked for the same picture: one of them writes.
    _one_opening_an_hour = models.UniqueIndex(
        "(move_id, recipient_id, kind, opening_hour) WHERE opening_hour IS NOT NULL"
    )

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

    @api.model
    def _get_latest(self, column, ids, company=None):
        """The last event of each invoice or customer, as words; one query. What only we did is left out.

        :param column: "move_id" or "partner_id".
        :return: {id: {"number": of the invoice, "kind", "moment", "text"}}
        """
        if not ids:
            return {}
        self.flush_model()
        # Whoever may read the invoice or the customer may know what happened to it last, without its details.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT wanted.id, event.kind, event.moment, move.name
                  FROM unnest(%(ids)s) AS wanted (id)
                 CROSS JOIN LATERAL (
                       SELECT event.kind, event.moment, event.move_id
                         FROM invoice_tracking_event event
                        WHERE event.%(column)s = wanted.id
                          AND event.kind NOT IN ('queued', 'action') %(of_company)s
                        ORDER BY event.moment DESC, event.id DESC
                        LIMIT 1) event
                  JOIN account_move move ON move.id = event.move_id
                """,
                ids=list(ids),
                column=SQL.identifier(column),
                of_company=SQL("AND event.company_id = %s", company.id) if company else SQL(),
            )
        )
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return {
            key: {
                "number": number,
                "kind": kind,
                "moment": moment,
                "text": f"{labels.get(kind, kind)}, {self._format_day(moment)}",
            }
            for key, kind, moment, number in rows
        }

    def _format_day(self, moment):
        return format_date(self.env, fields.Datetime.context_timestamp(self, moment))

    @api.autovacuum
    def _purge_openings(self):
        """Forget who opened what after the time that the company has set; the invoice keeps the date."""
        self.env.cr.execute(
            """
            DELETE FROM invoice_tracking_event event
             USING res_company company
             WHERE company.id = event.company_id
               AND company.tracking_keep_days > 0
               AND event.kind IN %s
               AND event.moment
                   < (NOW() AT TIME ZONE 'utc') - make_interval(days => company.tracking_keep_days)
            """,
            [OPENINGS],
        )
        self.invalidate_model()
