from odoo import api, fields, models
from odoo.tools import SQL


class ReceivableKpi(models.Model):
    """The receivables of a company at the end of a day: amounts of the ledger, and the figures from them."""

    _name = "receivable.kpi"
    _description = "Receivables per Day"
    _order = "date desc, company_id"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)

    # Amounts of the ledger, in the company's currency.
    receivable = fields.Monetary("Receivables", currency_field="company_currency_id", readonly=True)
    current = fields.Monetary("Not Due", currency_field="company_currency_id", readonly=True)
    overdue_30 = fields.Monetary("1–30 Days", currency_field="company_currency_id", readonly=True)
    overdue_60 = fields.Monetary("31–60 Days", currency_field="company_currency_id", readonly=True)
    overdue_90 = fields.Monetary("61–90 Days", currency_field="company_currency_id", readonly=True)
    overdue_older = fields.Monetary("Over 90 Days", currency_field="company_currency_id", readonly=True)
    hopeless = fields.Monetary(currency_field="company_currency_id", readonly=True)
    unapplied = fields.Monetary("Unapplied Money", currency_field="company_currency_id", readonly=True)
    sales = fields.Monetary(currency_field="company_currency_id", readonly=True)
    collected = fields.Monetary(currency_field="company_currency_id", readonly=True)
    written_off = fields.Monetary(currency_field="company_currency_id", readonly=True)
    invoices_due = fields.Integer("Invoices Due", readonly=True)
    invoices_in_time = fields.Integer("Paid in Time", readonly=True)
    invoices_paid = fields.Integer("Invoices Paid", readonly=True)
    days_late_total = fields.Integer(
        readonly=True, help="Days late of the invoices paid on this day, together."
    )

    # Of the invoices that fell due: the base of the rates by amount, and what is open of it.
    billed_due = fields.Monetary(
        "Fell Due",
        currency_field="company_currency_id",
        readonly=True,
        help="Invoiced, to be paid on this day.",
    )
    open_month = fields.Monetary(
        "Open of 30 Days",
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
        help="Still open of what fell due in the last 30 days.",
    )
    at_risk = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
        help="Still open of what fell due 91 to 120 days ago.",
    )
    # Customers' payments by bank date, and what the matching made of them.
    payments = fields.Integer(readonly=True)
    payments_untouched = fields.Integer(
        readonly=True, help="Applied in full without anybody looking at them."
    )
    payment_lines = fields.Integer(
        "Paid Items",
        readonly=True,
        help="Invoices and instalments that the payments were for; one if unknown.",
    )
    payment_lines_untouched = fields.Integer("Paid Items Untouched", readonly=True)
    proposals = fields.Integer(
        "Proposals Followed", readonly=True, help="Applied as proposed, by itself or by a person."
    )
    proposals_undone = fields.Integer("Proposals Undone", readonly=True)
    promises_due = fields.Integer("Promises Due", readonly=True)
    promises_kept = fields.Integer("Promises Kept", readonly=True)

    # Figures; NULL in the database where there is no base, so that an average leaves the day out.
    dso = fields.Float("DSO", aggregator="avg", readonly=True)
    dso_count_back = fields.Float("DSO, Count-back", aggregator="avg", readonly=True)
    dso_best = fields.Float("Best Possible DSO", aggregator="avg", readonly=True)
    days_delinquent = fields.Float("Average Days Delinquent", aggregator="avg", readonly=True)
    days_late = fields.Float("Mean Days Late", aggregator="avg", readonly=True)
    effectiveness = fields.Float("Collection Effectiveness", aggregator="avg", readonly=True)
    collection_rate = fields.Float(aggregator="avg", readonly=True)
    share_current = fields.Float("Not Due, Share", aggregator="avg", readonly=True)
    share_young = fields.Float("Up to 30 Days, Share", aggregator="avg", readonly=True)
    share_over_90 = fields.Float("Over 90 Days, Share", aggregator="avg", readonly=True)
    bad_debt_ratio = fields.Float("Bad-debt Ratio", aggregator="avg", readonly=True)
    bad_debt_to_sales = fields.Float("Bad Debt to Sales", aggregator="avg", readonly=True)
    collection_rate_amount = fields.Float(
        "Collection Rate by Amount",
        aggregator="avg",
        readonly=True,
        help="Of the amounts that fell due in the last 30 days, the share that is settled.",
    )
    at_risk_rate = fields.Float(
        "At-risk Rate",
        aggregator="avg",
        readonly=True,
        help="Of the amounts that fell due 91 to 120 days ago, the share that is still open.",
    )
    match_rate = fields.Float(
        "Matched by Itself",
        aggregator="avg",
        readonly=True,
        help="Of the customers' payments of the last 30 days, the share applied in full without a touch.",
    )
    match_rate_lines = fields.Float(
        "Items Matched by Themselves",
        aggregator="avg",
        readonly=True,
        help="Of the invoices paid in the last 30 days, the share applied without a touch.",
    )
    match_precision = fields.Float(
        "Proposals That Stood",
        aggregator="avg",
        readonly=True,
        help="Of the proposals that were followed in the last 90 days, the share that nobody took back.",
    )
    promise_kept_rate = fields.Float(
        "Promises Kept, Share",
        aggregator="avg",
        readonly=True,
        help="Of the promises whose day came in the last 90 days, the share that was kept.",
    )

    _company_date_unique = models.Constraint(
        "UNIQUE (company_id, date)", "There is one row of figures per company and day."
    )


class ReceivableKpiStale(models.Model):
    """Days whose figures changed since they were computed; append-only until the nightly job takes them."""

    _name = "receivable.kpi.stale"
    _description = "Receivables per Day, to Compute Again"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    date = fields.Date(required=True)

    @api.model
    def _mark(self, changes):
        """Remember the earliest past day per company; at most one statement.

        :param changes: pairs (company id, date)
        """
        earliest = {}
        for company, day in changes:
            if company and day:
                earliest[company] = min(day, earliest.get(company, day))
        today = fields.Date.today()  # UTC is near enough: the job does the last two days anyway
        rows = [(company, day) for company, day in earliest.items() if day < today]
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO receivable_kpi_stale (company_id, date) VALUES %s",
                    SQL(", ").join(SQL("(%s, %s)", company, day) for company, day in rows),
                )
            )
