"""Why the DSO changed: what each customer owed on two days, and the steps between them."""

import datetime
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import metrics
from ...core.metrics.daily import WINDOW

STEPS = [
    ("before", "DSO before"),
    ("mix", "Mix of customers"),
    ("terms", "Payment terms"),
    ("lateness", "Lateness"),
    ("disputes", "Disputes"),
    ("unapplied", "Money not applied"),
    ("write_off", "Write-offs"),
    ("after", "DSO after"),
]
#: what the nightly job explains: key -> how far back
SPANS = {
    "month": relativedelta(days=30),
    "quarter": relativedelta(days=91),
    "year": relativedelta(years=1),
}


class DsoChange(models.Model):
    """One step of the change of the DSO until today; written anew every night."""

    _name = "receivable.dso.change"
    _description = "Change of the DSO"
    _order = "company_id, span, sequence"
    _rec_name = "step"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    span = fields.Selection(
        [("month", "30 days"), ("quarter", "A quarter"), ("year", "A year")], required=True, readonly=True
    )
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    sequence = fields.Integer(readonly=True)
    step = fields.Selection(STEPS, required=True, readonly=True)
    days = fields.Float(
        readonly=True, digits=(16, 2), help="Days of DSO; the first and the last row are the DSO itself."
    )

    _step_unique = models.UniqueIndex("(company_id, span, step)")

    @api.model
    def _compute_changes(self, company):
        """Explain the change of each span until the company's today."""
        today = company._receivables_today()
        after = company._get_owed(today)
        rows = []
        for span, back in SPANS.items():
            first = today - back
            found = company._explain_dso(first, today, after)
            if found:
                rows += [
                    {
                        "company_id": company.id,
                        "span": span,
                        "date_from": first,
                        "date_to": today,
                        "sequence": index,
                        "step": step,
                        "days": days,
                    }
                    for index, (step, days) in enumerate(found)
                ]
        # sudo: the steps are sums over the whole ledger, and only this method writes them.
        changes = self.sudo()
        changes.search([("company_id", "=", company.id)]).unlink()
        changes.create(rows)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _explain_dso(self, first, last, after=None) -> list[tuple[str, float]]:
        """[(step, days)] from the DSO of one day to that of another; empty where one has no sales."""
        self.ensure_one()
        began = self._get_sales_began()
        if not began:
            return []
        lengths = [min(WINDOW, (day - began).days + 1) for day in (first, last)]
        if min(lengths) < 1:
            return []
        after = dict(self._get_owed(last) if after is None else after)
        for partner, amount in self._get_written_off(first, last).items():
            owed = after.get(partner, metrics.Owed())
            after[partner] = metrics.Owed(
                owed.sales, owed.current, owed.late, owed.disputed, owed.unapplied, amount
            )
        found = metrics.explain_change(self._get_owed(first), after, lengths[1], lengths[0])
        if not found:
            return []
        steps = [("before", found.before), *found.steps.items(), ("after", found.after)]
        return [(step, float(days)) for step, days in steps]

    def _get_sales_began(self):
        return self.env.execute_query(
            SQL(
                """SELECT MIN(date) FROM account_move_line
                    WHERE company_id = %s AND account_id IN %s AND parent_state = 'posted'""",
                self.id,
                self._get_receivable_account_ids(),
            )
        )[0][0]

    def _get_owed(self, day: datetime.date) -> dict:
        """{commercial partner id: Owed} at the end of the day, in four queries."""
        self.ensure_one()
        pieces = self._get_receivable_pieces(day, day)
        owed = {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id,
                       SUM(balance) FILTER (WHERE NOT is_unapplied AND age_from >= %(day)s),
                       SUM(balance) FILTER (WHERE NOT is_unapplied AND age_from < %(day)s),
                       -SUM(balance) FILTER (WHERE is_unapplied)
                  FROM (%(pieces)s) AS piece LEFT JOIN res_partner partner ON partner.id = piece.partner_id
                 GROUP BY 1
                """,
                day=day,
                pieces=pieces,
            )
        )
        for partner, current, late, unapplied in rows:
            owed[partner] = [_decimal(current), _decimal(late), Decimal(0), _decimal(unapplied)]
        for partner, current, late, disputed in self._get_disputed_of_day(day, pieces):
            of_partner = owed[partner]
            # What is disputed is taken off what is late first: that is what the dispute holds up.
            from_late = min(_decimal(disputed), max(_decimal(late), Decimal(0)))
            from_current = min(_decimal(disputed) - from_late, max(_decimal(current), Decimal(0)))
            of_partner[0] -= from_current
            of_partner[1] -= from_late
            of_partner[2] += from_late + from_current
        sales = self._get_sales_by_customer(day)
        return {
            partner: metrics.Owed(_decimal(sales.get(partner)), *owed.get(partner, [Decimal(0)] * 4))
            for partner in owed.keys() | sales.keys()
        }

    def _get_disputed_of_day(self, day, pieces) -> list:
        """(customer, not due, late, disputed) of each invoice that was disputed on the day."""
        self.env["invoice.dispute"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                WITH disputed AS (
                    SELECT dispute.move_id,
                           SUM(dispute.amount * ABS(move.amount_total_signed)
                               / NULLIF(ABS(move.amount_total), 0)) AS amount
                      FROM invoice_dispute dispute JOIN account_move move ON move.id = dispute.move_id
                     WHERE dispute.company_id = %(company)s AND dispute.date <= %(day)s
                       AND (dispute.state = 'open' OR dispute.resolved_at::date > %(day)s)
                     GROUP BY dispute.move_id
                )
                SELECT partner.commercial_partner_id,
                       SUM(piece.balance) FILTER (WHERE age_from >= %(day)s),
                       SUM(piece.balance) FILTER (WHERE age_from < %(day)s), ROUND(disputed.amount, 2)
                  FROM (%(pieces)s) AS piece
                  JOIN disputed ON disputed.move_id = piece.move_id
                  LEFT JOIN res_partner partner ON partner.id = piece.partner_id
                 WHERE NOT piece.is_unapplied
                 GROUP BY piece.move_id, partner.commercial_partner_id, disputed.amount
                """,
                company=self.id,
                day=day,
                pieces=pieces,
            )
        )

    def _get_sales_by_customer(self, day) -> dict:
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT partner.commercial_partner_id, SUM(line.balance)
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                      LEFT JOIN res_partner partner ON partner.id = line.partner_id
                     WHERE line.company_id = %(company)s AND line.account_id IN %(accounts)s
                       AND line.parent_state = 'posted'
                       AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                       AND line.date > %(day)s - %(window)s AND line.date <= %(day)s
                     GROUP BY 1
                    """,
                    company=self.id,
                    accounts=self._get_receivable_account_ids(),
                    day=day,
                    window=WINDOW,
                )
            )
        )

    def _get_written_off(self, first, last) -> dict:
        """{customer: written off after the first day until the last}."""
        if not self.match_write_off_account_id:
            return {}
        return {
            partner: _decimal(amount)
            for partner, amount in self.env.execute_query(
                SQL(
                    """
                    SELECT partner.commercial_partner_id, SUM(line.balance)
                      FROM account_move_line line
                      LEFT JOIN res_partner partner ON partner.id = line.partner_id
                     WHERE line.company_id = %(company)s AND line.account_id = %(account)s
                       AND line.parent_state = 'posted' AND line.date > %(first)s AND line.date <= %(last)s
                     GROUP BY 1
                    """,
                    company=self.id,
                    account=self.match_write_off_account_id.id,
                    first=first,
                    last=last,
                )
            )
        }


def _decimal(value) -> Decimal:
    return Decimal(str(value or 0))
