import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

BUCKETS = [
    ("b0", "Not due"),
    ("b1", "1–30 days"),
    ("b2", "31–60 days"),
    ("b3", "61–90 days"),
    ("b4", "Over 90 days"),
    ("b5", "Unapplied money"),
]
#: fields that the journal item itself answers
_OF_ITEMS = {"line_id", "move_id", "company_id", "currency_id", "invoice_date", "date_due", "days"}


class ReceivableAging(models.Model):
    """What was open at the end of a day, item by item.

    The day is ``receivable_as_of`` of the context, today without it. It is part of
    each row's id, as one transaction may look at two days and the cache knows ids only.
    """

    _name = "receivable.aging"
    _description = "Receivables Aging"
    _auto = False
    _order = "days desc, residual desc, id"
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
        as_of = self._get_as_of()
        is_summed = self.env.context.get("aging_is_summed")
        is_changed = companies._is_reconciled_after(as_of)
        pieces = companies._get_receivable_pieces(
            as_of, as_of, is_changed=is_changed, with_settled=bool(is_summed)
        )
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
        if is_summed == "of_items":  # planning the joins would take a tenth of the time of the sum
            return SQL(
                """SELECT line_id, move_id, company_id, currency_id, invoice_date, date_due,
                          CASE WHEN NOT is_unapplied THEN age_from END AS debt_from,
                          %s - age_from AS days, balance AS residual
                     FROM (%s) AS item""",
                as_of,
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
                   CASE WHEN NOT item.is_unapplied THEN item.age_from END AS debt_from,
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

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ) -> list[tuple]:
        by_age = tuple(groupby) == ("bucket",) and tuple(aggregates) == ("residual:sum",)
        if by_age and not (having or offset or limit) and order in (None, "bucket"):
            return self._sum_by_age(domain)
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _sum_by_age(self, domain) -> list[tuple]:
        """What is open per age, as ``_read_group`` would tell it, in two thirds of the time.

        A filter per age costs less than a text per item to group by.
        """
        self.browse().check_access("read")
        rules = Domain.TRUE if self.env.su else self.env["ir.rule"]._compute_domain(self._name, "read")
        asked = (Domain(domain) & Domain(rules)).iter_conditions()
        is_of_items = all(condition.field_expr.partition(".")[0] in _OF_ITEMS for condition in asked)
        aging = self.with_context(aging_is_summed="of_items" if is_of_items else "with_joins")
        query = aging._search(domain)
        if query.is_empty():
            return []
        as_of = self._get_as_of()
        first = [as_of - datetime.timedelta(days=days) for days in (0, 30, 60, 90)]
        ages = {
            "b0": SQL("debt_from >= %s", first[0]),
            "b1": SQL("debt_from < %s AND debt_from >= %s", first[0], first[1]),
            "b2": SQL("debt_from < %s AND debt_from >= %s", first[1], first[2]),
            "b3": SQL("debt_from < %s AND debt_from >= %s", first[2], first[3]),
            "b4": SQL("debt_from < %s", first[3]),
            "b5": SQL("debt_from IS NULL"),
        }
        items = query.select(
            SQL("%s AS debt_from", SQL.identifier(self._table, "debt_from")),
            SQL("%s AS residual", aging._field_to_sql(self._table, "residual", query)),
        )
        # OFFSET 0: otherwise PostgreSQL works out the date of an item once per filter.
        row = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s OFFSET 0) AS item",
                SQL(", ").join(SQL("SUM(residual) FILTER (WHERE %s)", age) for age in ages.values()),
                items,
            )
        )[0]
        return [(key, amount) for key, amount in zip(ages, row, strict=True) if amount is not None]

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
