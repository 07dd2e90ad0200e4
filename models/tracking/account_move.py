from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import statuses

TRACKING_STATUS = [
    ("created", "Created"),
    ("sent", "Sent"),
    ("viewed", "Viewed"),
    ("due_soon", "Due soon"),
    ("partial", "Partially paid"),
    ("overdue", "Overdue"),
    ("paid", "Paid"),
]
BATCH = 500


class AccountMove(models.Model):
    _inherit = "account.move"

    tracking_status = fields.Selection(
        TRACKING_STATUS,
        string="Collection Status",
        compute="_compute_tracking_status",
        store=True,
        index=True,
        copy=False,
        group_expand=True,  # columns in the order of the process
        help="Where the invoice is on its way to the money: created, sent, viewed by the customer, "
        "due soon, partially paid, overdue, paid.",
    )
    status_next_date = fields.Date(
        string="Status Changes On",
        compute="_compute_tracking_status",
        store=True,
        index="btree_not_null",
        copy=False,
        help="The day on which the status changes by itself, if nothing happens before.",
    )
    paid_how = fields.Selection(
        [
            ("bank", "Bank transfer"),
            ("online", "Online payment"),
            ("registered", "Registered payment"),
            ("credit_note", "Credit note"),
            ("write_off", "Write-off"),
            ("reversed", "Reversed"),
        ],
        string="Settled By",
        compute="_compute_tracking_status",
        store=True,
        copy=False,
    )
    sent_at = fields.Datetime(
        copy=False, readonly=True, help="When the first mail with this invoice left successfully."
    )
    first_viewed_at = fields.Datetime(
        "First Viewed", copy=False, readonly=True, help="When the customer first opened the invoice."
    )
    paid_share = fields.Float(
        string="Paid", compute="_compute_paid_share", help="Share of the total that is settled, in percent."
    )
    days_overdue = fields.Integer(compute="_compute_days_overdue")
    tracking_event_ids = fields.One2many("invoice.tracking.event", "move_id", "What happened")

    last_event = fields.Char(
        compute="_compute_last_event", help="What happened last to the invoice, and when."
    )

    @api.depends("tracking_event_ids")
    @api.depends_context("lang", "tz")
    def _compute_last_event(self):
        latest = self.env["invoice.tracking.event"]._get_latest("move_id", self._origin.ids)
        for move in self:
            move.last_event = latest.get(move._origin.id, {}).get("text", False)

    @api.depends("amount_total", "amount_residual")
    def _compute_paid_share(self):
        for move in self:
            settled = move.amount_total - move.amount_residual
            move.paid_share = 100.0 * settled / move.amount_total if move.amount_total else 0.0

    @api.depends("invoice_date_due", "tracking_status")
    def _compute_days_overdue(self):
        today = {company: company._receivables_today() for company in self.company_id}
        for move in self:
            is_late = move.tracking_status == "overdue" and move.invoice_date_due
            dates = [
                line.date_maturity
                for line in (move.line_ids if is_late else ())
                if line.account_type == "asset_receivable" and not line.reconciled and line.date_maturity
            ]
            first = min(dates, default=move.invoice_date_due)
            move.days_overdue = max((today[move.company_id] - first).days, 0) if is_late and first else 0

    @api.depends(
        "state",
        "move_type",
        "payment_state",
        "amount_residual",
        "amount_total",
        "sent_at",
        "first_viewed_at",
        "line_ids.date_maturity",
        "line_ids.amount_residual_currency",
    )
    def _compute_tracking_status(self):
        invoices = self.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
        others = self - invoices
        others.tracking_status = others.status_next_date = others.paid_how = False
        if not invoices:
            return
        today = {company: company._receivables_today() for company in invoices.company_id}
        for move in invoices:
            status, change = statuses.status(
                move._get_status_facts(), today[move.company_id], move.company_id.receivables_due_soon_days
            )
            move.tracking_status = status
            move.status_next_date = change
        paid = invoices.filtered(lambda move: move.tracking_status == "paid")
        (invoices - paid).paid_how = False
        how = paid._get_paid_how()
        for move in paid:
            move.paid_how = how.get(move._origin.id, "write_off" if move.amount_total else False)
        invoices._log_status_changes()

    def _get_status_facts(self) -> statuses.InvoiceFacts:
        self.ensure_one()
        round_ = self.currency_id.round
        open_due_dates = tuple(
            line.date_maturity or self.invoice_date_due or self.date
            for line in self.line_ids
            if line.account_type == "asset_receivable"
            and not self.currency_id.is_zero(line.amount_residual_currency)
        )
        return statuses.InvoiceFacts(
            total=Decimal(str(round_(self.amount_total))),
            residual=Decimal(str(round_(self.amount_residual))),
            open_due_dates=open_due_dates,
            is_sent=bool(self.sent_at),
            is_viewed=bool(self.first_viewed_at),
        )

    def _get_paid_how(self) -> dict[int, str]:
        """What settled most of each invoice, by move id; one query."""
        if not self.ids:
            return {}
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move"].flush_model(["move_type", "reversed_entry_id", "statement_line_id"])
        rows = self.env.execute_query(
            SQL(
                """
                -- Step by step: in a transaction that has just written its rows the planner
                -- knows nothing of their number and would join everything with everything.
                WITH debit AS MATERIALIZED (
                    SELECT id, move_id FROM account_move_line WHERE move_id IN %s
                ), settled AS MATERIALIZED (
                    SELECT partial.id, partial.amount, partial.credit_move_id, debit.move_id
                      FROM debit
                      JOIN account_partial_reconcile partial ON partial.debit_move_id = debit.id
                ), other AS MATERIALIZED (
                    SELECT settled.*, credit.move_id AS other_id
                      FROM settled
                      JOIN account_move_line credit ON credit.id = settled.credit_move_id
                )
                SELECT DISTINCT ON (other.move_id) other.move_id,
                       CASE WHEN move.statement_line_id IS NOT NULL THEN 'bank'
                            WHEN payment.payment_transaction_id IS NOT NULL THEN 'online'
                            WHEN move.origin_payment_id IS NOT NULL THEN 'registered'
                            WHEN move.reversed_entry_id = other.move_id THEN 'reversed'
                            WHEN move.move_type = 'out_refund' THEN 'credit_note'
                            ELSE 'write_off' END
                  FROM other
                  JOIN account_move move ON move.id = other.other_id
                  LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
                 ORDER BY other.move_id, other.amount DESC, other.id
                """,
                tuple(self.ids),
            )
        )
        return dict(rows)

    def _recompute_tracking_status(self):
        for name in ("tracking_status", "status_next_date", "paid_how"):
            self.env.add_to_compute(self._fields[name], self)
        self.flush_recordset(["tracking_status", "status_next_date", "paid_how"])
