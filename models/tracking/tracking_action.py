"""What is done when an invoice gets into a situation and stays in it: records that a manager edits."""

import datetime
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .delivery import UNDELIVERED

UNPAID = ("created", "sent", "viewed", "due_soon", "overdue")
OPEN = (*UNPAID, "partial")
NOT_DISPUTED = ("dispute_ids", "not any", [("state", "=", "open")])

# What starts the clock (a kind of event), and as long as which domain holds the reason is there.
SITUATIONS = {
    "created_not_sent": (
        "created",
        Domain([("sent_at", "=", False), ("tracking_status", "in", UNPAID)])
        & Domain("delivery_state", "not in", UNDELIVERED),
    ),
    **{
        kind: (kind, Domain([("delivery_state", "=", kind), ("tracking_status", "in", OPEN)]))
        for kind in UNDELIVERED
    },
    "not_opened": (
        "sent",
        Domain(
            [
                ("delivery_state", "=", "sent"),
                ("first_viewed_at", "=", False),
                ("tracking_status", "in", UNPAID),
                ("commercial_partner_id.opens_not_tracked", "=", False),
                NOT_DISPUTED,
            ]
        ),
    ),
    "sla_broken": (
        "sla_broken",
        Domain([("sla_broken_at", "!=", False), ("first_viewed_at", "=", False)])
        & Domain([("tracking_status", "in", UNPAID), NOT_DISPUTED]),
    ),
    "opened_not_paid": (
        "viewed",
        Domain([("first_viewed_at", "!=", False), ("tracking_status", "in", UNPAID), NOT_DISPUTED]),
    ),
    "due_soon": ("due_soon", Domain("tracking_status", "=", "due_soon")),
    "partial": ("partial", Domain("tracking_status", "in", ("partial", "overdue"))),
    "overdue": ("overdue", Domain("tracking_status", "=", "overdue")),
    "paid": (
        "paid",
        Domain([("tracking_status", "=", "paid"), ("paid_how", "in", ("bank", "online", "registered"))]),
    ),
}
# A transaction that commits late brings events of before the last look: look back a little, runs are unique.
OVERLAP = datetime.timedelta(days=1)
BATCH = 200


