"""The figures of the overview: value, change, trend and target of each card."""

import datetime
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import metrics

#: figure -> (column of receivable.kpi, unit)
CARDS = {
    "dso": ("dso", "days"),
    "share_young": ("share_young", "share"),
    "share_over_90": ("share_over_90", "share"),
    "collection_rate": ("collection_rate", "share"),
    "bad_debt_ratio": ("bad_debt_ratio", "share"),
    "effectiveness": ("effectiveness", "share"),
    "match_rate": ("match_rate", "share"),
    "match_precision": ("match_precision", "share"),
    "promise_kept_rate": ("promise_kept_rate", "share"),
}
#: figures that a person would rather see fall
_FALLING = {"dso", "share_over_90", "bad_debt_ratio", "reconciling_hours"}


class ReceivableKpi(models.Model):
    _inherit = "receivable.kpi"

    @api.model
    def _get_month_ends(self, company, today) -> list[dict]:
        """The rows of the last 12 month ends and the last day; a figure without a base is None."""
        ends = [
            today.replace(day=1) - relativedelta(months=back) - datetime.timedelta(days=1)
            for back in range(12)
        ]
        names = (
            "date",
            "receivable",
            *(column for column, _unit in CARDS.values()),
            "dso_count_back",
            "dso_best",
        )
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT %(columns)s FROM receivable_kpi
                    WHERE company_id = %(company)s
                      AND (date IN %(ends)s
                           OR date = (SELECT MAX(date) FROM receivable_kpi WHERE company_id = %(company)s))
                    ORDER BY date""",
                columns=SQL(", ").join(map(SQL.identifier, names)),
                company=company.id,
                ends=tuple(ends),
            )
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    @api.model
    def _get_card(self, key, trend) -> dict:
        column, unit = CARDS.get(key, (None, "hours"))
        target = metrics.TARGETS.get(key)
        value = trend[-1] if trend else None
        before = trend[-2] if len(trend) > 1 else None
        return {
            "key": key,
            "column": column,
            "unit": unit,
            "value": value,
            "change": None if value is None or before is None else value - before,
            "better": "down" if key in _FALLING else "up",
            "trend": trend,
            # Time is personal: not everybody who reads figures may open its list.
            "opens": key != "reconciling_hours" or self.env["reconciling.time"].has_access("read"),
            "good": target and float(target.good),
            "alarm": target and float(target.alarm),
            "grade": metrics.grade(None if value is None else Decimal(str(value)), target)
            if target
            else "none",
        }

    @api.model
    def _get_reconciling_hours(self, company, today) -> list:
        """Active hours per full month of the last year, where there were any; the oldest first."""
        month = today.replace(day=1)
        # sudo: sums over all people, nobody's own time.
        rows = (
            self.env["reconciling.time"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("month", ">=", month - relativedelta(months=12)),
                    ("month", "<", month),
                ],
                ["month:month"],
                ["seconds:sum"],
                order="month:month",
            )
        )
        return [float(metrics.reconciling_hours([seconds])) for _month, seconds in rows]

    @api.model
    def _get_cash_freed(self, history) -> dict | None:
        """Money that the change of the DSO since the first month of the history has set free."""
        known = [row for row in history if row["dso"]]
        if len(known) < 2:
            return None
        first, last = known[0], known[-1]
        # What is open / its days of sales = the sales of a day.
        sales = Decimal(str(last["receivable"])) / Decimal(str(last["dso"]))
        won = Decimal(str(first["dso"])) - Decimal(str(last["dso"]))
        return {
            "since": fields.Date.to_string(first["date"]),
            "days": float(won),
            "amount": float(metrics.cash_freed(won, sales, 1)),
        }


def number(value):
    return None if value is None else float(value)
