import datetime

from odoo import fields, models
from odoo.tools import SQL

BUCKETS = [
    ("b0", "Not due"),
    ("b1", "1–30 days"),
    ("b2", "31–60 days"),
    ("b3", "61–90 days"),
    ("b4", "Over 90 days"),
    ("b5", "Unapplied money"),
]


class ReceivableAging(models.Model):
    """What was open at the end of a day, item by item.

    The day is ``receivable_as_of`` of the context, today without it. It is part of
    each row's id, as one transaction may look at two days and the cache knows ids only.
    """

    _name = "receivable.aging"
    _description = "Receivables Aging"
    _auto = False
    _order = "days desc, date_due, id"
    _rec_name = "move_id"

    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", "Company Currency", readonly=True)
    move_id = fields.Many2one("account.move", "Document", readonly=True)
    line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    segment_id = fields.Many2one("payer.segment", "Segment", readonly=True)
    kind = fields.Selection(
        [
            ("invoice", "Invoice"),
            ("credit_note", "Credit note"),
            ("unapplied", "Unapplied money"),
            ("other", "Other"),
        ],
        readonly=True,
    )
    invoice_date = fields.Date("Date", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    days = fields.Integer("Age in Days", aggregator="max", readonly=True)
    bucket = fields.Selection(BUCKETS, "Age", readonly=True)
    residual = fields.Monetary("Open", currency_field="company_currency_id", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    residual_currency = fields.Monetary("Open in Currency", readonly=True, aggregator=None)

    _depends = {
        "account.move": ["move_type", "invoice_date", "invoice_user_id", "state"],
        "account.move.line": [
            "account_id", "amount_residual", "amount_residual_currency", "balance", "company_id",
            "currency_id", "date", "date_maturity", "move_id", "parent_state", "partner_id", "reconciled",
        ],
        "account.partial.reconcile": [
            "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id",
            "max_date",
        ],
        "payer.profile": ["company_id", "partner_id", "segment_id"],
        "res.company": ["aging_basis", "currency_id"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    def _get_as_of(self):
        day = fields.Date.to_date(self.env.context.get("receivable_as_of"))
        return day or self.env.company._receivables_today()

    @property
    def _table_query(self):
        companies = self.env.companies
        companies.fetch(["aging_basis", "receivables_tz"])  # not the hundred other columns
        as_of = self._get_as_of()
        is_changed = companies._is_reconciled_after(as_of)
        pieces = companies._get_receivable_pieces(as_of, as_of, is_changed=is_changed)
        if is_changed:
            pieces = SQL(
                """SELECT line_id, move_id, company_id, partner_id, currency_id, invoice_date, date_due,
                          age_from, is_unapplied, SUM(balance) AS balance,
                          SUM(amount_currency) AS amount_currency
                     FROM (%s) AS piece
                    GROUP BY line_id, move_id, company_id, partner_id, currency_id, invoice_date, date_due,
                             age_from, is_unapplied
                   HAVING SUM(balance) != 0 OR SUM(amount_currency) != 0""",
                pieces,
            )
        # LEFT JOINs on unique columns: PostgreSQL leaves out those that a query does not ask of.
        return SQL(
            """
            SELECT item.line_id + %(day)s::bigint * 4294967296 AS id,
                   item.line_id, item.move_id, item.company_id, company.currency_id AS company_currency_id,
                   partner.commercial_partner_id AS partner_id, move.invoice_user_id AS user_id,
                   (SELECT profile.segment_id FROM payer_profile profile
                     WHERE profile.partner_id = partner.commercial_partner_id
                       AND profile.company_id = item.company_id) AS segment_id,
                   CASE WHEN item.is_unapplied THEN 'unapplied'
                        WHEN move.move_type = 'out_refund' THEN 'credit_note'
                        WHEN move.move_type = 'entry' THEN 'other'
                        ELSE 'invoice' END AS kind,
                   item.invoice_date, item.date_due,
                   %(as_of)s - item.age_from AS days,
                   CASE WHEN item.is_unapplied THEN 'b5'
                        WHEN item.age_from >= %(as_of)s THEN 'b0'
                        WHEN item.age_from >= %(over_30)s THEN 'b1'
                        WHEN item.age_from >= %(over_60)s THEN 'b2'
                        WHEN item.age_from >= %(over_90)s THEN 'b3'
                        ELSE 'b4' END COLLATE "C" AS bucket,
                   item.balance AS residual, item.currency_id, item.amount_currency AS residual_currency
              FROM (%(pieces)s) AS item
              LEFT JOIN account_move move ON move.id = item.move_id
              LEFT JOIN res_company company ON company.id = item.company_id
              LEFT JOIN res_partner partner ON partner.id = item.partner_id
            """,
            pieces=pieces,
            as_of=as_of,
            day=as_of.toordinal(),
            # Dates against constants, and keys compared byte by byte: half the time of a sum by bucket.
            over_30=as_of - datetime.timedelta(days=30),
            over_60=as_of - datetime.timedelta(days=60),
            over_90=as_of - datetime.timedelta(days=90),
        )

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
