"""What a payer usually does, found every night from the payments of a year."""

import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.payer_habits import Settled, habits_of

WINDOW_DAYS = 365
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
QUOTES = [
    ("code", "Our payment code"),
    ("number", "The number of the invoice"),
    ("order", "The number of the order"),
    ("nothing", "Nothing that helps"),
]
#: What a bank text quoted, by the reason of the match.
QUOTED = {
    "code": ("code",),
    "order": ("order",),
    "number": (
        "number",
        "number_payer",
        "several",
        "instalment",
        "third_party",
        "partial",
        "partial_several",
        "overpaid",
        "tolerance",
        "date_differs",
        "number_unclear",
        "number_short",
        "short_alone",
        "number_typo",
        "number_amount",
        "reference_ambiguous",
        "sum_with_named",
    ),
    "nothing": (
        "amount_unique",
        "amount_ambiguous",
        "sum_unique",
        "amount_by_name",
        "sum_by_name",
        "customer_named",
        "only_open",
        "sum_ambiguous",
        "sum_unproven",
        "amount_differs",
        "oldest_first",
        "amount_only",
        "date_unique",
    ),
}


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    median_days_late = fields.Float("Median Days Late", readonly=True, aggregator="avg")
    recent_days_late = fields.Float(
        "Mean Days Late, 90 Days",
        readonly=True,
        aggregator="avg",
        help="Of what was paid in the last 90 days.",
    )
    pay_trend = fields.Selection(
        [("better", "Faster than before"), ("steady", "As before"), ("worse", "Slower than before")],
        "Trend",
        readonly=True,
        help="The last 90 days against the time before.",
    )
    pay_weekday = fields.Selection(WEEKDAYS, "Pays On", readonly=True)
    share_partial = fields.Float(
        "Paid in Parts",
        readonly=True,
        aggregator="avg",
        help="Invoices paid in several payments, in percent.",
    )
    pay_quotes = fields.Selection(QUOTES, "Quotes", readonly=True)

    def _compute_scores(self, company):
        """Override of analytics: the habits are found in the same night."""
        super()._compute_scores(company)
        self._compute_habits(company)

    def _compute_habits(self, company):
        """Find and store the habits of these profiles; three queries."""
        if not self:
            return
        today = company._receivables_today()
        settled = company._get_settled_invoices(self.partner_id, today)
        quoted = company._get_quoted(self.partner_id, today)
        rows = []
        for profile in self:
            partner = profile.partner_id.id
            found = habits_of(settled.get(partner, ()), quoted.get(partner, {}), today)
            rows.append(
                (
                    profile.id,
                    found.median,
                    found.recent,
                    found.trend,
                    None if found.weekday is None else str(found.weekday),
                    found.share_partial,
                    found.quotes,
                )
            )
        names = (
            "median_days_late",
            "recent_days_late",
            "pay_trend",
            "pay_weekday",
            "share_partial",
            "pay_quotes",
        )
        kinds = ("float8", "float8", "varchar", "varchar", "float8", "varchar")
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE payer_profile profile SET %s FROM (VALUES %s) AS new (id, %s)"
                " WHERE profile.id = new.id",
                SQL(", ").join(
                    SQL("%s = new.%s::%s", SQL.identifier(name), SQL.identifier(name), SQL(kind))
                    for name, kind in zip(names, kinds, strict=True)
                ),
                SQL(", ").join(SQL("(%s)", SQL(", ").join(SQL("%s", v) for v in row)) for row in rows),
                SQL(", ").join(map(SQL.identifier, names)),
            )
        )
        self.invalidate_recordset(names)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.private
    def _get_settled_invoices(self, partners, today) -> dict[int, list[Settled]]:
        """{commercial partner id: what was paid in full during the last year}; one query."""
        self._flush_receivable_ledger()
        result = {}
        for partner, days, day, pieces in self.env.execute_query(
            SQL(
                """
                SELECT customer.commercial_partner_id, applied.day - COALESCE(item.date_maturity, item.date),
                       applied.day, applied.pieces
                  FROM account_move_line item
                  JOIN account_move move ON move.id = item.move_id
                  JOIN res_partner customer ON customer.id = item.partner_id
                  JOIN LATERAL (
                       SELECT MAX(partial.max_date) AS day, COUNT(*) AS pieces
                         FROM account_partial_reconcile partial
                        WHERE partial.debit_move_id = item.id) applied ON applied.day IS NOT NULL
                 WHERE item.company_id = %(company)s AND item.parent_state = 'posted'
                   AND item.account_id IN %(accounts)s AND item.balance > 0 AND item.reconciled
                   AND move.move_type IN ('out_invoice', 'out_receipt')
                   AND customer.commercial_partner_id IN %(partners)s AND applied.day >= %(since)s
                """,
                company=self.id,
                accounts=self._get_receivable_account_ids(),
                partners=tuple(partners.ids),
                since=today - datetime.timedelta(days=WINDOW_DAYS),
            )
        ):
            result.setdefault(partner, []).append(Settled(days, day, pieces))
        return result

    @api.private
    def _get_quoted(self, partners, today) -> dict[int, dict[str, int]]:
        """{commercial partner id: {what was quoted: how often}}; one query."""
        self.env["payment.match"].flush_model()
        kinds = {reason: kind for kind, reasons in QUOTED.items() for reason in reasons}
        result = {}
        for partner, reason, count in self.env.execute_query(
            SQL(
                """
                SELECT customer.commercial_partner_id, match.reason, COUNT(*)
                  FROM payment_match match
                  JOIN account_bank_statement_line line ON line.id = match.statement_line_id
                  JOIN res_partner customer ON customer.id = COALESCE(line.partner_id, match.partner_id)
                 WHERE match.company_id = %(company)s AND match.state = 'applied' AND match.amount > 0
                   AND match.date >= %(since)s AND customer.commercial_partner_id IN %(partners)s
                 GROUP BY 1, 2
                """,
                company=self.id,
                partners=tuple(partners.ids),
                since=today - datetime.timedelta(days=WINDOW_DAYS),
            )
        ):
            if reason in kinds:
                of_partner = result.setdefault(partner, {})
                of_partner[kinds[reason]] = of_partner.get(kinds[reason], 0) + count
        return result
