import dataclasses
import datetime
from decimal import Decimal
from itertools import accumulate

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import metrics

DAYS_PER_BATCH = 92
#: how far back the figures of a day look: the count-back DSO over two years of sales
LOOK_BACK = 730
_FIGURES = tuple(field.name for field in dataclasses.fields(metrics.Figures))
_STOCKS = (
    *("current", "overdue_30", "overdue_60", "overdue_90", "overdue_older"),
    *("hopeless", "unapplied", "open_month", "at_risk"),
)
_AMOUNTS = ("receivable", *_STOCKS, "sales", "collected", "written_off", "billed_due")
_COUNTS = (
    *("invoices_due", "invoices_in_time", "invoices_paid", "days_late_total"),
    *("payments", "payments_untouched", "payment_lines", "payment_lines_untouched"),
    *("proposals", "proposals_undone", "promises_due", "promises_kept"),
)
_COLUMNS = (*_AMOUNTS, *_COUNTS)


class ReceivableKpi(models.Model):
    _inherit = "receivable.kpi"

    @api.model
    def _cron_compute(self):
        """Every company up to its today: what is missing, what is stale, and the last two days."""
        companies = self.env["res.company"].search([])
        waiting = {company: company._get_kpi_start() for company in companies}
        self.env["ir.cron"]._commit_progress(remaining=sum(1 for start in waiting.values() if start))
        for company, start in waiting.items():
            today = company._receivables_today()
            while start and start <= today:
                end = min(start + datetime.timedelta(days=DAYS_PER_BATCH - 1), today)
                self.compute(company, start, end)
                start = end + datetime.timedelta(days=1)
                if start > today:
                    self.env["receivable.dso.change"]._compute_changes(company)
                # A kill here loses nothing: the days that are missing or stale are found again.
                if not self.env["ir.cron"]._commit_progress(int(start > today)):
                    return

    @api.model
    def compute(self, company, date_from, date_to) -> dict:
        """Compute and store the rows of the days from ``date_from`` to ``date_to``.

        Days before that have no row yet are computed too, as every figure looks back.

        :return: {"company_id", "date_from", "date_to", "days"}
        """
        self.check_access("read")
        company = self.env["res.company"].browse(company.id if hasattr(company, "id") else company)
        company.ensure_one()
        company.check_access("read")
        date_from, date_to = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        # sudo: the figures are those of the whole ledger, and only this method writes them.
        kpi, company = self.sudo(), company.sudo()
        stale = company._get_stale_kpi()
        start = min(filter(None, (date_from, company._get_first_kpi_gap())))
        done = {"company_id": company.id, "date_from": start, "date_to": date_to, "days": 0}
        if start > date_to:
            return done
        base = company._get_ledger_days(start, date_to)
        before = kpi._read_days(company, start - datetime.timedelta(days=LOOK_BACK), start)
        days = before + [_to_core(day, values) for day, values in base.items()]
        figures = metrics.daily_figures(days, len(before))
        kpi._upsert(company, base, figures)
        kpi._advance_stale([row for row, day in stale if start <= day <= date_to], company, date_to)
        return {**done, "days": len(base)}

    @api.model
    def _advance_stale(self, stale_ids, company, done_until):
        """What was stale up to a day is now stale from the next day on, or no more."""
        stale = self.env["receivable.kpi.stale"].browse(stale_ids)
        if done_until >= company._receivables_today():
            stale.unlink()
        else:
            stale.write({"date": done_until + datetime.timedelta(days=1)})

    @api.model
    def _read_days(self, company, first, before) -> list:
        rows = self.search_fetch(
            [("company_id", "=", company.id), ("date", ">=", first), ("date", "<", before)],
            ["date", *_COLUMNS],
            order="date",
        )
        return [_to_core(row.date, {name: row[name] for name in _COLUMNS}) for row in rows]

    @api.model
    def _upsert(self, company, base, figures):
        names, now = (*_COLUMNS, *_FIGURES), fields.Datetime.now()
        rows = [
            SQL(
                "(%s)",
                SQL(", ").join(
                    SQL("%s", value)
                    for value in (
                        company.id,
                        day,
                        now,
                        *(values[name] for name in _COLUMNS),
                        *(getattr(figure, name) for name in _FIGURES),
                    )
                ),
            )
            for (day, values), figure in zip(base.items(), figures, strict=True)
        ]
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO receivable_kpi (company_id, date, write_date, %s) VALUES %s "
                "ON CONFLICT (company_id, date) DO UPDATE SET write_date = EXCLUDED.write_date, %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(rows),
                SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in names
                ),
            )
        )
        self.invalidate_model()


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_kpi_start(self):
        """The first day that the nightly job has to compute; None for a company without receivables."""
        self.ensure_one()
        gap = self._get_first_kpi_gap()
        if not gap:
            return None
        yesterday = self._receivables_today() - datetime.timedelta(days=1)
        days = [gap, yesterday, self._get_first_changed_match()]
        return min([*filter(None, days), *(day for _row, day in self._get_stale_kpi())])

    def _get_first_kpi_gap(self):
        """The first day without a row since the ledger began; None for a ledger without receivables.

        A row of an older version, without the columns that came later, counts as missing.
        """
        self._flush_receivable_ledger()
        return self.env.execute_query(
            SQL(
                """
                SELECT COALESCE((SELECT COALESCE(MIN(date) FILTER (WHERE at_risk IS NULL), MAX(date) + 1)
                                   FROM receivable_kpi WHERE company_id = %(company)s),
                                (SELECT MIN(line.date)
                                   FROM account_move_line line
                                  WHERE line.account_id IN (SELECT id FROM account_account
                                                             WHERE account_type = 'asset_receivable')
                                    AND line.parent_state = 'posted' AND line.company_id = %(company)s))
                """,
                company=self.id,
            )
        )[0][0]

    def _get_stale_kpi(self):
        self.env["receivable.kpi.stale"].flush_model()
        return self.env.execute_query(
            SQL("SELECT id, date FROM receivable_kpi_stale WHERE company_id = %s", self.id)
        )

    def _get_ledger_days(self, first, last) -> dict:
        """{day: {column: value}} for each day from ``first`` to ``last``, in a fixed number of queries."""
        number = (last - first).days + 1
        days = {first + datetime.timedelta(days=index): dict.fromkeys(_COLUMNS, 0) for index in range(number)}
        for column, changes in self._get_stock_changes(first, last).items():
            for day, value in zip(days, accumulate(changes.get(day, 0) for day in days), strict=True):
                days[day][column] = value
        for values in days.values():
            values["receivable"] = sum(values[name] for name in _STOCKS[:5])
        for rows in (
            self._get_flows(first, last),
            self._get_due_invoices(first, last),
            self._get_match_counts(first, last),
            self._get_promise_counts(first, last),
        ):
            for day, column, value in rows:
                days[day][column] += value
        return days

    def _get_stock_changes(self, first, last) -> dict:
        """{column: {day: change of its sum at the end of that day}}, the first day holding the whole sum."""
        changes = {}
        for column, day, amount in self.env.execute_query(
            SQL(
                """
                WITH piece AS (%(pieces)s),
                bucket (name, first_age, last_age) AS (
                    VALUES ('current', -1000000, 0), ('overdue_30', 1, 30), ('overdue_60', 31, 60),
                           ('overdue_90', 61, 90), ('overdue_older', 91, 1000000),
                           ('hopeless', %(hopeless)s + 1, 1000000)
                ), cohort (name, first_age, last_age) AS (
                    VALUES ('open_month', 0, 29), ('at_risk', 91, 120)
                ), life AS (
                    SELECT bucket.name, piece.balance,
                           GREATEST(piece.begins, piece.age_from + bucket.first_age, %(first)s) AS begins,
                           LEAST(piece.ends, piece.age_from + bucket.last_age + 1, %(last)s + 1) AS ends
                      FROM piece CROSS JOIN bucket
                     WHERE NOT piece.is_unapplied
                    UNION ALL
                    SELECT cohort.name, piece.balance,
                           GREATEST(piece.begins, piece.date_due + cohort.first_age, %(first)s),
                           LEAST(piece.ends, piece.date_due + cohort.last_age + 1, %(last)s + 1)
                      FROM piece CROSS JOIN cohort
                     WHERE piece.is_invoice
                    UNION ALL
                    SELECT 'unapplied', piece.balance, GREATEST(piece.begins, %(first)s),
                           LEAST(piece.ends, %(last)s + 1)
                      FROM piece
                     WHERE piece.is_unapplied
                )
                SELECT name, begins, SUM(balance) FROM life WHERE begins < ends GROUP BY name, begins
                UNION ALL
                SELECT name, ends, -SUM(balance) FROM life WHERE begins < ends GROUP BY name, ends
                """,
                pieces=self._get_receivable_pieces(first, last),
                first=first,
                last=last,
                hopeless=self.hopeless_days,
            )
        ):
            of_column = changes.setdefault(column, {})
            of_column[day] = of_column.get(day, 0) + amount
        return changes


def _to_core(day, values) -> metrics.Day:
    money = {name: Decimal(str(values[name])) for name in _AMOUNTS}
    return metrics.Day(
        date=day,
        receivable=money["receivable"],
        current=money["current"],
        young=money["current"] + money["overdue_30"],
        old=money["overdue_older"],
        hopeless=money["hopeless"],
        unapplied=-money["unapplied"],
        sales=money["sales"],
        written_off=money["written_off"],
        due=values["invoices_due"],
        in_time=values["invoices_in_time"],
        paid=values["invoices_paid"],
        days_late=values["days_late_total"],
        billed_due=money["billed_due"],
        open_month=money["open_month"],
        at_risk=money["at_risk"],
        payments=values["payments"],
        untouched=values["payments_untouched"],
        lines=values["payment_lines"],
        lines_untouched=values["payment_lines_untouched"],
        proposed=values["proposals"],
        undone=values["proposals_undone"],
        promised=values["promises_due"],
        kept=values["promises_kept"],
    )
