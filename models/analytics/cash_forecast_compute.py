import datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import metrics
from .cash_forecast import PAST_WEEKS

#: how many weeks ahead the errors are kept for
HORIZONS = (1, 4)
_WEEK = datetime.timedelta(weeks=1)
_DAY = datetime.timedelta(days=1)
_ERROR_COLUMNS = ("expected", "p10", "p90", "variance", "by_due", "by_average")


class CashForecast(models.Model):
    _inherit = "cash.forecast"

    @api.model
    def _cron_compute(self):
        """Every company: the past weeks that were not looked at yet, one by one, then the weeks to come."""
        companies = self.env["res.company"].search([])
        waiting = {company: self._get_missing_weeks(company) for company in companies}
        self.env["ir.cron"]._commit_progress(remaining=len(waiting) + sum(map(len, waiting.values())))
        for company, weeks in waiting.items():
            for monday in weeks:
                self._look_back(company, monday)
                # A kill here loses nothing: the weeks that are missing are found again.
                if not self.env["ir.cron"]._commit_progress(1):
                    return
            self.compute(company)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def compute(self, company) -> dict:
        """Write the forecast of a company anew, as of its today.

        :return: {"company_id", "date", "weeks", "items"}
        """
        self.check_access("read")
        company = self.env["res.company"].browse(company.id if hasattr(company, "id") else company)
        company.ensure_one()
        company.check_access("read")
        # sudo: the sums are those of the whole ledger, and only this method writes them.
        this, company = self.sudo(), company.sudo()
        this._update_actuals(company)
        today = company._receivables_today()
        facts = company._get_forecast_facts(today)
        forecast = metrics.forecast_receipts(
            *(facts.items, facts.delays, today, facts.pace),
            widening=this._get_widening(company),
            month_ends=facts.month_ends,
        )
        this._replace(company, today, forecast, facts.rows)
        return {
            "company_id": company.id,
            "date": today,
            "weeks": len(forecast.weeks),
            "items": len(forecast.items),
        }

    @api.model
    def _replace(self, company, today, forecast, rows):
        cr = self.env.cr
        cr.execute(SQL("DELETE FROM cash_forecast WHERE company_id = %s", company.id))
        cr.execute(SQL("DELETE FROM cash_forecast_item WHERE company_id = %s", company.id))
        now, user = fields.Datetime.now(), self.env.uid
        # ON CONFLICT: who finds the rows of a worker that was faster is tried again, not refused.
        columns = (
            *("company_id", "period", "date", "computed_on", "expected", "p10", "p50", "p90"),
            *(*metrics.BASES, "create_uid", "create_date", "write_uid", "write_date"),
        )
        cr.execute_values(
            f"""INSERT INTO cash_forecast ({", ".join(columns)}) VALUES %s
                ON CONFLICT (company_id, period, date) DO UPDATE
                   SET {", ".join(f"{name} = EXCLUDED.{name}" for name in columns[3:])}""",
            [
                (
                    company.id, period, each.start, today, each.mean, each.p10, each.p50, each.p90,
                    *(each.by_basis.get(basis, Decimal(0)) for basis in metrics.BASES),
                    user, now, user, now,
                )
                for period, periods in (("day", forecast.days), ("week", forecast.weeks))
                for each in periods
            ],
            page_size=1000,
        )  # fmt: skip
        cr.execute_values(
            """INSERT INTO cash_forecast_item (company_id, week, line_id, move_id, partner_id, segment_id,
                                               date_due, residual, basis, probability, expected) VALUES %s""",
            (
                (company.id, item.week, item.key, *rows[item.key], item.basis, item.probability, item.amount)
                for item in forecast.items
            ),
            page_size=5000,
        )
        self.invalidate_model()
        self.env["cash.forecast.item"].invalidate_model()

    # -- how wrong it was ---------------------------------------------------
    @api.model
    def _get_missing_weeks(self, company) -> list:
        """The Mondays whose forecast is not kept yet, the oldest first, for a ledger that is old enough."""
        monday = _monday(company._receivables_today())
        oldest = _oldest(monday)
        began, *_rest = self.env.execute_query(
            SQL("SELECT MIN(date) FROM receivable_kpi WHERE company_id = %s", company.id)
        )[0]
        if not began:
            return []
        kept = {
            week
            for (week,) in self.env.execute_query(
                SQL(
                    "SELECT week FROM cash_forecast_error WHERE company_id = %s AND horizon = '1'", company.id
                )
            )
        }
        mondays = [oldest + number * _WEEK for number in range((monday - oldest).days // 7 + 1)]
        return [day for day in mondays if day not in kept and day > began + 4 * _WEEK]

    @api.model
    def _look_back(self, company, monday):
        """Keep what was to be expected at the beginning of a week, by what was known on the day before."""
        # sudo: as in compute().
        company = company.sudo()
        facts = company._get_forecast_facts(monday - _DAY)
        forecast = metrics.forecast_receipts(
            *(facts.items, facts.delays, monday, facts.pace),
            widening=self._get_widening(company, monday),
            weeks=HORIZONS[-1],
            month_ends=facts.month_ends,
        )
        due = self._get_due_of_weeks(company, monday)
        average = self._get_average(company, monday)
        rows = []
        for horizon in HORIZONS:
            week = forecast.weeks[horizon - 1]
            rows.append(
                (
                    company.id, week.start, str(horizon), week.mean, week.p10, week.p90, week.variance,
                    due.get(week.start, 0), average,
                )
            )  # fmt: skip
        self.env.cr.execute_values(
            f"""INSERT INTO cash_forecast_error (company_id, week, horizon, {", ".join(_ERROR_COLUMNS)})
                VALUES %s
                ON CONFLICT (company_id, week, horizon) DO UPDATE
                   SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _ERROR_COLUMNS)}""",
            rows,
        )
        self._update_actuals(company)

    @api.model
    def _get_due_of_weeks(self, company, monday) -> dict:
        """{Monday: what falls due in the week}; invoices that came later count too, which flatters it."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT date_trunc('week', line.date_maturity)::date, SUM(line.balance)
                      FROM account_move_line line
                     WHERE line.company_id = %s AND line.account_id IN %s AND line.parent_state = 'posted'
                       AND line.display_type = 'payment_term' AND line.balance > 0
                       AND line.date_maturity >= %s AND line.date_maturity < %s
                     GROUP BY 1
                    """,
                    company.id,
                    company._get_receivable_account_ids(),
                    monday,
                    monday + HORIZONS[-1] * _WEEK,
                )
            )
        )

    @api.model
    def _get_average(self, company, monday):
        return self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(collected), 0) / %s FROM receivable_kpi
                    WHERE company_id = %s AND date >= %s AND date < %s""",
                PAST_WEEKS,
                company.id,
                monday - PAST_WEEKS * _WEEK,
                monday,
            )
        )[0][0]

    @api.model
    def _update_actuals(self, company):
        """What came in, also by bank files that came late, and which weeks are over and still told."""
        monday = _monday(company._receivables_today())
        self.env["receivable.kpi"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE cash_forecast_error error
                   SET actual = money.amount, missed = ABS(money.amount - error.expected),
                       missed_by_due = ABS(money.amount - error.by_due),
                       missed_by_average = ABS(money.amount - error.by_average),
                       is_inside = money.amount BETWEEN error.p10 AND error.p90,
                       is_over = error.week < %(monday)s AND error.week >= %(monday)s - 7 * %(weeks)s
                  FROM (SELECT old.id, COALESCE(SUM(kpi.collected), 0) AS amount
                          FROM cash_forecast_error old
                          LEFT JOIN receivable_kpi kpi ON kpi.company_id = old.company_id
                               AND kpi.date BETWEEN old.week AND old.week + 6
                         WHERE old.company_id = %(company)s
                         GROUP BY old.id) AS money
                 WHERE money.id = error.id
                """,
                company=company.id,
                monday=monday,
                weeks=PAST_WEEKS,
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM cash_forecast_error WHERE company_id = %s AND week < %s",
                company.id,
                _oldest(monday),
            )
        )
        self.env["cash.forecast.error"].invalidate_model()

    @api.model
    def _get_widening(self, company, before=None) -> float:
        """By how much the past weeks missed more than they said; ``before``: with what was known then."""
        self.env["cash.forecast.error"].flush_model()
        domain = [("company_id", "=", company.id), ("is_over", "=", True)]
        if before:
            domain.append(("week", "<", before))
        return metrics.widening_of(self.env["cash.forecast.error"].search(domain)._to_core())


def _oldest(monday):
    """The first week that has to be looked at, so that both horizons have all their past weeks."""
    return monday - (PAST_WEEKS + HORIZONS[-1] - 1) * _WEEK


def _monday(day):
    return day - datetime.timedelta(days=day.weekday())
