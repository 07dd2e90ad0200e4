"""What the forecast needs to know of the ledger as of a day: one query per kind of fact."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core import metrics
from ...core.metrics import delays

#: days of history that the habits are learned from
HISTORY = 365
#: full weeks whose billing is the pace
PACE_WEEKS = 13


@dataclass(frozen=True, slots=True)
class Facts:
    """``rows``: line id -> (move id, commercial partner id, segment id, due date, open amount)."""

    items: list
    rows: dict
    delays: delays.DelayModel
    pace: metrics.Pace | None
    month_ends: metrics.MonthEnds


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_forecast_facts(self, as_of: datetime.date) -> Facts:
        """All that was known at the end of the day, in a fixed number of queries."""
        self.ensure_one()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        since = as_of - datetime.timedelta(days=HISTORY)
        rows, items, credits, observed = {}, [], {}, []
        by_invoice_age = []
        today = self._receivables_today()
        disputed = self._get_disputed_until(today) if as_of >= today else {}
        agreed = self._get_agreed_dates(as_of)
        for line, move, partner, segment, issued, due, balance, share in self._get_open_of_day(as_of):
            balance = Decimal(str(balance))  # execute_query gives floats
            if balance < 0:
                credits[partner] = credits.get(partner, Decimal(0)) - balance
                continue
            rows[line] = (move, partner, segment, due, balance)
            items += _split(line, partner, segment, due, balance, agreed.get(line), disputed.get(move), as_of)
            if issued is not None:  # an invoice; other debts say nothing about delays
                entry = max(issued, since)
                observed.append(
                    delays.Observed(
                        partner, segment, (entry - due).days, (as_of - due).days, False, float(share)
                    )
                )
                by_invoice_age.append(
                    delays.Observed(0, 0, (entry - issued).days, (as_of - issued).days, False, float(balance))
                )
        runs = []
        for row in self._get_settled(since, as_of):
            partner, segment, entry, end, cut, paid, near_month_end, weight, amount = row
            if paid:
                runs.append((partner, near_month_end, float(weight), float(amount)))
            observed.append(delays.Observed(partner, segment, entry, end, paid, float(weight)))
            by_invoice_age.append(delays.Observed(0, 0, cut, cut + end - entry, paid, float(amount)))
        weekly, squares = self._get_weekly_billing(as_of)
        pace = None
        if weekly:
            table = delays.DelayModel(by_invoice_age).table(0)
            pace = metrics.Pace(weekly, squares, table)
        return Facts(
            metrics.net_of_credits(items, credits),
            rows,
            delays.DelayModel(observed),
            pace,
            metrics.month_end_payers(runs),
        )

    def _get_open_of_day(self, as_of):
        """(line, move, customer, segment, invoice date or None, due date, open amount, open share)."""
        return self.env.execute_query(
            SQL(
                """
                SELECT piece.line_id, piece.move_id, partner.commercial_partner_id,
                       (SELECT profile.segment_id FROM payer_profile profile
                         WHERE profile.partner_id = partner.commercial_partner_id
                           AND profile.company_id = %(company)s),
                       CASE WHEN line.display_type = 'payment_term' THEN piece.invoice_date END,
                       piece.date_due, SUM(piece.balance), SUM(piece.balance) / NULLIF(line.balance, 0)
                  FROM (%(pieces)s) AS piece
                  JOIN account_move_line line ON line.id = piece.line_id
                  LEFT JOIN res_partner partner ON partner.id = piece.partner_id
                 GROUP BY piece.line_id, piece.move_id, partner.commercial_partner_id, line.display_type,
                          line.balance, piece.invoice_date, piece.date_due
                HAVING SUM(piece.balance) != 0
                """,
                company=self.id,
                pieces=self._get_receivable_pieces(as_of, as_of),
            )
        )

    def _get_settled(self, since, as_of):
        """What was settled in the time, as counts: (customer, segment, first and last day from the due date,
        days from the invoice to the first, whether by money, whether near the end of a month, positions,
        amount)."""
        return self.env.execute_query(
            SQL(
                """
                WITH settled AS (
                    SELECT partner.commercial_partner_id AS partner_id,
                           COALESCE(line.invoice_date, line.date) AS issued,
                           COALESCE(line.date_maturity, line.date) AS due, partial.max_date AS day,
                           journal.type IN ('bank', 'cash', 'credit') AS paid,
                           partial.amount, partial.amount / line.balance AS share
                      FROM account_partial_reconcile partial
                      JOIN account_move_line line ON line.id = partial.debit_move_id
                      JOIN account_move_line other ON other.id = partial.credit_move_id
                      JOIN account_journal journal ON journal.id = other.journal_id
                      LEFT JOIN res_partner partner ON partner.id = line.partner_id
                     WHERE partial.max_date > %(since)s AND partial.max_date <= %(as_of)s
                       AND line.company_id = %(company)s AND line.account_id IN %(accounts)s
                       AND line.display_type = 'payment_term' AND line.balance > 0
                       AND line.parent_state = 'posted'
                )
                SELECT settled.partner_id, profile.segment_id,
                       LEAST(GREATEST(issued, %(since)s), day) - due, day - due,
                       LEAST(GREATEST(%(since)s - issued, 0), GREATEST(day - issued, 0)), paid,
                       EXTRACT(DAY FROM day + %(near)s + 1) <= 2 * %(near)s + 1, SUM(share), SUM(amount)
                  FROM settled
                  LEFT JOIN payer_profile profile
                         ON profile.partner_id = settled.partner_id AND profile.company_id = %(company)s
                 GROUP BY 1, 2, 3, 4, 5, 6, 7
                """,
                company=self.id,
                accounts=self._get_receivable_account_ids(),
                since=since,
                as_of=as_of,
                near=metrics.NEAR_MONTH_END,
            )
        )

    def _get_weekly_billing(self, as_of):
        """(net billing of the past weeks, the oldest first, mean sum of squares of a week's positions)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT (%(as_of)s - line.date) / 7, SUM(line.balance),
                       SUM(line.balance ^ 2) FILTER (WHERE line.balance > 0)
                  FROM account_move_line line
                 WHERE line.company_id = %(company)s AND line.account_id IN %(accounts)s
                   AND line.parent_state = 'posted' AND line.display_type = 'payment_term'
                   AND line.date <= %(as_of)s AND line.date > %(as_of)s - %(days)s
                 GROUP BY 1
                """,
                company=self.id,
                accounts=self._get_receivable_account_ids(),
                as_of=as_of,
                days=7 * PACE_WEEKS,
            )
        )
        if not rows:
            return (), 0.0
        number = max(back for back, _amount, _squares in rows) + 1  # a young ledger has fewer weeks
        amounts = {back: amount for back, amount, _squares in rows}
        squares = sum(float(square or 0) for _back, _amount, square in rows) / number
        weekly = tuple(Decimal(str(amounts.get(back, 0))) for back in reversed(range(number)))
        return weekly, squares

    def _get_disputed_until(self, today) -> dict:
        """{invoice id: (the disputed share of what is open, the day by which that is to be decided)}."""
        result = {}
        # sudo: amounts and deadlines of the company's disputes, for sums.
        for dispute in (
            self.env["invoice.dispute"]
            .sudo()
            .search_fetch(
                [("company_id", "=", self.id), ("state", "=", "open")], ["move_id", "amount", "deadline"]
            )
        ):
            residual = dispute.move_id.amount_residual
            if residual <= 0:
                continue
            share, until = result.get(dispute.move_id.id, (Decimal(0), today))
            share += Decimal(str(dispute.amount)) / Decimal(str(residual))
            result[dispute.move_id.id] = (min(share, Decimal(1)), max(until, dispute.deadline or today))
        return result

    def _get_agreed_dates(self, as_of) -> dict:
        """{journal item id: [(kind, day, amount, probability that it is kept)]} of promises and plans."""
        return {}


def _split(line, partner, segment, due, balance, agreed, disputed, as_of):
    """The items of one position: what is promised, what is planned, what is disputed and the rest."""
    rest = balance
    for kind, day, amount, kept in agreed or ():
        part = min(amount, rest)
        if part > 0 and day >= as_of:
            rest -= part
            yield metrics.OpenItem(
                line,
                partner,
                segment,
                due,
                part,
                promised=day if kind == "promise" else None,
                planned=day if kind == "plan" else None,
                kept=kept,
            )
    if disputed and rest > 0:
        share, until = disputed
        part = min((balance * share).quantize(Decimal("0.01")), rest)
        if part > 0:
            rest -= part
            # The clock of what is disputed stands until it is to be decided.
            wait = max((until - max(due, as_of)).days, 0)
            yield metrics.OpenItem(line, partner, segment, due, part, late=wait)
    if rest > 0:
        yield metrics.OpenItem(line, partner, segment, due, rest)