class TrackingAction(models.Model):
    _name = "tracking.action"
    _description = "Follow-up of an Invoice"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: every company.")
    situation = fields.Selection(
        [
            ("created_not_sent", "Created and not sent"),
            ("no_address", "No usable e-mail address"),
            ("bounced", "The mail came back"),
            ("refused", "The mail was refused"),
            ("not_sent", "Sending failed"),
            ("not_opened", "Sent and not opened"),
            ("sla_broken", "No answer in time"),
            ("opened_not_paid", "Opened and not paid"),
            ("due_soon", "Due soon"),
            ("partial", "Partially paid"),
            ("overdue", "Overdue"),
            ("paid", "Paid"),
        ],
        "When",
        required=True,
    )
    delay = fields.Integer("After", help="The situation has to last this long.")
    delay_unit = fields.Selection([("hours", "hours"), ("days", "days")], required=True, default="days")
    minimum = fields.Monetary(help="Only invoices with at least this open, in the company's currency.")
    customer_kind = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["customer_kind"].selection,
        help="Only customers of this kind.",
    )
    channel = fields.Selection(
        [
            ("note", "Line on the invoice"),
            ("activity", "Task"),
            ("mail", "Mail"),
            ("webhook", "Webhook"),
        ],
        "What",
        required=True,
        default="activity",
    )
    recipient = fields.Selection(
        [
            ("salesperson", "Salesperson of the invoice"),
            ("user", "A certain user"),
            ("customer", "Customer"),
        ],
        "Who",
        required=True,
        default="salesperson",
    )
    user_id = fields.Many2one(
        "res.users", "User", domain="[('share', '=', False)]", help="Also gets what has no salesperson."
    )
    activity_type_id = fields.Many2one("mail.activity.type", ondelete="set null")
    summary = fields.Char(translate=True, help="Heading of the task, the line or the mail.")
    note = fields.Text("What to Do", translate=True)
    mail_template_id = fields.Many2one(
        "mail.template", domain="[('model', '=', 'account.move')]", ondelete="restrict"
    )
    webhook_url = fields.Char("Address", groups="invoice_to_cash.group_manager")
    webhook_secret = fields.Char(
        "Secret",
        groups="invoice_to_cash.group_manager",
        default=lambda self: secrets.token_urlsafe(24),
        copy=False,
        help="Each call is signed with it: X-I2C-Signature is the HMAC-SHA256 of the body, in hexadecimal.",
    )
    checked_until = fields.Datetime(
        required=True,
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        help="What happened before is not followed up: switching an action on starts no flood of tasks.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    run_ids = fields.One2many("tracking.action.run", "action_id")

    _delay_positive = models.Constraint("CHECK (delay >= 0)", "The time to wait cannot be negative.")

    @api.depends_context("company")
    @api.depends("company_id")
    def _compute_currency_id(self):
        for action in self:
            action.currency_id = (action.company_id or self.env.company).currency_id

    @api.constrains("channel", "recipient", "mail_template_id", "webhook_url", "user_id")
    def _check_complete(self):
        for action in self:
            if action.channel == "webhook" and not (action.sudo().webhook_url or "").startswith(
                ("https://", "http://")
            ):
                raise ValidationError(
                    self.env._("%s: a webhook needs an address that begins with https://.", action.name)
                )
            if (
                action.channel == "mail"
                and action.recipient == "customer"
                and not action.sudo().mail_template_id
            ):
                raise ValidationError(self.env._("%s: a mail to the customer needs a template.", action.name))
            if action.channel in ("activity", "note") and action.recipient == "customer":
                raise ValidationError(
                    self.env._("%s: a customer can be told by mail or webhook only.", action.name)
                )
            if action.recipient == "user" and not action.user_id:
                raise ValidationError(self.env._("%s: which user is to be told?", action.name))

    def write(self, vals):
        if vals.get("active") or vals.keys() & {"situation"}:
            # It begins now, as a new one does.
            vals = {**vals, "checked_until": fields.Datetime.now()}
        return super().write(vals)

    # --- who and when -----------------------------------------------------------
    def _get_delay(self) -> datetime.timedelta:
        return datetime.timedelta(**{self.delay_unit: self.delay})

    def _get_due(self, company, now):
        """The invoices of a company for which this is due now: {invoice: occurrence}. Two queries."""
        self.ensure_one()
        kind, _domain = SITUATIONS[self.situation]
        self.env["tracking.action.run"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.move_id, MAX(event.id)
                  FROM invoice_tracking_event event
                 WHERE event.kind = %(kind)s
                   AND event.company_id = %(company)s
                   AND event.moment > %(since)s
                   AND event.moment <= %(until)s
                   AND NOT EXISTS (
                       SELECT FROM tracking_action_run run
                        WHERE run.action_id = %(action)s AND run.move_id = event.move_id
                          AND run.occurrence IN (0, event.id))
                 GROUP BY event.move_id
                """,
                kind=kind,
                company=company.id,
                since=self.checked_until - self._get_delay() - OVERLAP,
                until=now - self._get_delay(),
                action=self.id,
            )
        )
        occurrence = dict(rows)
        moves = self._get_holding(self.env["account.move"].browse(occurrence), company)
        # A second part payment or a second bounce is a second reason; the others are told once and for all.
        repeats = self.situation in ("partial", *UNDELIVERED)
        return {move: occurrence[move.id] if repeats else 0 for move in moves}

    def _get_holding(self, moves, company=None):
        """Those of the invoices for which the reason is still there; one query."""
        domain = SITUATIONS[self.situation][1] & Domain("id", "in", moves.ids)
        if company:
            domain &= Domain("company_id", "=", company.id)
        if self.customer_kind:
            domain &= Domain("commercial_partner_id.customer_kind", "=", self.customer_kind)
        if self.minimum:
            domain &= Domain("amount_residual_signed", ">=", self.minimum)
        found = moves.search(domain) if moves else moves
        return found._filter_not_on_the_spot() if self.situation == "paid" else found

    @api.model
    def _for_company(self, company):
        return self.search([("company_id", "in", (False, company.id))])

    @api.model
    def _run_now(self, moves, situation):
        """Do at once what has no delay: nobody waits an hour to hear that a mail came back."""
        for company, group in moves.grouped("company_id").items():
            for action in self.with_context(lang=company._get_note_language())._for_company(company):
                if action.situation != situation or action.delay:
                    continue
                kind = SITUATIONS[situation][0]
                last = dict(
                    self.env["invoice.tracking.event"]
                    .sudo()
                    ._read_group([("move_id", "in", group.ids), ("kind", "=", kind)], ["move_id"], ["id:max"])
                )
                action._run({move: last.get(move, 0) for move in action._get_holding(group, company)})

    @api.model
    def _cron_run(self):
        """Start what is due, stop what has lost its reason, call the webhooks."""
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        self.env["tracking.action.run"]._stop_gone()
        for company in self.env["res.company"].search([]):
            for action in company._for_job(self)._for_company(company):
                due = list(action._get_due(company, now).items())
                for start in range(0, len(due), BATCH):
                    batch = due[start : start + BATCH]
                    action._run(dict(batch))
                    if not cron._commit_progress(len(batch), remaining=len(due) - start - len(batch)):
                        return
        self.search([]).with_context(active_test=False)._advance(now)
        cron._commit_progress(0)
        self.env["tracking.action.run"]._call_webhooks()

    def _advance(self, now):
        if self:
            self.env.cr.execute(
                "UPDATE tracking_action SET checked_until = %s WHERE id IN %s", [now, tuple(self.ids)]
            )
            self.invalidate_recordset(["checked_until"], flush=False)

    def _run(self, due):
        """Do it for these invoices ({invoice: occurrence}); each once, whoever else is at it."""
        self.ensure_one()
        runs = self.env["tracking.action.run"]._claim(self, due)
        if runs:
            getattr(runs, f"_do_{self.channel}")()
        return runs


class AccountMove(models.Model):
    _inherit = "account.move"

    def _filter_not_on_the_spot(self):
        """Without those paid on the day on which they were made: who pays at once needs no thanks."""
        if not self:
            return self
        self.env["account.partial.reconcile"].flush_model()
        paid_on = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT debit.move_id, MAX(credit.date)
                      FROM account_move_line debit
                      JOIN account_partial_reconcile partial ON partial.debit_move_id = debit.id
                      JOIN account_move_line credit ON credit.id = partial.credit_move_id
                     WHERE debit.move_id IN %s
                     GROUP BY debit.move_id
                    """,
                    tuple(self.ids),
                )
            )
        )
        made = {
            move.id: moment
            for move, moment in self.env["invoice.tracking.event"]
            .sudo()  # sudo: the log of invoices that the caller has
            ._read_group([("move_id", "in", self.ids), ("kind", "=", "created")], ["move_id"], ["moment:min"])
        }

        def day_made(move):
            local = move.with_context(tz=move.company_id.receivables_tz)
            logged = made.get(move.id)
            return max(
                filter(
                    None,
                    (
                        move.invoice_date,
                        logged and fields.Datetime.context_timestamp(local, logged).date(),
                    ),
                )
            )

        return self.filtered(lambda move: move.id in paid_on and paid_on[move.id] > day_made(move))
